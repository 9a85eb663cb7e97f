import type { Comparison } from "../../comparison/comparison.js";

/** Everything that the reports of a comparison show; the reporters only lay it out. */
export interface ComparisonReport extends Comparison {
  /** Texts of the lost and won cases, by case id; of those that are many, the worst ones only. */
  readonly cases: Readonly<Record<string, ChangedCaseText>>;
}

/** What a reader must see of a case whose outcome changed. Texts of holdout cases are never in it. */
export interface ChangedCaseText {
  /** What the user said first, or `null` for a holdout case. */
  readonly input: string | null;
  readonly risk: string | null;
  readonly tags: readonly string[];
  readonly isHoldout: boolean;
  readonly baseline: ChangedTrial | null;
  /** One for each candidate, in their order; `null` where it has no trial of the case. */
  readonly candidates: readonly (ChangedTrial | null)[];
}

/** The trial of a case that tells most: the first that failed, else the first. */
export interface ChangedTrial {
  readonly runId: string;
  readonly trial: number;
  readonly answer: string | null;
  /** Why it failed, one sentence each; empty when it passed. */
  readonly failures: readonly string[];
  /** Names of the tools called, in order. */
  readonly toolCalls: readonly string[];
  /** `null` when a recording does not say. */
  readonly durationMs: number | null;
  readonly costUsd: number | null;
}
