import type { GoldenCase } from "../../core/golden-case.js";
import { canonicalJson } from "../../core/hash.js";
import { fingerprintCases, nearDuplicates } from "./near-duplicates.js";
import type { SimilarityOptions } from "./similarity-index.js";

/** A case that is left out, and the earlier one that stays for it. */
interface DroppedCase {
  readonly id: string;
  readonly line: number;
  readonly keptId: string;
  readonly keptLine: number;
  /** Exact Jaccard similarity in [0, 1]. */
  readonly similarity: number;
  /** Whether both expect the same; if not, a label is dropped that nobody else holds. */
  readonly isSameExpectation: boolean;
}

/** Which cases stay. */
export interface DedupeReport {
  readonly similarity: SimilarityOptions;
  readonly kept: number;
  readonly dropped: readonly DroppedCase[];
}

/** Leaves out each case whose input nearly repeats that of an earlier case that stays. */
export function dedupeCases(cases: readonly GoldenCase[], similarity: SimilarityOptions): DedupeReport {
  const dropped = nearDuplicates(fingerprintCases(cases, similarity)).map((pair) => {
    const one = cases[pair.duplicate]!;
    const kept = cases[pair.index]!;
    return {
      id: one.id,
      line: one.line,
      keptId: kept.id,
      keptLine: kept.line,
      similarity: pair.similarity,
      isSameExpectation: canonicalJson(one.expect) === canonicalJson(kept.expect),
    };
  });
  return { similarity, kept: cases.length - dropped.length, dropped };
}
