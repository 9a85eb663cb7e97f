import type { CaseMetric, TrialRow } from "../../metrics/metric.js";
import { populationSuccesses } from "../../stats/finite-population-set.js";
import type { GateEvidence } from "../gate-evidence.js";
import type { AnyRule } from "../gate-kind.js";
import type { GateContext, GateJudge } from "../judge-gate.js";
import { assumedRow, evidenceWith } from "./complete-run.js";
import type { TrialPrefix } from "./trial-prefix.js";

/** A verdict that the whole run would give as well. */
export interface GateDecision {
  readonly verdict: "pass" | "fail";
  /** One sentence. */
  readonly reason: string;
}

interface Stratum {
  readonly done: readonly TrialRow[];
  readonly remaining: TrialPrefix["remaining"];
}

/**
 * Decides a gate on a rate: each trial succeeds or fails, and the verdict of the whole run depends on how many succeed
 * alone (in each stratum). The real judge is asked at both ends of what is compatible with the trials so far; in between
 * lie only verdicts between the two, since more successes never make a gate of this kind worse.
 *
 * @param stratumOf - trials that are exchangeable with each other: all of them, or by the outcome in the baseline
 * @returns `null` while both verdicts are possible
 */
export function decideRate(
  rule: AnyRule,
  metric: CaseMetric,
  context: GateContext,
  prefix: TrialPrefix,
  judge: GateJudge,
  stratumOf: (caseId: string) => string = () => "",
): GateDecision | null {
  if (!prefix.rows.every((row) => isOutcome(scoreOf(row, metric)))) return null;
  const strata = divide(prefix, stratumOf);
  const alpha = context.rules.defaults.alpha / strata.length;
  const ends = (["lower", "upper"] as const).flatMap((end) =>
    (["fewest", "most"] as const).map((others) =>
      strata.flatMap((stratum) => completed(stratum, metric, end, others, alpha, context.evidence)),
    ),
  );
  const rows = ends.map((end) => [...prefix.rows, ...end.filter((row) => row !== null)]);
  if (ends.some((end) => end.includes(null))) return null;
  const { level, verdicts } = judged(rule, metric, context, rows, judge);
  const [first] = verdicts;
  if ((first !== "pass" && first !== "fail") || verdicts.some((verdict) => verdict !== first)) return null;
  const total = prefix.rows.length + prefix.remaining.length;
  const reason =
    prefix.remaining.length === 0
      ? "Every trial was run."
      : `After ${prefix.rows.length} of ${total} trials, every number of successes of the whole that is compatible with them (confidence ${Number((level * 100).toPrecision(6))} %, at all looks together) gives ${first}.`;
  return { verdict: first, reason };
}

function judged(
  rule: AnyRule,
  metric: CaseMetric,
  context: GateContext,
  ends: readonly (readonly TrialRow[])[],
  judge: GateJudge,
) {
  const level = 1 - context.rules.defaults.alpha;
  const verdicts = ends.map(
    (rows) =>
      judge(rule, { ...context, evidence: evidenceWith(context.evidence, rows, metric, level) }).verdict,
  );
  return { level, verdicts };
}

function scoreOf(row: TrialRow, metric: CaseMetric): number | null {
  return row.scores[metric.name]?.value ?? null;
}

function isOutcome(value: number | null): boolean {
  return value === null || value === 0 || value === 1;
}

function divide({ rows, remaining }: TrialPrefix, stratumOf: (caseId: string) => string): Stratum[] {
  const names = new Set([...rows, ...remaining].map(({ caseId }) => stratumOf(caseId)));
  return [...names].map((name) => ({
    done: rows.filter(({ caseId }) => stratumOf(caseId) === name),
    remaining: remaining.filter(({ caseId }) => stratumOf(caseId) === name),
  }));
}

/** The remaining trials of a stratum at one end of what is possible; `[null]` where nothing is compatible. */
function completed(
  { done, remaining }: Stratum,
  metric: CaseMetric,
  end: "lower" | "upper",
  others: "fewest" | "most",
  alpha: number,
  { own }: GateEvidence,
): (TrialRow | null)[] {
  const values = done.map((row) => scoreOf(row, metric));
  const drawn = {
    successes: values.filter((value) => value === 1).length,
    failures: values.filter((value) => value === 0).length,
    others: values.filter((value) => value === null).length,
  };
  const size = done.length + remaining.length;
  const unscored = others === "fewest" ? drawn.others : mostOthers(drawn, size, alpha);
  const range = populationSuccesses(drawn, size, unscored, alpha);
  if (range === null) return [null];
  const successes = range[end] - drawn.successes;
  const scoredCount = successes + (size - unscored - range[end] - drawn.failures);
  const groupOf = (caseId: string) => own.cases.get(caseId)?.group ?? caseId;
  return remaining.map((planned, index) => {
    const score = index < successes ? 1 : index < scoredCount ? 0 : null;
    return assumedRow({ planned, score }, metric.name, groupOf);
  });
}

/** The largest number of trials without a score that is compatible with those so far. */
function mostOthers(
  drawn: { readonly successes: number; readonly failures: number; readonly others: number },
  size: number,
  alpha: number,
): number {
  let [within, beyond] = [drawn.others, size - drawn.successes - drawn.failures];
  const isCompatible = (others: number) => populationSuccesses(drawn, size, others, alpha) !== null;
  if (isCompatible(beyond)) return beyond;
  while (beyond - within > 1) {
    const middle = Math.trunc((within + beyond) / 2);
    if (isCompatible(middle)) within = middle;
    else beyond = middle;
  }
  return within;
}
