import type { Tally } from "../../report/label-import-documents.js";

/** How often each name occurs, the commonest first. */
export function tallyOf(names: Iterable<string>): readonly Tally[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1));
}
