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
  const alpha = context.rules.defaults.alpha / strata.length / ratesIn(context);
  const compatible = strata.map((stratum) => compositionsOf(stratum, metric, alpha));
  if (compatible.some((compositions) => compositions.length === 0)) return null;
  const rows = ENDS.map((end) => [
    ...prefix.rows,
    ...strata.flatMap((stratum, index) =>
      completed(stratum, metric, end(compatible[index] as readonly Composition[]), context.evidence),
    ),
  ]);
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

/**
 * How many rates the rules of a file ask for, at least 1: the error rate of the verdict is shared among them, so that many
 * gates err together no more often than one.
 */
function ratesIn({ rules, evidence: { own } }: GateContext): number {
  const leaves = (rule: AnyRule): readonly AnyRule[] =>
    "all" in rule ? rule.all.flatMap(leaves) : "any" in rule ? rule.any.flatMap(leaves) : [rule];
  const asked = rules.gates.flatMap(leaves).flatMap((rule) => {
    if (!("metric" in rule) || "coverage" in rule || "trend" in rule) return [];
    const metric = own.set.metrics.find(({ name }) => name === rule.metric);
    if (metric?.level !== "case" || metric.aggregate !== "proportion") return [];
    const against =
      "no_worse_than" in rule ? rule.no_worse_than : "better_than" in rule ? rule.better_than : "";
    return [`${rule.metric} ${against}`];
  });
  return Math.max(1, new Set(asked).size);
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

/** How many trials of a whole stratum succeed, fail, and have no score. */
interface Composition {
  readonly successes: number;
  readonly failures: number;
}

/**
 * The compositions of a stratum that are compatible with its trials so far, the fewest and the most successes of each
 * number of trials without a score. All such numbers are looked at: few successes are least compatible with a number that
 * is itself unlikely, so that the lowest rate lies in between.
 */
function compositionsOf({ done, remaining }: Stratum, metric: CaseMetric, alpha: number): Composition[] {
  const values = done.map((row) => scoreOf(row, metric));
  const drawn = {
    successes: values.filter((value) => value === 1).length,
    failures: values.filter((value) => value === 0).length,
    others: values.filter((value) => value === null).length,
  };
  const size = done.length + remaining.length;
  const found: Composition[] = [];
  for (let others = drawn.others; others <= drawn.others + remaining.length; others += 1) {
    const range = populationSuccesses(drawn, size, others, alpha);
    // The likelihood falls on both sides of its maximum: behind the last compatible number there is no other.
    if (range === null && found.length > 0) break;
    if (range === null) continue;
    found.push(
      ...[range.lower, range.upper].map((successes) => ({ successes, failures: size - others - successes })),
    );
  }
  return found;
}

function rateOf({ successes, failures }: Composition): number {
  return successes + failures === 0 ? 0.5 : successes / (successes + failures);
}

/** What the verdicts are asked at: the ends of the rate, of the successes, and of the failures. */
const ENDS = [1, -1].flatMap((sign) =>
  [
    (one: Composition) => sign * rateOf(one),
    (one: Composition) => sign * one.successes,
    (one: Composition) => -sign * one.failures,
  ].map(
    (measure) =>
      (compositions: readonly Composition[]): Composition =>
        compositions.reduce((best, one) => (measure(one) < measure(best) ? one : best)),
  ),
);

/** The remaining trials of a stratum, were this the whole. */
function completed(
  { done, remaining }: Stratum,
  metric: CaseMetric,
  whole: Composition,
  { own }: GateEvidence,
): TrialRow[] {
  const count = (outcome: 0 | 1) => done.filter((row) => scoreOf(row, metric) === outcome).length;
  const successes = whole.successes - count(1);
  const scoredCount = successes + whole.failures - count(0);
  const groupOf = (caseId: string) => own.cases.get(caseId)?.group ?? caseId;
  return remaining.map((planned, index) => {
    const score = index < successes ? 1 : index < scoredCount ? 0 : null;
    return assumedRow({ planned, score }, metric.name, groupOf);
  });
}
