import { type Finding, valueAt } from "./describe-issues.js";
import { type Script, scriptSchema } from "./script-schema.js";
import { parseYamlFile } from "./yaml-file.js";

/** A group of the pattern in a text, e.g. `{{ match.1 }}`; `| number` makes a whole text a number. */
export const PLACEHOLDER = /\{\{\s*match\.(\w+)\s*(\|\s*number\s*)?\}\}/g;

/**
 * Reads a script. A placeholder whose group no pattern of its rule has is a problem at its line.
 *
 * @throws {ConfigError} with every problem of the file
 */
export function parseScriptFile(text: string, file: string): Script {
  return parseYamlFile(text, file, scriptSchema, [
    (value) => {
      const rules = valueAt(value, ["rules"]);
      return Array.isArray(rules) ? rules.flatMap(unknownGroups) : [];
    },
  ]);
}

function unknownGroups(rule: unknown, index: number): Finding[] {
  const pattern = ["last_matches", "context_matches", "system_matches"]
    .map((key) => valueAt(rule, ["when", key]))
    .find((found) => typeof found === "string");
  const known = pattern === undefined ? [] : groupsOf(pattern);
  if (known === null) return [];
  const path = ["rules", index, "reply"];
  return [...new Set(placeholdersIn(valueAt(rule, ["reply"])))]
    .filter((group) => !known.includes(group))
    .map((group) => ({
      path,
      message:
        pattern === undefined
          ? `\`{{ match.${group} }}\` needs a pattern in \`when\`; add last_matches, context_matches or system_matches`
          : `\`{{ match.${group} }}\` names no group of the pattern; it has ${known.map((name) => `match.${name}`).join(", ")}`,
    }));
}

/** Names of the groups of a pattern, `0` (the whole match) first; `null` when it is no pattern. */
function groupsOf(pattern: string): string[] | null {
  let match: RegExpExecArray | null;
  try {
    // An empty alternative always matches, and the match lists every group.
    match = new RegExp(`${pattern}|`, "su").exec("");
  } catch {
    return null;
  }
  return [...(match ?? []).keys(), ...Object.keys(match?.groups ?? {})].map(String);
}

function placeholdersIn(value: unknown): string[] {
  if (typeof value === "string") return [...value.matchAll(PLACEHOLDER)].map((match) => match[1] ?? "");
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(placeholdersIn);
}
