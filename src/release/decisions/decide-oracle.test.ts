import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { assignmentLogRatio } from "../../stats/assignment-log-ratio.js";
import { canaryFailureEProcess } from "../../stats/canary-failure-e-process.js";
import { mixtureRadius } from "../../stats/mixture-radius.js";
import { sampleRatioMismatch } from "../../stats/sample-ratio-mismatch.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import type { StepLog } from "../evidence/release-evidence.js";
import { conversationsForDrop } from "../plan/drop-size.js";
import { rateAlternatives } from "./alternatives.js";
import { AssignmentWeigher } from "./assignment-evidence.js";
import { decide } from "./decide.js";
import { MeasureValues } from "./measure-values.js";
import { measureOf } from "./measures.js";
import { viewOf } from "./release-view.js";
import { conversation, evidenceOf, planOf, request, rule } from "./testing/simulated-traffic.js";

const oracle = JSON.parse(
  readFileSync(new URL("../../../test/oracles/canary-decisions.json", import.meta.url), "utf8"),
) as {
  readonly now: number;
  readonly steps: readonly StepLog[];
  readonly conversations: readonly [
    "canary" | "stable",
    string,
    number,
    number,
    0 | 1,
    number[],
    (0 | 1)[],
  ][];
  readonly decisions: readonly Record<string, number | string | boolean | null>[];
  readonly logEvidence: { readonly resolution_rate: number; readonly error_rate: number };
  readonly facts: {
    readonly mixtureZ: number;
    readonly conversationsForDrop: readonly Record<
      "stableRate" | "drop" | "stablePerCanary" | "conversations",
      number
    >[];
    readonly sampleRatio: readonly Record<"canary" | "stable" | "share" | "p", number>[];
    readonly failureFactors: Record<"share" | "ratio" | "canary" | "stable", number>;
  };
};

const MINUTE = 60_000;
const rules = [
  rule("resolution_rate", "-2% vs control", { windowMs: 15 * MINUTE }),
  rule("error_rate", "+0.5%", { windowMs: 5 * MINUTE }),
  rule("p95_latency", "+500ms", { windowMs: 10 * MINUTE }),
];
const plan = planOf([100, 2500], rules);
const records = oracle.conversations.map(
  ([arm, stratum, bps, at, resolved, latencies, ok], index): ConversationRecord =>
    conversation(`c${index}`, arm, at, bps, {
      stratum,
      resolved: { value: resolved === 1, at },
      requests: latencies.map((latencyMs, turn) => request(at, { latencyMs, ok: ok[turn] === 1 })),
    }),
);
const evidence = evidenceOf(records);
const moment = { now: oracle.now, step: 1, steps: oracle.steps, phase: "bake" as const };

describe("a fixed stream of two steps and two tenants, against numpy and scipy", () => {
  const { rules: decided } = decide(evidence, plan, moment);

  it.each(oracle.decisions)("$measure", (wanted) => {
    const found = decided.find(({ measure }) => measure === wanted.measure);
    const figures = {
      canary: found?.canary.value,
      stable: found?.stable.value,
      difference: found?.difference,
      lower: found?.lower,
      upper: found?.upper,
    };
    for (const [name, value] of Object.entries(figures)) {
      expect(value, name).toBeCloseTo(wanted[name] as number, 9);
    }
    if ("harmRuledOut" in wanted) expect(found?.verdict === "pass").toBe(wanted.harmRuledOut);
  });

  it.each([
    ["resolution_rate", -1, 0.02, 15],
    ["error_rate", 1, 0.005, 5],
  ] as const)("evidence of %s from who got which outcome", (name, direction, margin, minutes) => {
    const view = viewOf(evidence, plan, moment);
    const weigher = new AssignmentWeigher(rateAlternatives(direction, margin), minutes * MINUTE);
    const values = new MeasureValues(measureOf(name)!);
    values.absorb(view.units, view.cuts, (value) => weigher.add(value, oracle.steps));
    const { log } = weigher.evidence(plan);
    expect(log).toBeCloseTo(oracle.logEvidence[name], 9);
  });
});

describe("published figures, against scipy", () => {
  it("z of the mixture where it is tight", () => {
    expect(mixtureRadius(1, { tightAt: 1, alpha: 0.05 })).toBeCloseTo(oracle.facts.mixtureZ, 12);
  });

  it.each(oracle.facts.conversationsForDrop)("conversations for a drop: $stableRate, $drop", (one) => {
    const design = { alpha: 0.05, power: 0.8, stablePerCanary: one.stablePerCanary };
    const relative = conversationsForDrop(one.stableRate, one.drop, design) / one.conversations;
    expect(relative).toBeCloseTo(1, 9);
  });

  it.each(oracle.facts.sampleRatio)("p of a split: $canary to $stable at $share", (one) => {
    const { p } = sampleRatioMismatch([one.canary, one.stable], [one.share, 1 - one.share]);
    expect(p / one.p).toBeCloseTo(1, 9);
  });

  it("what one event of either arm multiplies the evidence by", () => {
    const { share, ratio, canary, stable } = oracle.facts.failureFactors;
    for (const [arm, factor] of [["canary", canary] as const, ["baseline", stable] as const]) {
      const { final } = canaryFailureEProcess([{ arm, share }], { riskRatios: [ratio] });
      expect(final).toBeCloseTo(factor, 12);
      const one = { canary: 0, baseline: 0, [arm]: 1 };
      expect(Math.exp(assignmentLogRatio(one, share, ratio))).toBeCloseTo(factor, 12);
    }
  });
});
