import { changeOf } from "../../comparison/compare-metrics.js";
import type { PairCounts } from "../../comparison/comparison.js";
import { alignRuns, type RunEvidence } from "../../comparison/evidence.js";
import { normalUpperQuantile } from "../../stats/normal.js";
import { tangoScore } from "../../stats/tango.js";
import type { GateDifference, GateResult } from "../gate-report.js";
import type { ExplainedStep } from "./gate-explanation.js";
import { num } from "./numbers.js";

/** How the run differs from its baseline: from the counts or values to the interval and the test. */
export function explainDifference(
  { kind, metric, estimate, baseline, difference }: GateResult,
  own: RunEvidence,
  found: RunEvidence | null,
): ExplainedStep[] {
  if (baseline === null || difference === null) return [];
  const pairs =
    metric === null || found === null || difference.design !== "paired"
      ? null
      : pairsOf(metric, own, found, difference);
  const { value, lower, upper, level, n, clusters, reason, test } = difference;
  const isHigher = estimate?.direction !== "lower";
  const what = difference.isRelative ? "candidate / baseline − 1" : "candidate − baseline";
  const side = (limit: number | null) => (limit === null ? "none" : num(limit));
  return [
    {
      title: `Difference from ${baseline.reference} (run ${baseline.runId})`,
      lines: [
        `${difference.design}: ${n} ${difference.design === "paired" ? "cases in both" : "cases in the smaller run"}, ${clusters} groups`,
        ...(pairs === null ? [] : pairLines(pairs)),
        `${what} = ${value === null ? `none${reason === undefined ? "" : `: ${reason}`}` : num(value)}`,
      ],
    },
    {
      title: `Interval of the difference: ${difference.method}, ${num(level * 100)} %`,
      lines: [
        ...(pairs === null ? [] : tangoLines(pairs, difference, (kind === "better") === isHigher ? 1 : -1)),
        `limits = [${side(lower)}, ${side(upper)}]`,
        ...(difference.margin === null ? [] : [`margin = ${num(difference.margin)}`]),
      ],
    },
    ...(test === null
      ? []
      : [
          {
            title: `Test: ${test.name}`,
            lines: [
              ...Object.entries(test.statistics).map(
                ([name, one]) => `${name} = ${one === null ? "none" : num(one)}`,
              ),
              `p = ${test.p === null ? "none" : num(test.p)}`,
            ],
          },
        ]),
  ];
}

/** Counts of paired outcomes, where the interval rests on them. */
function pairsOf(
  metric: string,
  own: RunEvidence,
  found: RunEvidence,
  { method, level, n }: GateDifference,
): PairCounts | null {
  const definition = own.set.metrics.find((one) => one.name === metric);
  if (definition === undefined || !method.startsWith("tango")) return null;
  const { pairs } = changeOf(definition, alignRuns(found, own), level);
  const count = pairs === null ? 0 : pairs.bothPassed + pairs.lost + pairs.won + pairs.bothFailed;
  return count === n ? pairs : null;
}

function pairLines({ bothPassed, lost, won, bothFailed }: PairCounts): string[] {
  const n = bothPassed + lost + won + bothFailed;
  return [
    `${bothPassed} passed in both, ${bothFailed} failed in both, b = ${lost} lost, c = ${won} won, n = ${n}`,
    `(c − b) / n = (${won} − ${lost}) / ${n} = ${num((won - lost) / n)}`,
  ];
}

/** The limits are where the score statistic reaches z; at the margin it says how far that is. */
function tangoLines(
  pairs: PairCounts,
  { lower, upper, level, margin, method }: GateDifference,
  /** On which side of 0 the margin lies. */
  side: 1 | -1,
): string[] {
  const counts = {
    bothPass: pairs.bothPassed,
    baselineOnly: pairs.lost,
    currentOnly: pairs.won,
    bothFail: pairs.bothFailed,
  };
  if (method !== "tango") return ["by Tango's statistic, with the counts scaled to independent groups"];
  const z = normalUpperQuantile((1 - level) / 2);
  const at = (delta: number) =>
    delta > -1 && delta < 1 ? [`T(${num(delta)}) = ${num(tangoScore(counts, delta))}`] : [];
  return [
    "T(δ) = ((c − b)/n − δ) / √(variance of the difference, were it δ); each limit is the δ where |T| = z",
    `z = ${num(z)}`,
    ...[lower, upper].flatMap((limit) => (limit === null ? [] : at(limit))),
    ...(margin === null || margin === 0 ? [] : at(side * margin).map((line) => `${line} at the margin`)),
  ];
}

/** The difference held against what the rule asks: a limit against the margin, or p and the loss. */
export function comparisonWithBaseline({ kind, required, difference, estimate }: GateResult): string[] {
  if (difference === null || difference.value === null || kind === "slices") return [];
  const { margin, value, level, test } = difference;
  const sign = estimate?.direction === "lower" ? -1 : 1;
  const limit = sign === 1 ? difference.lower : difference.upper;
  const name = sign === 1 ? "lower limit" : "upper limit";
  const yesNo = (holds: boolean) => (holds ? "yes" : "no");
  const beyond = (bound: number) => {
    if (limit === null) return [`there is no ${name} to hold against ${num(bound)}`];
    return [
      `${name} ${num(limit)} ${sign === 1 ? ">" : "<"} ${num(bound)}: ${yesNo(sign * limit > sign * bound)}`,
    ];
  };
  if (kind === "better") return beyond(sign * (margin ?? 0));
  if (margin === null) return [];
  const isDrop =
    test === null ? /^no (drop|rise) of more than /.test(required) : !test.name.startsWith("non-inferiority");
  if (!isDrop) return beyond(-sign * margin);
  const alpha = (1 - level) / 2;
  const loss = `loss ${num(-sign * value)} > ${num(margin)}: ${yesNo(-sign * value > margin)}; it fails when both hold`;
  if (test === null) {
    const best = sign === 1 ? difference.upper : difference.lower;
    const isShown = best !== null && sign * best < 0;
    return [`the interval lies on the side of a loss as a whole: ${yesNo(isShown)}`, loss];
  }
  return [
    `p ${test.p === null ? "none" : num(test.p)} < ${num(alpha)}: ${yesNo(test.p !== null && test.p < alpha)}`,
    loss,
  ];
}
