import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { TOOL_POLICY_LAYERS, type ToolEntry } from "../../config/agent/tools-schema.js";
import { AgentctlError } from "../../core/errors.js";
import type { PartHashes } from "../../core/run.js";
import { environmentTools } from "../../runtime/tools/environment-tools.js";
import { openOpenApi } from "../../runtime/tools/http/open-openapi.js";
import { policyOf } from "../../runtime/tools/policy-of-config.js";
import type { Tool } from "../../runtime/tools/tool.js";
import { type ToolPolicy, withPolicies } from "../../runtime/tools/tool-policy.js";
import { isExternal, type LoadedAgent, type LoadedExternalAgent, loadAnyAgent } from "../agent/load-agent.js";
import { partHashesOf } from "../agent/part-hashes.js";
import { isExternalAgent } from "./agent-kind.js";
import type { AgentFacts, AgentToolFacts, ToolFacts } from "./facts.js";
import { writtenYaml } from "./written-yaml.js";

type Environment = { readonly [name: string]: string | undefined };

/**
 * An agent file and those of its specialists, each once. Nothing is started: what a module or a server offers stays
 * unseen.
 *
 * @throws {ConfigError} with every problem of a file
 */
export function gatherAgents(
  file: string,
  workingDirectory: string,
  env: Environment,
): readonly [AgentFacts, ...AgentFacts[]] {
  const seen = new Set<string>();
  const gather = (path: string): readonly AgentFacts[] => {
    if (seen.has(path)) return [];
    seen.add(path);
    const loaded = loadAnyAgent(path, workingDirectory);
    const team = "team" in loaded.config ? Object.values(loaded.config.team?.specialists ?? {}) : [];
    return [
      factsOf(loaded, path, env),
      ...team.flatMap((specialist) => gather(resolve(loaded.folder, specialist.agent))),
    ];
  };
  return gather(resolve(workingDirectory, file)) as readonly [AgentFacts, ...AgentFacts[]];
}

function factsOf(loaded: LoadedAgent | LoadedExternalAgent, path: string, env: Environment): AgentFacts {
  const { lineOf } = writtenYaml(readFileSync(path, "utf8"));
  return {
    file: loaded.file,
    config: loaded.config,
    lineOf,
    tools: toolsOf(loaded, env),
    parts: partsOf(loaded),
  };
}

/** What tools of other sources and a team add to the hashes is known only to a running agent. */
function partsOf(loaded: LoadedAgent | LoadedExternalAgent): PartHashes {
  if (isExternal(loaded) || loaded.config.team !== undefined) return {};
  const alone = partHashesOf(loaded, { recording: null, tools: null, documents: null }, []);
  const isAlone = loaded.config.tools?.every((entry) => typeof entry === "string" || "name" in entry) ?? true;
  const names = ["prompt", "guardrails", ...(isAlone ? ["tools"] : [])];
  return Object.fromEntries(
    names.flatMap((name) => (alone[name] === undefined ? [] : [[name, alone[name]]])),
  );
}

function toolsOf(
  { config, environment, file, folder }: LoadedAgent | LoadedExternalAgent,
  env: Environment,
): AgentToolFacts {
  const entries = "tools" in config ? config.tools : undefined;
  const policy = "tool_policy" in config ? config.tool_policy : undefined;
  const isChecked = policy !== undefined || (entries?.some((entry) => typeof entry !== "string") ?? false);
  const own = environment === null ? [] : environmentTools(environment, environment.start());
  const named = new Map(
    (entries ?? []).flatMap((entry): [string, ToolPolicy][] =>
      typeof entry === "string" ? [[entry, {}]] : "name" in entry ? [[entry.name, policyOf(entry)]] : [],
    ),
  );
  const offered = entries === undefined ? own : own.filter(({ spec }) => named.has(spec.name));
  const policies = isChecked
    ? new Map(offered.map(({ spec }) => [spec.name, named.get(spec.name) ?? {}]))
    : named;
  const sources = (entries ?? []).flatMap((entry) => sourceOf(entry, { file, folder, env }));
  return {
    known: [...withPolicies(offered, policies).map(toolFacts), ...sources.flatMap(({ known }) => known)],
    unseen: [
      ...(isExternalAgent(config) ? ["the agent's own tools"] : []),
      ...sources.flatMap(({ unseen }) => unseen),
    ],
    layers: isChecked ? (policy?.layers ?? TOOL_POLICY_LAYERS) : [],
  };
}

type Source = Pick<AgentToolFacts, "known" | "unseen">;

function sourceOf(entry: ToolEntry, context: Parameters<typeof openOpenApi>[1]): Source[] {
  if (typeof entry === "string" || "name" in entry) return [];
  if ("module" in entry) return [{ known: [], unseen: [`tools of ${entry.module}`] }];
  if ("openapi" in entry) {
    try {
      const { tools, policies } = openOpenApi(entry, context);
      return [{ known: withPolicies(tools, policies).map(toolFacts), unseen: [] }];
    } catch (error) {
      // A variable that is not set here keeps the tools from being known; `agentctl doctor` says which.
      if (!(error instanceof AgentctlError)) throw error;
      return [{ known: [], unseen: [`tools of ${entry.openapi}`] }];
    }
  }
  return [{ known: [], unseen: [`tools of the MCP server ${entry.mcp.name}`] }];
}

function toolFacts({
  spec,
  reversibility,
  permission,
  caps,
  needsConfirmation,
  isIdempotent,
}: Tool): ToolFacts {
  const { properties = {} } = spec.parameters as { readonly properties?: Readonly<Record<string, unknown>> };
  const isNumber = (schema: unknown) =>
    ["number", "integer"].includes(String((schema as { readonly type?: unknown } | null)?.type));
  return {
    name: spec.name,
    reversibility,
    permission,
    caps,
    needsConfirmation,
    isIdempotent: isIdempotent === true,
    amounts: Object.keys(properties).filter((name) => isNumber(properties[name])),
  };
}
