import { findPii, type PiiFind, plainValue } from "../../metrics/safety/pii-rules.js";

/** Name and version of the rules for personal data. */
export const PII_CLASSIFIER = "rules:pii@1";

/** Personal data in a text that is not among the `known` texts, however it is written there. */
export function personalData(
  text: string,
  isWanted: (kind: string) => boolean,
  known: readonly string[] = [],
): readonly PiiFind[] {
  const finds = findPii(text).filter(({ kind }) => isWanted(kind));
  if (finds.length === 0) return [];
  const told = known.map(plainValue).join("\n");
  return finds.filter(({ value }) => !told.includes(plainValue(value)));
}

/** The text with each find blacked out. */
export function blackOut(text: string, finds: readonly PiiFind[]): string {
  return finds.reduce((rest, { kind, value }) => rest.replaceAll(value, `[redacted ${kind}]`), text);
}

/** Kinds with their counts; the values themselves go into no event. */
export function countKinds(kinds: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => (count === 1 ? kind : `${kind} (${count})`)).join(", ");
}
