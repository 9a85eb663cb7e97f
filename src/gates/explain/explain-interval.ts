import { formatQuantity } from "../../core/quantity.js";
import type { Estimate } from "../../core/score.js";
import { normalUpperQuantile } from "../../stats/normal.js";
import { quantileInterval } from "../../stats/quantile.js";
import { studentTUpperQuantile } from "../../stats/student-t.js";
import { wilson } from "../../stats/wilson.js";
import type { ExplainedStep } from "./gate-explanation.js";
import { num } from "./numbers.js";

/** The interval of an estimate, worked out again from what the estimate holds. */
export function explainInterval(estimate: Estimate): ExplainedStep | null {
  const { value, lower, upper, method, n } = estimate;
  if (value === null) return null;
  if (lower === null && upper === null) {
    const why = estimate.reason === undefined ? "" : `: ${estimate.reason}`;
    const lines = [method === "sum" ? "a sum of what was counted has none" : `none (${method})${why}`];
    return { title: "Interval", lines };
  }
  const title = `Interval: ${method}, ${num(estimate.level * 100)} %`;
  return { title, lines: [...linesOf(estimate, value), `limits = ${limitsOf(estimate)} from ${n} trials`] };
}

function limitsOf({ lower, upper, unit }: Estimate): string {
  const side = (limit: number | null) => (limit === null ? "none" : formatQuantity(limit, unit));
  return `[${side(lower)}, ${side(upper)}]`;
}

function linesOf(estimate: Estimate, value: number): string[] {
  switch (estimate.method) {
    case "wilson":
      return wilsonLines(estimate, Math.round(value * estimate.n), estimate.n);
    case "wilson-clusters":
      return value === 0 || value === 1 ? agreeingLines(estimate, value) : alikeLines(estimate, value);
    case "t":
      return studentLines(estimate, value, estimate.n, "values");
    case "clustered-t":
      return studentLines(estimate, value, estimate.clusters, "groups");
    case "order-statistics":
      return rankLines(estimate);
    default:
      return [`by ${estimate.method} over ${estimate.clusters} groups`];
  }
}

function agreeingLines(estimate: Estimate, value: number): string[] {
  return [
    `every trial of all ${estimate.clusters} groups agrees: each group counts as one trial`,
    ...wilsonLines(estimate, Math.round(value * estimate.clusters), estimate.clusters),
  ];
}

function alikeLines({ level, clusters, lower, upper }: Estimate, value: number): string[] {
  const z = normalUpperQuantile((1 - level) / 2);
  const share = z ** 2 / (clusters + z ** 2);
  return [
    `mean = ${num(value)} in each of G = ${clusters} groups: no variance shows, so how many others may differ is bounded`,
    `share that may = z² / (G + z²) = ${num(z ** 2)} / ${num(clusters + z ** 2)} = ${num(share)}, at either end of the range`,
    `lower limit = ${num(lower ?? 0)}, upper limit = ${num(upper ?? 1)}`,
  ];
}

function wilsonLines({ level, lower, upper }: Estimate, passed: number, n: number): string[] {
  const again = wilson(passed, n, level);
  const z = normalUpperQuantile((1 - level) / 2);
  const p = passed / n;
  const shrink = 1 + z ** 2 / n;
  const centre = (p + z ** 2 / (2 * n)) / shrink;
  const half = (z * Math.sqrt((p * (1 - p)) / n + z ** 2 / (4 * n ** 2))) / shrink;
  return [
    `x = ${passed} passed of n = ${n}; p = x / n = ${num(p)}; z = ${num(z)}`,
    `centre = (p + z²/2n) / (1 + z²/n) = (${num(p)} + ${num(z ** 2 / (2 * n))}) / ${num(shrink)} = ${num(centre)}`,
    `half = z √(p(1 − p)/n + z²/4n²) / (1 + z²/n) = ${num(z)} √(${num((p * (1 - p)) / n)} + ${num(z ** 2 / (4 * n ** 2))}) / ${num(shrink)} = ${num(half)}`,
    `centre − half = ${num(again.lower ?? 0)}, centre + half = ${num(again.upper ?? 1)}`,
    ...(differs(again.lower, lower) || differs(again.upper, upper)
      ? ["the limits below are those that were judged; they rest on more than x and n"]
      : []),
  ];
}

/** Limits that were cut to the range of the metric are no longer symmetric: then the wider side tells the error. */
function studentLines(estimate: Estimate, value: number, count: number, noun: string): string[] {
  const { lower, upper, level, unit } = estimate;
  const half = Math.max(lower === null ? 0 : value - lower, upper === null ? 0 : upper - value);
  if (count < 2 || half === 0) return [`mean = ${num(value)} over ${count} ${noun}, which do not differ`];
  const t = studentTUpperQuantile((1 - level) / 2, count - 1);
  if (lower === 0 && upper === 1 && (unit === "proportion" || unit === "score")) {
    return [
      `mean = ${num(value)} over ${count} independent ${noun}; t = ${num(t)} at ${count - 1} degrees of freedom`,
      "mean ± t × standard error leaves the range of the metric on both sides: cut to 0 and 1",
    ];
  }
  return [
    `mean = ${num(value)} over ${count} independent ${noun}; t = ${num(t)} at ${count - 1} degrees of freedom`,
    `standard error = ${num(half / t)}; half = t × standard error = ${num(half)}`,
    `mean − half = ${num(value - half)}, mean + half = ${num(value + half)}, cut to the range of the metric`,
  ];
}

function rankLines({ metric, n, level }: Estimate): string[] {
  const percent = /p(\d{2})/.exec(metric)?.[1];
  if (percent === undefined) return [`between two of ${n} sorted values`];
  const ranks = Array.from({ length: n }, (_, index) => index + 1);
  const { lowerRank, upperRank, coverage } = quantileInterval(ranks, Number(percent) / 100, level);
  const edge = (rank: number) =>
    rank < 1 || rank > n ? "none: too few values" : `the value of rank ${rank}`;
  return [
    `${n} sorted values; how many lie below the true p${percent} is Binomial(${n}, 0.${percent})`,
    `lower limit: ${edge(lowerRank)}; upper limit: ${edge(upperRank)}`,
    ...(coverage === null ? [] : [`both together cover it with probability ${num(coverage)}`]),
  ];
}

function differs(one: number | null, other: number | null): boolean {
  return one !== null && other !== null && Math.abs(one - other) > 1e-9;
}
