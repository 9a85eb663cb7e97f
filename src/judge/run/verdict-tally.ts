import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { categoriesOf } from "../../config/judge/scale-categories.js";
import type { VerdictEntry } from "../../core/judgement.js";
import type { FinalVerdict } from "../final-verdicts.js";
import type { JudgeRunReport, UnusableReason } from "./judge-run-report.js";

const MOST_WORDS = 10;

/** Counts of final verdicts and of votes, for a report. */
export type VerdictTally = Pick<
  JudgeRunReport,
  "verdicts" | "withoutVerdict" | "flips" | "unusable" | "unmappedWords"
>;

/** Counts what a judge said. Every vote without a label is counted under its reason. */
export function verdictTally(config: JudgeConfig, finals: readonly FinalVerdict[]): VerdictTally {
  const votes = finals.flatMap((verdict) => verdict.votes);
  const unusable: Record<UnusableReason, number> = {
    unmapped: 0,
    refusal: 0,
    invalid_reply: 0,
    out_of_range: 0,
  };
  for (const { reason } of votes) if (reason !== null) unusable[reason] += 1;
  const bothOrders = finals.filter(({ swapped }) => swapped !== undefined);
  const isPair = config.scale.kind === "pairwise" && config.both_orders;
  return {
    verdicts: categoriesOf(config.scale).map((label) => ({
      label,
      items: finals.filter(({ value }) => value === label).length,
    })),
    withoutVerdict: finals.filter(({ value }) => value === null).length,
    flips: isPair ? bothOrders.filter(isFlip).length : null,
    unusable,
    unmappedWords: wordsOf(votes),
  };
}

function isFlip({ first, swapped }: FinalVerdict): boolean {
  return first !== null && swapped !== null && first !== swapped;
}

function wordsOf(votes: readonly VerdictEntry[]): JudgeRunReport["unmappedWords"] {
  const counts = new Map<string, number>();
  for (const { reason, word } of votes) {
    if (reason === "unmapped" || reason === "out_of_range") counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .map(([word, count]) => ({ word, votes: count }))
    .sort((a, b) => b.votes - a.votes || (a.word < b.word ? -1 : 1))
    .slice(0, MOST_WORDS);
}
