import { didYouMean, listNames } from "../core/nearest.js";
import { type AgentConfig, agentSchema } from "./agent-schema.js";
import { type Finding, valueAt } from "./describe-issues.js";
import { quoteName } from "./found-and-wanted.js";
import { parseYamlFile } from "./yaml-file.js";

/** Names that an agent file may use; a list that is left out is not checked. */
export interface AgentNames {
  readonly providers?: readonly string[];
  readonly environments?: readonly string[];
  /** Names of the tools of an environment that exists. */
  readonly toolsOf?: (environment: string) => readonly string[];
}

/**
 * Reads an agent file. Unknown providers, environments and tools are problems at their line.
 *
 * @throws {ConfigError} with every problem of the file
 */
export function parseAgentFile(text: string, file: string, names: AgentNames = {}): AgentConfig {
  return parseYamlFile(text, file, agentSchema, [
    (value) => unknownName(value, ["model", "provider"], "provider", names.providers),
    (value) => unknownName(value, ["environment"], "environment", names.environments),
    (value) => unknownTools(value, names),
  ]);
}

function unknownName(
  value: unknown,
  path: readonly string[],
  kind: string,
  known: readonly string[] | undefined,
): Finding[] {
  const name = valueAt(value, path);
  if (typeof name !== "string" || known === undefined || known.includes(name)) return [];
  return [
    { path, message: `unknown ${kind} ${quoteName(name)}${didYouMean(name, known)}${existing(known)}` },
  ];
}

function unknownTools(value: unknown, names: AgentNames): Finding[] {
  const tools = valueAt(value, ["tools"]);
  if (!Array.isArray(tools) || tools.length === 0) return [];
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
  return tools.flatMap((tool: unknown, index) => {
    if (typeof tool !== "string" || known.includes(tool)) return [];
    const message = `environment ${quoteName(environment)} has no tool ${quoteName(tool)}${didYouMean(tool, known)}${existing(known)}`;
    return [{ path: ["tools", index], message }];
  });
}

function existing(known: readonly string[]): string {
  return known.length === 0 ? " (none exist)" : ` (known: ${listNames(known, 20)})`;
}
