import type { GoldenCase } from "../../core/golden-case.js";
import { mdeMcnemar } from "../../stats/mde-mcnemar.js";
import { mdeTwoProportions } from "../../stats/mde-two-proportions.js";
import { sampleSizeMcnemar } from "../../stats/sample-size-mcnemar.js";
import { sampleSizeNoninferiorityPaired } from "../../stats/sample-size-noninferiority-paired.js";
import { sampleSizeTwoProportions } from "../../stats/sample-size-two-proportions.js";
import { tango } from "../../stats/tango.js";
import { wilson } from "../../stats/wilson.js";

export interface PowerAssumptions {
  /** Error level in (0, 1): one-sided for margins, two-sided for differences and intervals. */
  readonly alpha: number;
  /** Chance to find a difference that is there, in (0, 1). */
  readonly power: number;
  /** Pass rate to expect, in [0, 1]. */
  readonly rate: number;
  /** Share of cases whose outcome differs between two runs, in [0, 1]. */
  readonly discordant: number;
  /** Margins of non-inferiority to plan for, each in (0, 1). */
  readonly margins: readonly number[];
}

/** Cases that something needs, and how many of them are not there. */
export interface CaseNeed {
  readonly needed: number;
  readonly missing: number;
}

interface MarginNeed {
  readonly margin: number;
  /** When both runs agree on every case: with fewer cases the gate cannot pass at all. */
  readonly inAgreement: CaseNeed;
  /** When they differ at the assumed rate without one being worse, with the wanted power. */
  readonly asAssumed: CaseNeed;
}

/** What a two-sided test finds with the wanted power. */
interface DetectableDifference {
  /** Least absolute difference that is found, in (0, 1]; `null`: not even the largest one. */
  readonly mde: number | null;
  /** Cases that the largest difference takes; `null`: there is none, since the rate is 0. */
  readonly atAll: CaseNeed | null;
}

/** What a golden set can show. All counts are of independent units: groups. */
export interface DatasetPower {
  readonly cases: number;
  /** Independent groups of cases; all figures rest on this number. */
  readonly groups: number;
  readonly assumptions: PowerAssumptions;
  /** A gate passes in perfect agreement only with a margin above this one: z²/(n + z²), as a proportion. */
  readonly leastMargin: number;
  readonly margins: readonly MarginNeed[];
  /** Two runs on the same cases; the largest difference is that all cases that differ do so in one direction. */
  readonly paired: DetectableDifference;
  /** Two runs on different cases, as many in each; the largest difference is a drop to 0. */
  readonly unpaired: DetectableDifference;
  /** Wilson interval of one run at the expected rate. */
  readonly passRate: {
    readonly passed: number;
    readonly lower: number;
    readonly upper: number;
    readonly halfWidth: number;
  };
  /** Independent measurements for an upper limit of a latency quantile. */
  readonly latency: readonly ({ readonly quantile: number } & CaseNeed)[];
}

/**
 * What a set of cases can show, and how many are missing.
 *
 * @param cases - at least one
 * @throws {StatisticsError} if an assumption lies outside its range
 */
export function datasetPower(cases: readonly GoldenCase[], assumptions: PowerAssumptions): DatasetPower {
  const { alpha, power, rate, discordant, margins } = assumptions;
  const groups = new Set(cases.map((one) => one.group)).size;
  const need = (needed: number): CaseNeed => ({ needed, missing: Math.max(0, needed - groups) });
  const needOrNull = (needed: number | null) => (needed === null ? null : need(needed));
  const agreement = { bothPass: groups, baselineOnly: 0, currentOnly: 0, bothFail: 0 };
  const passed = Math.round(rate * groups);
  const { lower, upper } = wilson(passed, groups, 1 - alpha);
  const [low, high] = [lower ?? 0, upper ?? 1];
  return {
    cases: cases.length,
    groups,
    assumptions,
    leastMargin: tango(agreement, 1 - 2 * alpha).upper ?? 1,
    margins: margins.map((margin) => {
      const { leastToPass, nPairs } = sampleSizeNoninferiorityPaired(discordant, margin, { alpha, power });
      return {
        margin,
        inAgreement: need(leastToPass),
        asAssumed: need(Math.max(nPairs, leastToPass)),
      };
    }),
    paired: {
      mde: mdeMcnemar(discordant, groups, { alpha, power }),
      atAll: needOrNull(sampleSizeMcnemar(discordant, 0, { alpha, power }).nPairs),
    },
    unpaired: {
      mde: mdeTwoProportions(rate, groups, { alpha, power }),
      atAll: needOrNull(sampleSizeTwoProportions(rate, 0, { alpha, power }).nPerArm),
    },
    passRate: { passed, lower: low, upper: high, halfWidth: (high - low) / 2 },
    latency: [0.95, 0.99].map((quantile) => ({
      quantile,
      ...need(Math.ceil(Math.log(alpha / 2) / Math.log(quantile))),
    })),
  };
}
