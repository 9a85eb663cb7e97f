import { wilson } from "../../stats/wilson.js";
import type { RatioParts, RunMetric, TrialRow } from "../metric.js";
import { ratioLimits } from "../operations/ratio-limits.js";
import { runMetric } from "../run-metric.js";
import { estimateOf, type Limits, noEstimate, sampleOf } from "../sample.js";
import { unscored } from "../scores.js";

/** Scores that an import of tau2-bench brings along. */
const GOLD_ACTIONS = "tau2.gold_actions";
const MATCHED_ACTIONS = "tau2.matched_actions";

function partsOf({ status, scores }: TrialRow): RatioParts | null {
  const numerator = scores[MATCHED_ACTIONS]?.value ?? null;
  const denominator = scores[GOLD_ACTIONS]?.value ?? null;
  return status === "error" || numerator === null || denominator === null ? null : { numerator, denominator };
}

/** Gold actions found over gold actions looked for, in the whole run: tasks with many actions weigh more. */
export const actionsMatched: RunMetric = runMetric(
  {
    name: "tau2.actions_matched",
    layer: "agent",
    unit: "proportion",
    direction: "higher",
    description:
      "Share of all gold actions of the run that tau2-bench found: matched actions over gold actions, summed over trials.",
    needs: ["the action checks of an import of tau2-bench"],
    source:
      "ratio estimator over case groups (Cochran 1977, chapter 6); BCa (Efron 1987) below 20 gold actions",
    range: "0 to 1",
    rules: {
      empty: "A task without gold actions: its trials are left out and counted.",
      refusal: null,
      unsupportedClaim: null,
    },
    agreesWith: "the sum of matches over the sum of `action_checks` in tau2-bench's results",
    statistic: { kind: "ratio", partsOf },
  },
  (rows, level) => {
    const sample = sampleOf(
      rows,
      ({ scores }) => scores[GOLD_ACTIONS] ?? unscored("no action checks of tau2-bench"),
    );
    if (sample.values.length === 0) return noEstimate(sample, level);
    const matched = sample.rows.map((row) => partsOf(row)?.numerator ?? 0);
    const limits = shareLimits(matched, sample.values, sample.groups, level);
    const upper = limits.upper === null ? null : Math.min(1, limits.upper);
    return estimateOf({ ...limits, upper }, sample, level);
  },
);

/** Where all or none were found nothing varies, and an interval of width 0 would claim certainty. */
function shareLimits(
  matched: readonly number[],
  gold: readonly number[],
  groups: readonly string[],
  level: number,
): Limits {
  const limits = ratioLimits(matched, gold, groups, level);
  if ((limits.value !== 0 && limits.value !== 1) || limits.clusters < 2) return limits;
  const { lower, upper } = wilson(limits.value * limits.clusters, limits.clusters, level);
  return { value: limits.value, lower, upper, method: "wilson-clusters", clusters: limits.clusters };
}
