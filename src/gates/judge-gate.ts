import type { AllGate, AnyGate } from "../config/gates/gate-schema.js";
import type { GatesConfig } from "../config/gates/gates-schema.js";
import type { GateEvidence } from "./gate-evidence.js";
import { type AnyRule, type GateKind, kindOf } from "./gate-kind.js";
import type { GateResult } from "./gate-report.js";
import { judgeAll } from "./kinds/all-gate.js";
import { judgeAny } from "./kinds/any-gate.js";
import { judgeBetter } from "./kinds/better-gate.js";
import { judgeBudget } from "./kinds/budget-gate.js";
import { judgeCoverage } from "./kinds/coverage-gate.js";
import { judgeMustPass } from "./kinds/must-pass-gate.js";
import { judgeNoWorse } from "./kinds/no-worse-gate.js";
import { judgeSlices } from "./kinds/slices-gate.js";
import { judgeThreshold } from "./kinds/threshold-gate.js";
import { judgeTrend } from "./kinds/trend-gate.js";

/** What a rule of some kind needs beside itself. */
export interface GateContext {
  readonly evidence: GateEvidence;
  readonly rules: GatesConfig;
  /** Unique name of the gate in its report. */
  readonly name: string;
}

/**
 * Judges one rule of its kind. It never throws for want of data: what cannot be measured is inconclusive, with the
 * reason, and never a pass.
 */
export type GateJudge<Rule extends AnyRule = AnyRule> = (rule: Rule, context: GateContext) => GateResult;

/** One row for each kind. */
const judges: Record<GateKind, GateJudge<never>> = {
  threshold: judgeThreshold,
  "no-worse": judgeNoWorse,
  better: judgeBetter,
  slices: judgeSlices,
  all: (rule: AllGate, context: GateContext) => judgeAll(rule, context, judgeGate),
  any: (rule: AnyGate, context: GateContext) => judgeAny(rule, context, judgeGate),
  coverage: judgeCoverage,
  "must-pass": judgeMustPass,
  budget: judgeBudget,
  trend: judgeTrend,
};

/** Judges one rule by its kind. */
export function judgeGate(rule: AnyRule, context: GateContext): GateResult {
  const judge = judges[kindOf(rule)] as GateJudge;
  return judge(rule, context);
}
