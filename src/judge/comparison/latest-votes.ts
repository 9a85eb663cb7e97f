import type { VerdictEntry, VerdictOrder } from "../../core/judgement.js";

/**
 * The newest judgement of each item: what was judged last, and of that the newest `votes` votes of each order. An item
 * that was judged again under the same version has more votes than that; the older ones are earlier judgements.
 *
 * @param entries - of one version of a judge, in the order in which they were added
 * @param votes - that make one judgement, at least 1
 */
export function latestVotes(entries: readonly VerdictEntry[], votes: number): readonly VerdictEntry[] {
  const items = new Map<string, VerdictEntry[]>();
  for (const entry of entries) {
    const kept = items.get(entry.item);
    if (kept === undefined) items.set(entry.item, [entry]);
    else kept.push(entry);
  }
  return [...items.values()].flatMap((all) => {
    const subject = newest(all, 1)[0]?.subjectHash;
    const same = all.filter(({ subjectHash }) => subjectHash === subject);
    const of = (order: VerdictOrder) =>
      newest(
        same.filter((vote) => vote.order === order),
        votes,
      );
    return [...of("first"), ...of("swapped")];
  });
}

function newest(entries: readonly VerdictEntry[], count: number): readonly VerdictEntry[] {
  return entries.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.vote - b.vote).slice(-count);
}
