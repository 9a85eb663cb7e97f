import type { JsonSchema } from "../core/message.js";
import { didYouMean, listNames } from "../core/nearest.js";
import { type ExternalAgentConfig, externalSchemas } from "./agent/external/external-schema.js";
import { type AgentConfig, agentSchema, agentSchemaOf } from "./agent-schema.js";
import { type Finding, valueAt } from "./describe-issues.js";
import { quoteName } from "./found-and-wanted.js";
import { type CrossRule, parseYamlFile } from "./yaml-file.js";

/** Names that an agent file may use; a list that is left out is not checked. */
export interface AgentNames {
  readonly providers?: readonly string[];
  readonly environments?: readonly string[];
  /** Names of the tools of an environment that exists. */
  readonly toolsOf?: (environment: string) => readonly string[];
  /** What keeps a JSON Schema from being used, or `null`. */
  readonly schemaProblem?: (schema: JsonSchema) => string | null;
}

/**
 * Reads the file of a built-in agent. Unknown providers, environments and tools are problems at their line.
 *
 * @throws {ConfigError} with every problem of the file
 */
export function parseAgentFile(text: string, file: string, names: AgentNames = {}): AgentConfig {
  return parseYamlFile(text, file, agentSchema, rulesOf(names));
}

/**
 * Reads an agent file of any kind.
 *
 * @throws {ConfigError} with every problem of the file
 */
export function parseAnyAgentFile(
  text: string,
  file: string,
  names: AgentNames = {},
): AgentConfig | ExternalAgentConfig {
  return parseYamlFile<ReturnType<typeof agentSchemaOf>>(
    text,
    file,
    (value) => agentSchemaOf(valueAt(value, ["kind"])),
    [(value) => unknownName(value, ["kind"], "kind", KINDS), ...rulesOf(names)],
  );
}

const KINDS = ["builtin", ...Object.keys(externalSchemas)];

function rulesOf(names: AgentNames): readonly CrossRule[] {
  return [
    (value) => unknownName(value, ["model", "provider"], "provider", names.providers),
    (value) => unknownFallbacks(value, names.providers),
    (value) => unusableSchema(value, names),
    lateHedges,
    (value) => unknownName(value, ["environment"], "environment", names.environments),
    (value) => unknownTools(value, names),
  ];
}

function unknownName(
  value: unknown,
  path: readonly (string | number)[],
  kind: string,
  known: readonly string[] | undefined,
): Finding[] {
  const name = valueAt(value, path);
  if (typeof name !== "string" || known === undefined || known.includes(name)) return [];
  return [
    { path, message: `unknown ${kind} ${quoteName(name)}${didYouMean(name, known)}${existing(known)}` },
  ];
}

function unknownFallbacks(value: unknown, known: readonly string[] | undefined): Finding[] {
  const fallbacks = valueAt(value, ["model", "fallbacks"]);
  if (!Array.isArray(fallbacks)) return [];
  return fallbacks.flatMap((_, index) =>
    unknownName(value, ["model", "fallbacks", index, "provider"], "provider", known),
  );
}

function unusableSchema(value: unknown, { schemaProblem }: AgentNames): Finding[] {
  const path = ["model", "output", "schema"];
  const schema = valueAt(value, path);
  if (schemaProblem === undefined || typeof schema !== "object" || schema === null) return [];
  const problem = schemaProblem(schema as JsonSchema);
  if (problem === null) return [];
  return [
    { path, message: `\`model.output.schema\` is no JSON Schema that can be used: ${problem}; correct it` },
  ];
}

/** A second call that would begin when the first is given up is never made. */
function lateHedges(value: unknown): Finding[] {
  const fallbacks = valueAt(value, ["model", "fallbacks"]);
  const indexes = Array.isArray(fallbacks) ? [...fallbacks.keys()] : [];
  const places = [["model"], ...indexes.map((index) => ["model", "fallbacks", index])];
  return places.flatMap((place) => {
    const afterMs = valueAt(value, [...place, "hedge", "after_ms"]);
    const timeoutMs = valueAt(value, [...place, "timeout_ms"]) ?? 60_000;
    if (typeof afterMs !== "number" || typeof timeoutMs !== "number" || afterMs < timeoutMs) return [];
    const message = `\`after_ms\` ${afterMs} is not below the \`timeout_ms\` ${timeoutMs} of the call, so it is never made again; lower it`;
    return [{ path: [...place, "hedge", "after_ms"], message }];
  });
}

function unknownTools(value: unknown, names: AgentNames): Finding[] {
  const listed = valueAt(value, ["tools"]);
  if (!Array.isArray(listed)) return [];
  const tools = listed.map(environmentToolOf);
  if (tools.every((tool) => tool === null)) return [];
  const environment = valueAt(value, ["environment"]);
  if (environment === undefined) {
    const message = `\`tools\` names tools of an environment, but \`environment\` is missing; add it${
      names.environments === undefined ? "" : existing(names.environments)
    }`;
    return [{ path: ["tools"], message }];
  }
  if (typeof environment !== "string" || names.toolsOf === undefined) return [];
  if (names.environments !== undefined && !names.environments.includes(environment)) return [];
  const known = names.toolsOf(environment);
  return tools.flatMap((tool, index) => {
    if (tool === null || known.includes(tool)) return [];
    const message = `environment ${quoteName(environment)} has no tool ${quoteName(tool)}${didYouMean(tool, known)}${existing(known)}`;
    return [{ path: ["tools", index], message }];
  });
}

/** The tool of the environment that an entry names; `null` for an entry of another source. */
function environmentToolOf(entry: unknown): string | null {
  const name = typeof entry === "string" ? entry : valueAt(entry, ["name"]);
  return typeof name === "string" ? name : null;
}

function existing(known: readonly string[]): string {
  return known.length === 0 ? " (none exist)" : ` (known: ${listNames(known, 20)})`;
}
