import { CALIBRATION_DEFAULTS, type JudgeConfig } from "../../config/judge/judge-schema.js";
import { kappaWeightsOf } from "../../config/judge/scale-categories.js";
import type { VerdictEntry } from "../../core/judgement.js";
import type { KappaWeights } from "../../stats/cohen-kappa.js";
import { type FinalVerdict, finalVerdicts, type VerdictRules } from "../final-verdicts.js";
import { verdictRulesOf } from "../run/score-of-verdict.js";
import { latestVotes } from "./latest-votes.js";

/** How the verdicts of a judge are read, and what it must show. */
export interface JudgeScheme {
  readonly rules: VerdictRules;
  /** Votes that make one judgement of an item, in each order. */
  readonly votes: number;
  readonly weights: KappaWeights;
  /** What the lower limit of kappa must reach. */
  readonly floor: number;
  /** Fewer labelled items say nothing of the judge. */
  readonly minLabels: number;
}

/** The scheme that a judge file declares. */
export function schemeOf(config: JudgeConfig): JudgeScheme {
  const { calibration, heuristic } = config;
  return {
    rules: verdictRulesOf(config),
    // The verdict of a baseline never changes: one vote is all it gives.
    votes: heuristic === undefined ? config.votes : 1,
    weights: kappaWeightsOf(config),
    floor: calibration.floor,
    minLabels: calibration.min_labels,
  };
}

/**
 * The scheme of an imported judge by the judge file of its rubric: the labels and what they have to show are those of the
 * file. All votes make one judgement, and of two orders the first counts.
 */
export function schemeOfRubric(config: JudgeConfig): JudgeScheme {
  const scheme = schemeOf(config);
  const rules: VerdictRules = { ...scheme.rules, aggregation: "majority", flipIs: null };
  return { ...scheme, rules, votes: Number.POSITIVE_INFINITY };
}

/**
 * The scheme of verdicts whose rubric has no judge file: the labels that occur, without an order. All votes
 * make one judgement, and of two orders the first counts.
 *
 * @param seen - labels of people and verdicts
 */
export function schemeOfLabels(seen: Iterable<string>): JudgeScheme {
  return {
    rules: { aggregation: "majority", categories: [...new Set(seen)].sort(), flipIs: null },
    votes: Number.POSITIVE_INFINITY,
    weights: "none",
    floor: CALIBRATION_DEFAULTS.floor,
    minLabels: CALIBRATION_DEFAULTS.min_labels,
  };
}

/** What a judge says of each item now, by item: of votes of several judgements the newest ones count. */
export function currentVerdicts(
  entries: readonly VerdictEntry[],
  { rules, votes }: JudgeScheme,
): ReadonlyMap<string, FinalVerdict> {
  return new Map(finalVerdicts(latestVotes(entries, votes), rules).map((verdict) => [verdict.item, verdict]));
}
