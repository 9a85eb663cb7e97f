import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import type { OpenApiEntry } from "../../../config/agent/tools-schema.js";
import { ConfigError } from "../../../core/errors.js";
import { contentHash } from "../../../core/hash.js";
import { didYouMean, listNames } from "../../../core/nearest.js";
import type { OpenedTools, ToolSourceContext } from "../agent-tools.js";
import { policyOf } from "../policy-of-config.js";
import type { Tool } from "../tool.js";
import type { ToolPolicy } from "../tool-policy.js";
import { type OpenApiDocument, type Operation, openApiDocument } from "./openapi-document.js";
import { type HttpService, operationTool } from "./operation-tool.js";

/**
 * Makes tools of operations of an OpenAPI 3 document.
 *
 * @throws {ConfigError} with every problem of the entry
 */
export function openOpenApi(entry: OpenApiEntry, { file, folder, env }: ToolSourceContext): OpenedTools {
  const refuse = (messages: readonly string[], cause?: unknown) =>
    new ConfigError(
      messages.map((message) => ({ file, message: `tools openapi ${entry.openapi}: ${message}` })),
      cause === undefined ? {} : { cause },
    );
  const document = readDocument(resolve(folder, entry.openapi), refuse);
  const problems: string[] = [];
  const named = (id: string): Operation | undefined => {
    try {
      const found = document.operation(id);
      if (found !== null) return found;
      problems.push(
        `no operation ${id}${didYouMean(id, document.ids)} (known: ${listNames(document.ids, 20)})`,
      );
    } catch (error) {
      problems.push(
        `operation ${id} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    return undefined;
  };
  const service = serviceOf(entry, env, problems);
  const policies = new Map<string, ToolPolicy>();
  const tools: Tool[] = [];
  const used: Operation[] = [];
  for (const item of entry.operations) {
    const { id, lookup, ...policy } = typeof item === "string" ? { id: item } : item;
    const operation = named(id);
    const found = lookup === undefined ? undefined : named(lookup.operation);
    if (found !== undefined && found.method !== "GET")
      problems.push(`lookup ${found.id} wants a GET operation`);
    if (found !== undefined && !found.parameters.some((parameter) => parameter.name === lookup?.key)) {
      problems.push(`lookup ${found.id} has no parameter ${lookup?.key}`);
    }
    if (operation === undefined) continue;
    try {
      const tool = operationTool(
        operation,
        service,
        found === undefined || lookup === undefined ? null : { operation: found, key: lookup.key },
      );
      tools.push(tool);
      used.push(operation);
      policies.set(tool.spec.name, policyOf(policy));
    } catch (error) {
      problems.push(
        `operation ${id} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  if (problems.length > 0) throw refuse(problems);
  return { tools, policies, hash: contentHash([entry, used]) };
}

function readDocument(
  path: string,
  refuse: (messages: readonly string[], cause?: unknown) => ConfigError,
): OpenApiDocument {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw refuse(["expected a file, relative to the agent file; it cannot be read"], error);
  }
  try {
    return openApiDocument(parse(text, { maxAliasCount: 100 }));
  } catch (error) {
    throw refuse([error instanceof Error ? error.message : String(error)], error);
  }
}

function serviceOf(entry: OpenApiEntry, env: ToolSourceContext["env"], problems: string[]): HttpService {
  const base = new URL(entry.base_url);
  if (base.protocol !== "http:" && base.protocol !== "https:") {
    problems.push(`base_url: expected http or https, found ${base.protocol}`);
  }
  const name = entry.auth?.bearer_env;
  const bearer = name === undefined ? undefined : env[name];
  if (name !== undefined && (bearer === undefined || bearer === ""))
    problems.push(`auth: expected ${name} to be set`);
  const { tenant, user } = entry.identity_headers ?? {};
  return {
    base,
    bearer: bearer ?? null,
    identityHeaders: { ...(tenant === undefined ? {} : { tenant }), ...(user === undefined ? {} : { user }) },
    maxResponseBytes: entry.max_response_bytes,
    timeoutMs: entry.timeout_ms,
  };
}
