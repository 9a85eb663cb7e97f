import type { LabelEntry } from "../../core/judgement.js";

/**
 * The entries that no undo has taken back, in their order.
 *
 * @param entries - of one rubric, in the order in which they were added
 */
export function liveEntries(entries: readonly LabelEntry[]): readonly LabelEntry[] {
  const undone = new Set<LabelEntry>();
  const histories = new Map<string, LabelEntry[]>();
  for (const entry of entries) {
    const key = JSON.stringify([entry.item, entry.author]);
    const history = histories.get(key) ?? [];
    histories.set(key, history);
    if (entry.action !== "undo") {
      history.push(entry);
      continue;
    }
    undone.add(entry);
    const last = history.pop();
    if (last !== undefined) undone.add(last);
  }
  return entries.filter((entry) => !undone.has(entry));
}
