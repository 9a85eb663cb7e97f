import type { BudgetGate } from "../../config/gates/gate-schema.js";
import { formatAgainst, formatQuantity } from "../../core/quantity.js";
import type { MetricUnit } from "../../core/score.js";
import type { TrialRow } from "../../metrics/metric.js";
import { TOTAL_TOKENS } from "../../metrics/operations/tokens.js";
import type { GateResult } from "../gate-report.js";
import type { GateContext } from "../judge-gate.js";
import { unjudged } from "../unjudged.js";
import { countedEstimate } from "./counted-estimate.js";

/** What a trial took, or why nobody knows. */
type Taken = number | string;

interface Budget {
  readonly metric: string;
  readonly unit: MetricUnit;
  /** Of `max` in the file, in the unit. */
  readonly scale: number;
  readonly takenBy: (row: TrialRow) => Taken;
}

const BUDGETS: Readonly<Record<BudgetGate["budget"], Budget>> = {
  usd: {
    metric: "budget.usd",
    unit: "usd",
    scale: 1,
    takenBy: ({ costUsd }) => costUsd ?? "the cost is unknown",
  },
  tokens: {
    metric: "budget.tokens",
    unit: "tokens",
    scale: 1,
    takenBy: ({ scores }) => {
      const score = scores[TOTAL_TOKENS];
      if (score === undefined) return `${TOTAL_TOKENS} was not measured`;
      return score.value ?? score.reason;
    },
  },
  seconds: {
    metric: "budget.seconds",
    unit: "ms",
    scale: 1000,
    takenBy: ({ untimed, durationMs }) => untimed ?? durationMs,
  },
};

/** Rounding of a sum may move it by a few units in the last place; relative to the budget. */
const ROUNDING = 1e-12;

/**
 * Judges what all trials of the run took together, broken ones included: US dollars of the agent's model calls, tokens
 * of them, or the sum of the trials' durations, which does not depend on how many run at once or on pauses.
 *
 * What is known decides alone only when it is above the budget. Otherwise a trial of which nobody knows what it took,
 * or that was not run, makes the gate inconclusive: unknown is not 0.
 */
export function judgeBudget(rule: BudgetGate, context: GateContext): GateResult {
  const { judged, own } = context.evidence;
  const { metric, unit, scale, takenBy } = BUDGETS[rule.budget];
  const taken = own.rows.map(takenBy);
  const known = taken.filter((one): one is number => typeof one === "number");
  const unscored = countsOf([
    ...taken.filter((one): one is string => typeof one === "string"),
    ...Array<string>(Math.max(0, judged.planned - own.rows.length)).fill("not run"),
  ]);
  const unknown = Object.values(unscored).reduce((sum, count) => sum + count, 0);
  const sum = known.reduce((total, one) => total + one, 0);
  const max = rule.max * scale;
  const isAbove = sum > max * (1 + ROUNDING);
  const isKnown = unknown === 0 && known.length > 0;
  const verdict = isAbove ? "fail" : isKnown ? "pass" : "inconclusive";
  const limit = formatQuantity(max, unit);
  const value = isKnown || isAbove ? sum : null;
  const amount = `${isKnown ? "" : "at least "}${isAbove ? formatAgainst(sum, max, unit) : formatQuantity(sum, unit)}${unit === "tokens" ? " tokens" : ""}`;
  const found = known.length === 0 ? "Of no trial it is known what it took" : `The trials took ${amount}`;
  const whys = Object.entries(unscored).map(([why, count]) => `${count} (${why})`);
  const rest =
    unknown === 0 ? "" : `; unknown of ${unknown} of ${unknown + known.length}: ${whys.join(", ")}`;
  return {
    ...unjudged(rule, "budget", context.name),
    required: `<= ${rule.budget === "usd" ? `$${rule.max}` : `${rule.max} ${rule.budget}`} over the whole run`,
    estimate: countedEstimate(
      { metric, unit, direction: "lower", value, n: known.length, unscored },
      context,
    ),
    verdict,
    reason: `${found}, wanted at most ${limit}${rest}.${rule.budget === "seconds" ? wallClock(own.rows) : ""}`,
    toSettle: verdict === "inconclusive" && unknown > 0 ? `what ${unknown} more trials took` : null,
  };
}

function countsOf(reasons: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** From the first start to the last end: with pauses, and shorter where trials ran side by side. */
function wallClock(rows: readonly TrialRow[]): string {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const { startedAtMs, durationMs, untimed } of rows) {
    if (startedAtMs === undefined || untimed !== null) return "";
    start = Math.min(start, startedAtMs);
    end = Math.max(end, startedAtMs + durationMs);
  }
  return rows.length === 0
    ? ""
    : ` From the first start to the last end: ${formatQuantity(end - start, "ms")}.`;
}
