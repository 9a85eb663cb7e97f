import type { GoldenCase } from "../../core/golden-case.js";
import { sha256 } from "../../core/hash.js";

export interface SplitPlan {
  /** Expected share of the holdout, in (0, 1). */
  readonly holdout: number;
  /** Expected share of `test`, in [0, 1); `null`: cases outside the holdout keep `dev` or `test`. */
  readonly test: number | null;
  /** What is drawn as a whole. */
  readonly by: "group" | "case";
  readonly seed: number;
}

/**
 * The split of each case. It depends on the seed and on the case's group (or id) alone, so no case moves when
 * others are added or go, and a larger holdout contains every smaller one of the same seed. Shares therefore hold
 * on average, not exactly.
 */
export function assignSplits(cases: readonly GoldenCase[], plan: SplitPlan): readonly GoldenCase["split"][] {
  return cases.map((one) => {
    const position = unitHash(plan.seed, plan.by === "group" ? one.group : one.id);
    if (position < plan.holdout) return "holdout";
    if (plan.test !== null) return position >= 1 - plan.test ? "test" : "dev";
    return one.split === "holdout" ? "dev" : one.split;
  });
}

/** A number in [0, 1) that a seed and a name decide, the same on every machine. */
export function unitHash(seed: number, name: string): number {
  return Number.parseInt(sha256(`${seed}\0${name}`).slice(0, 13), 16) / 2 ** 52;
}
