import type { ThresholdGate } from "../../config/gates/gate-schema.js";
import type { Verdict } from "../../core/score.js";
import type { CaseMetric } from "../../metrics/metric.js";
import { boundedLimits } from "../../metrics/sample.js";
import {
  binomialDecisionChances,
  type DecisionChances,
  pairedDecisionChances,
} from "../../stats/decision-chances.js";
import { mcnemarExact } from "../../stats/mcnemar-exact.js";
import { normalUpperQuantile } from "../../stats/normal.js";
import { leastAbove } from "../../stats/significant-drop.js";
import { tangoScore } from "../../stats/tango.js";
import { levelOf } from "../judge-gates.js";
import { judgeThreshold } from "../kinds/threshold-gate.js";
import { drawnEvidence } from "./drawn-evidence.js";
import type { VerdictChances } from "./gate-plan.js";
import type { PlanWorld } from "./plan-input.js";
import type { PoolFacts } from "./pool-facts.js";

/** Fewest lost cases among the discordant ones with p < alpha; one more than there are where none has. */
function criticalLosses(discordant: number, alpha: number): number {
  let low = 0;
  let high = discordant + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (mcnemarExact(middle, discordant - middle, "worse").p < alpha) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Whether the cases are independent outcomes 0 or 1, one trial each: then sums over all outcomes are exact. */
export function isExact(world: PlanWorld, facts: PoolFacts): boolean {
  return (
    world.trialsPerCase === 1 &&
    facts.isBinary &&
    facts.isWhole &&
    world.pool.slots.every((slot) => slot.cases.length === 1)
  );
}

/** Chances of a threshold on a rate or on a number of events, by its true rate: each count is judged once. */
export function exactThreshold(
  world: PlanWorld,
  rule: ThresholdGate,
  metric: CaseMetric,
  { cases: n }: Pick<PoolFacts, "cases">,
): (rate: number) => VerdictChances {
  const level = levelOf(world.rules);
  const evidence = drawnEvidence(world, [], () => []);
  const groups = Array.from({ length: n }, (_, index) => String(index));
  const verdicts = new Map<number, Verdict>();
  const judged = (passed: number): Verdict => {
    const limits =
      metric.aggregate === "sum"
        ? { value: passed, lower: null, upper: null, method: "sum", clusters: n }
        : boundedLimits(
            groups.map((_, index) => (index < passed ? 1 : 0)),
            groups,
            level,
            true,
          );
    const { name, unit, direction } = metric;
    const estimate = { metric: name, unit, direction, ...limits, level, n, unscored: {} };
    const context = {
      evidence: { ...evidence, estimates: [estimate] },
      rules: world.rules,
      name: rule.metric,
    };
    return judgeThreshold(rule, context).verdict;
  };
  return (rate) =>
    chancesOf(
      binomialDecisionChances(n, rate, (passed) => {
        const verdict = verdicts.get(passed) ?? judged(passed);
        verdicts.set(passed, verdict);
        return verdict;
      }),
    );
}

/** Outcomes of pairs of cases. */
interface PairedFacts {
  readonly cases: number;
  readonly rate: number;
  readonly discordant: number;
}

/** Chances that a case is lost, and won: those that differ anyway, and of the good outcomes those that a drop turns. */
function discordantRates(
  { rate, discordant }: PairedFacts,
  direction: CaseMetric["direction"],
  drop: number,
): { readonly lost: number; readonly won: number } {
  const good = direction === "higher" ? rate : 1 - rate;
  const turned = good === 0 ? 0 : Math.min(1, drop / good);
  const half = discordant / 2;
  return { lost: Math.max(0, half + (good - half) * turned), won: half * (1 - turned) };
}

/**
 * Chances of paired non-inferiority by an absolute margin, after a drop. Lost cases: those that differ anyway, and passes
 * that the drop turned over.
 */
export function exactNonInferiority(
  facts: PairedFacts,
  direction: CaseMetric["direction"],
  margin: number,
  alpha: number,
  drop: number,
): VerdictChances {
  const { cases: n } = facts;
  const { lost, won } = discordantRates(facts, direction, drop);
  const z = normalUpperQuantile(alpha);
  return chancesOf(
    pairedDecisionChances(n, lost, won, (baselineOnly, currentOnly) => {
      const bothPass = n - baselineOnly - currentOnly;
      const score = tangoScore({ bothPass, baselineOnly, currentOnly, bothFail: 0 }, -margin);
      if (score > z) return "pass";
      return score < -z ? "fail" : "inconclusive";
    }),
  );
}

/** Chances of the rule of a significant drop on pairs, after a drop: exact McNemar, and more than the margin lost. */
export function exactSignificantDrop(
  facts: PairedFacts,
  direction: CaseMetric["direction"],
  margin: number,
  alpha: number,
  drop: number,
): VerdictChances {
  const { cases: n } = facts;
  const { lost, won } = discordantRates(facts, direction, drop);
  const least = leastAbove(margin, n);
  const critical = new Map<number, number>();
  return chancesOf(
    pairedDecisionChances(n, lost, won, (baselineOnly, currentOnly) => {
      const discordant = baselineOnly + currentOnly;
      const known = critical.get(discordant) ?? criticalLosses(discordant, alpha);
      critical.set(discordant, known);
      return baselineOnly >= known && baselineOnly - currentOnly >= least ? "fail" : "pass";
    }),
  );
}

function chancesOf(chances: DecisionChances<Verdict>): VerdictChances {
  const pass = chances.pass ?? 0;
  const inconclusive = chances.inconclusive ?? 0;
  return { pass, inconclusive, fail: Math.max(0, 1 - pass - inconclusive), standardError: null };
}
