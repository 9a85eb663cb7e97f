import type { VerdictEntry } from "../../core/judgement.js";

/**
 * Number of the first vote of the judgement that counts. Votes of one judgement follow each other, those of the next one
 * come after them: with three votes, 0 to 2 are the first judgement and 3 to 5 the second.
 *
 * @param stored - the vote of a number; `null` when it was not given yet
 * @param votes - that make one judgement
 * @param since - milliseconds since the Unix epoch: an older judgement is made again; `null`: the newest one counts
 */
export function firstVoteOf(
  stored: (vote: number) => Pick<VerdictEntry, "at"> | null,
  votes: number,
  since: number | null,
): number {
  for (let first = 0; ; first += votes) {
    const found = stored(first);
    if (found === null) return since === null ? Math.max(0, first - votes) : first;
    if (since !== null && Date.parse(found.at) >= since) return first;
  }
}
