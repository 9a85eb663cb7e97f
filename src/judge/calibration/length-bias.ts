import type { Subject } from "../../core/judgement.js";
import { fisherExact } from "../../stats/fisher-exact.js";
import { quantile } from "../../stats/quantile.js";
import { type LengthVerdict, type VerbosityBias, verbosityBias } from "../../stats/verbosity-bias.js";
import { pairReader } from "../pair-labels.js";
import type { JoinedItem } from "./join-judgements.js";

/** Errors of a judge on answers of about the same length. */
interface GradeErrors {
  readonly n: number;
  /** Answers that the judge graded better than people did. */
  readonly over: number;
  readonly under: number;
}

/** Whether a judge errs towards long answers: in pairs, or in grades of single answers. */
export type LengthBias =
  | ({ readonly kind: "pairs" } & VerbosityBias)
  | {
      readonly kind: "grades";
      readonly n: number;
      /** Characters of the answer in the middle; longer answers are the longer half. */
      readonly medianCharacters: number;
      readonly longer: GradeErrors;
      readonly shorter: GradeErrors;
      /** Fisher's exact two-sided p that errors of both halves lean alike; 1 without errors in one of them. */
      readonly p: number;
    };

/**
 * Bias towards long answers, of the items whose answers are known. Pairs whose answers are equally long are left out.
 *
 * @param isOrdered - whether a later category is better
 * @returns `null` when no text is known, or labels without an order name no answer of a pair
 */
export function lengthBias(
  items: readonly JoinedItem[],
  subjectOf: (item: string) => Subject | null,
  { categories, isOrdered }: { readonly categories: readonly string[]; readonly isOrdered: boolean },
): LengthBias | null {
  const known = items.flatMap((item) => {
    const subject = subjectOf(item.item);
    if (subject === null || subject.answer === null) return [];
    const other = subject.otherAnswer === null ? null : lengthOf(subject.otherAnswer);
    return [{ item, length: lengthOf(subject.answer), other }];
  });
  const pairs = known.filter((one) => one.other !== null);
  if (pairs.length > 0) return pairBias(pairs, categories);
  return isOrdered && known.length > 0 ? gradeBias(known, categories) : null;
}

interface Measured {
  readonly item: JoinedItem;
  readonly length: number;
  readonly other: number | null;
}

function pairBias(pairs: readonly Measured[], categories: readonly string[]): LengthBias | null {
  const read = pairReader(categories);
  if (read === null) return null;
  const unequal = pairs.filter(({ length, other }) => length !== other);
  const byLength = (label: string, { length, other }: Measured): LengthVerdict => {
    const winner = read(label);
    if (winner === "tie" || winner === null) return "tie";
    return (winner === "A") === length > (other ?? 0) ? "longer" : "shorter";
  };
  return {
    kind: "pairs",
    ...verbosityBias(
      unequal.map((pair) => byLength(pair.item.judged, pair)),
      unequal.map((pair) => byLength(pair.item.truth, pair)),
    ),
  };
}

function gradeBias(known: readonly Measured[], categories: readonly string[]): LengthBias {
  const median = quantile(
    known.map(({ length }) => length),
    0.5,
  ) as number;
  const errorsOf = (half: readonly Measured[]): GradeErrors => {
    const steps = half.map(({ item }) => categories.indexOf(item.judged) - categories.indexOf(item.truth));
    return {
      n: half.length,
      over: steps.filter((step) => step > 0).length,
      under: steps.filter((step) => step < 0).length,
    };
  };
  const longer = errorsOf(known.filter(({ length }) => length > median));
  const shorter = errorsOf(known.filter(({ length }) => length <= median));
  const { p } = fisherExact(
    [
      [longer.over, longer.under],
      [shorter.over, shorter.under],
    ],
    "two-sided",
  );
  return { kind: "grades", n: known.length, medianCharacters: median, longer, shorter, p: p ?? 1 };
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
