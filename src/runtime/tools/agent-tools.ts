import type { ToolEntry } from "../../config/agent/tools-schema.js";
import { ConfigError } from "../../core/errors.js";
import { contentHash } from "../../core/hash.js";
import { policyOf } from "./policy-of-config.js";
import type { Tool } from "./tool.js";
import { type ToolPolicy, withPolicies } from "./tool-policy.js";

export interface ToolSourceContext {
  /** The agent file: named in problems; paths in it are relative to its folder. */
  readonly file: string;
  readonly folder: string;
  readonly env: { readonly [name: string]: string | undefined };
}

/** Tools of one entry of an agent file. */
export interface OpenedTools {
  readonly tools: readonly Tool[];
  /** What the agent file says of some of them. */
  readonly policies?: ReadonlyMap<string, ToolPolicy>;
  /** Hash of what decides how they behave, as far as it can be known. */
  readonly hash: string;
  readonly close?: () => Promise<void>;
}

/** Everything that `tools` of an agent file names. */
export interface AgentTools {
  /** Names to offer; `null` for all of the environment. */
  readonly names: readonly string[] | null;
  /** Tools beside those of the environment. */
  readonly tools: readonly Tool[];
  /** Policies of tools of the environment. */
  readonly policies: ReadonlyMap<string, ToolPolicy>;
  /** `null` without tools beside those of the environment. */
  readonly hash: string | null;
  readonly close: () => Promise<void>;
}

/**
 * Opens the tools of an agent file, once for the process: loads modules and documents, starts servers.
 *
 * @param environmentTools - names that the environment has: no other tool may take one of them
 * @param hasPolicy - whether the file has a `tool_policy`: tools that it only names are under it as well then, as they
 *   are where it says more of any other
 * @throws {ConfigError} when a source cannot be used, or two tools have one name
 * @throws {ProviderError} when a server cannot be reached
 */
export async function openAgentTools(
  entries: readonly ToolEntry[] | undefined,
  environmentTools: readonly string[],
  context: ToolSourceContext,
  hasPolicy = false,
): Promise<AgentTools> {
  const isChecked = hasPolicy || (entries?.some((entry) => typeof entry !== "string") ?? false);
  const opened: OpenedTools[] = [];
  const close = async () => {
    await Promise.all(opened.map((source) => source.close?.()));
  };
  const names: string[] = [];
  const policies = new Map<string, ToolPolicy>();
  try {
    for (const entry of entries ?? []) {
      if (typeof entry === "string") names.push(entry);
      else if ("name" in entry) {
        const { name, ...policy } = entry;
        names.push(name);
        policies.set(name, policyOf(policy));
      } else opened.push(await openSource(entry, context));
    }
    const tools = opened.flatMap((source) => withPolicies(source.tools, source.policies));
    refuseSharedNames([...environmentTools, ...tools.map((tool) => tool.spec.name)], context.file);
    return {
      names: entries === undefined ? null : [...names, ...tools.map((tool) => tool.spec.name)],
      tools,
      policies: isChecked
        ? withDefaults(entries === undefined ? environmentTools : names, policies)
        : policies,
      hash: opened.length === 0 ? null : contentHash(opened.map((source) => source.hash)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openSource(
  entry: Exclude<ToolEntry, string | { readonly name: string }>,
  context: ToolSourceContext,
): Promise<OpenedTools> {
  if ("module" in entry) return (await import("./module/open-module.js")).openModule(entry.module, context);
  if ("openapi" in entry) return (await import("./http/open-openapi.js")).openOpenApi(entry, context);
  return (await import("./mcp/open-mcp.js")).openMcp(entry, context);
}

/** A tool that nobody says anything of asks as it should by what it does. */
function withDefaults(
  names: readonly string[],
  policies: ReadonlyMap<string, ToolPolicy>,
): ReadonlyMap<string, ToolPolicy> {
  return new Map(names.map((name) => [name, policies.get(name) ?? {}]));
}

/** A tool that takes the name of another would get its calls. */
function refuseSharedNames(names: readonly string[], file: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new ConfigError([
    { file, message: `tools: two tools are called ${twice}; rename one, or offer one of them` },
  ]);
}
