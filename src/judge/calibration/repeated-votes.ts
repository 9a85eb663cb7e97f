import type { VerdictOrder } from "../../core/judgement.js";
import { type TestRetest, testRetest } from "../../stats/test-retest.js";
import type { FinalVerdict } from "../final-verdicts.js";

const ORDERS: readonly VerdictOrder[] = ["first", "swapped"];

/**
 * How alike the votes of a judge on the same question are; each order is a question of its own. `null` when nothing was asked
 * twice.
 *
 * @param verdicts - with the votes of earlier judgements too
 */
export function repeatedVotes(
  verdicts: readonly FinalVerdict[],
  { categories, level }: { readonly categories: readonly string[]; readonly level: number },
): TestRetest | null {
  const known = new Set(categories);
  const questions = verdicts.flatMap(({ votes }) =>
    ORDERS.map((order) =>
      votes.flatMap((vote) =>
        vote.order === order && vote.value !== null && known.has(vote.value) ? [vote.value] : [],
      ),
    ),
  );
  const found = testRetest(questions, { level });
  return found.repeated === 0 ? null : found;
}
