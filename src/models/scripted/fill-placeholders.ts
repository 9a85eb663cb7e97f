import { PLACEHOLDER } from "../../config/parse-script-file.js";
import type { Json } from "../../core/hash.js";

/** Groups of the pattern that a rule matched by; `null` when it has no pattern. */
export type MatchedGroups = RegExpExecArray | null;

/** A text with the groups put in; a group that took no part in the match is empty. */
export function fillText(text: string, groups: MatchedGroups): string {
  return text.replace(PLACEHOLDER, (_, name: string) => groupOf(groups, name));
}

/** A JSON value with the groups put into its texts. A text that is `{{ match.1 | number }}` becomes a number. */
export function fillJson(value: Json, groups: MatchedGroups): Json {
  if (typeof value === "string") {
    const [whole] = [...value.matchAll(PLACEHOLDER)];
    if (whole?.[2] !== undefined && whole[0] === value.trim()) {
      const number = Number(groupOf(groups, whole[1] ?? ""));
      if (Number.isFinite(number)) return number;
    }
    return fillText(value, groups);
  }
  if (Array.isArray(value)) return value.map((item: Json) => fillJson(item, groups));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillJson(item, groups)]));
}

function groupOf(groups: MatchedGroups, name: string): string {
  return (/^\d+$/.test(name) ? groups?.[Number(name)] : groups?.groups?.[name]) ?? "";
}
