import type { Verdict } from "../../core/score.js";
import type { Arm } from "../../core/traffic-split.js";
import type { RolloutRule } from "../plan/release-plan.js";
import type { AssignmentEvidence } from "./assignment-evidence.js";
import type { Comparison } from "./comparison.js";
import { countText, figureText } from "./figure-text.js";
import type { MeasureValues } from "./measure-values.js";
import type { Measure } from "./measures.js";
import { neededLog, type Proof } from "./proof.js";

interface RuleFindings {
  readonly rule: RolloutRule;
  readonly measure: Measure;
  readonly whole: Comparison;
  readonly proof: Proof | null;
  readonly verdict: Verdict;
  readonly evidence: AssignmentEvidence;
  /** Arms of which nobody told what the measure rests on. */
  readonly silent: readonly Arm[];
  readonly found: MeasureValues;
  readonly reference: "control" | "baseline";
  readonly alpha: number;
}

/** One sentence: the figures of both arms, and what follows from them. */
export function reasonOf(findings: RuleFindings): string {
  const { rule, measure, whole, reference } = findings;
  const side = (name: string, { value, conversations }: Comparison["canary"]) =>
    `${name} ${figureText(value, measure.unit)} of ${countText(conversations)}`;
  const figures = `${side("canary", whole.canary)}, ${side(reference, whole.stable)}`;
  return `${rule.measure}: ${figures}; ${conclusion(findings)}`;
}

function conclusion(findings: RuleFindings): string {
  const { rule, measure, whole, proof, verdict, evidence, found, silent, alpha } = findings;
  const change = rule.threshold.change;
  if (proof !== null) {
    const size = figureText(Math.abs(proof.difference), measure.unit, "difference");
    const since = proof.since === null ? "" : ` since ${new Date(proof.since).toISOString()}`;
    const by =
      proof.log === null
        ? "beyond all that stable showed before"
        : `e-value ${eText(proof.log)}, ${eText(neededLog(alpha))} needed`;
    return `a ${change} of ${size}${since} is proven (${by})`;
  }
  if (whole.canary.conversations === 0 || whole.stable.conversations === 0) {
    const why =
      found.immature > 0 ? `${found.immature} conversations are too young` : "no conversation tells";
    return `nothing to compare: ${why}`;
  }
  if (silent.length > 0) {
    const what = measure.isDelayed ? "an outcome" : "whether it was handed off";
    return `no figures for ${silent.join(" and ")}: nobody told ${what} of any conversation there`;
  }
  if (measure.unit === "count" && whole.canary.value === 0) {
    const bound = 3 / whole.canary.conversations;
    return `none seen bounds the rate at ${figureText(Math.min(1, bound), "proportion")} only (3/n)`;
  }
  const margin =
    whole.margin === null ? "the threshold" : figureText(whole.margin, measure.unit, "difference");
  if (verdict === "pass") {
    return measure.unit === "count"
      ? "nothing points at the canary"
      : `a ${change} of ${margin} is ruled out`;
  }
  return `a ${change} of ${margin} is neither proven (e-value ${eText(evidence.log)}) nor ruled out`;
}

function eText(log: number): string {
  const value = Math.exp(log);
  return value > 1e6 ? "above 1,000,000" : countText(Number(value.toPrecision(3)));
}
