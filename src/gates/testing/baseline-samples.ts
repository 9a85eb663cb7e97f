import type { RunEvidence } from "../../comparison/evidence.js";
import { gateSchema, sliceGateSchema } from "../../config/gates/gate-schema.js";
import { type GatesConfig, gatesSchema } from "../../config/gates/gates-schema.js";
import type { GoldenCase } from "../../core/golden-case.js";
import type { RunHeader } from "../../core/run.js";
import type { MetricFacts } from "../../core/score.js";
import { estimateAll } from "../../metrics/estimate.js";
import type { TrialRow } from "../../metrics/metric.js";
import { type MetricSet, storedMetricSet } from "../../metrics/metric-set.js";
import { rowWith } from "../../metrics/testing/trial-builder.js";
import { sampleCase, sampleRun } from "../../store/testing/store-samples.js";
import type { GateEvidence } from "../gate-evidence.js";
import type { GateResult } from "../gate-report.js";
import { judgeGate } from "../judge-gate.js";
import { sampleEvidence } from "./gate-samples.js";

/** A metric in [0, 1] of which more is better. */
export const QUALITY: MetricFacts = {
  name: "quality",
  layer: "generation",
  unit: "score",
  direction: "higher",
  aggregate: "mean",
  description: "How good the answer is.",
};

/** A rate of passes. */
export const PASSED: MetricFacts = {
  ...QUALITY,
  name: "passed",
  unit: "proportion",
  aggregate: "proportion",
};

/** A case with the score of each trial. */
export interface ScoredCase {
  readonly id: string;
  readonly scores: readonly number[];
  readonly group?: string;
  readonly changes?: Partial<GoldenCase>;
  readonly row?: Partial<TrialRow>;
}

/** One trial a case: `1` passed, `0` failed. */
export function outcomes(text: string, prefix = "c"): ScoredCase[] {
  return [...text].map((mark, index) => ({ id: `${prefix}${index}`, scores: [Number(mark)] }));
}

/** Outcomes of as many pairs of each kind, in one order for both runs. */
export function pairsOf(bothPassed: number, lost: number, won: number, bothFailed: number) {
  const text = (...marks: readonly [string, string, string, string]) =>
    marks.map((mark, index) => mark.repeat([bothPassed, lost, won, bothFailed][index] as number)).join("");
  return { before: outcomes(text("1", "1", "0", "0")), after: outcomes(text("1", "0", "1", "0")) };
}

export function runOf(
  id: string,
  cases: readonly ScoredCase[],
  facts: MetricFacts = PASSED,
  changes: Partial<RunHeader> = {},
  set: MetricSet = storedMetricSet([facts.name], [facts]),
): RunEvidence {
  const rows = cases.flatMap(({ id: caseId, scores, group = caseId, row }) =>
    scores.map((score, trial) => rowWith({ [facts.name]: score }, { caseId, group, trial, ...row })),
  );
  return {
    run: sampleRun(id, { status: "complete", ...changes }),
    rows,
    set,
    cases: new Map(cases.map((one) => [one.id, sampleCase(one.id, one.changes)])),
  };
}

/** What gates see of a run whose baseline is another, whatever rules call it. */
export function evidenceAgainst(own: RunEvidence, baseline: RunEvidence, level = 0.95): GateEvidence {
  return sampleEvidence(estimateAll(own.rows, own.set, level), undefined, {
    own,
    baselineOf: () => ({ found: baseline }),
  });
}

function rulesWith(rule: object, isSlices = false, changes: object = {}): GatesConfig {
  const gates = isSlices ? { gates: [{ metric: "passed", min: 0 }], slices: [rule] } : { gates: [rule] };
  return gatesSchema.parse({ version: 1, ...gates, ...changes });
}

/** Judges one rule, as gates.yaml would say it, on a run against a baseline. */
export function judgeAgainst(rule: object, evidence: GateEvidence, changes: object = {}): GateResult {
  const isSlices = "by" in rule;
  const parsed = isSlices ? sliceGateSchema.parse(rule) : gateSchema.parse(rule);
  return judgeGate(parsed, { evidence, rules: rulesWith(rule, isSlices, changes), name: "the gate" });
}

/** Judges a rule on outcomes of pairs. */
export function judgePairs(rule: object, { before, after }: ReturnType<typeof pairsOf>): GateResult {
  return judgeAgainst(rule, evidenceAgainst(runOf("r2", after), runOf("r1", before)));
}
