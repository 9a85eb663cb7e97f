import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ThresholdGate } from "../config/gates/gate-schema.js";
import { gatesSchema } from "../config/gates/gates-schema.js";
import type { Estimate } from "../core/score.js";
import { exitCodeFor } from "./exit-code.js";
import type { JudgedRun } from "./gate-evidence.js";
import { judgeGates, levelOf } from "./judge-gates.js";
import { judgeThreshold } from "./kinds/threshold-gate.js";
import { COMPLETE_RUN, sampleEstimate, sampleEvidence } from "./testing/gate-samples.js";
import { evidenceToSettle } from "./trials-to-settle.js";

const Z = 1.959963984540054;

function wilson(successes: number, n: number): { lower: number; upper: number } {
  const p = successes / n;
  const denominator = 1 + Z ** 2 / n;
  const centre = (p + Z ** 2 / (2 * n)) / denominator;
  const half = (Z * Math.sqrt((p * (1 - p)) / n + Z ** 2 / (4 * n ** 2))) / denominator;
  return { lower: successes === 0 ? 0 : centre - half, upper: successes === n ? 1 : centre + half };
}

function proportion(successes: number, n: number): Estimate {
  return sampleEstimate({ value: successes / n, n, clusters: n, method: "wilson", ...wilson(successes, n) });
}

function rulesOf(...gates: object[]) {
  return gatesSchema.parse({ version: 1, gates: gates.map((gate) => ({ metric: "faithfulness", ...gate })) });
}

function judgeOne(rule: ReturnType<typeof ruleOf>, estimate: Estimate | null) {
  const own = estimate === null ? [] : [{ ...estimate, metric: rule.metric }];
  return judgeThreshold(rule, {
    evidence: sampleEvidence(own),
    name: rule.metric,
  });
}

function ruleOf(gate: object) {
  return rulesOf(gate).gates[0] as ThresholdGate;
}

describe("a metric of a judge", () => {
  it.each([
    ["min below the value", { min: 0.1 }],
    ["min above the value", { min: 0.99 }],
    ["a bound that clears", { min: 0.1, bound: "lower" }],
    ["max", { max: 1 }],
  ])("decides nothing before its judge is calibrated: %s", (_what, gate) => {
    const rule = ruleOf({ ...gate, metric: "judge.faithfulness" });
    const result = judgeOne(rule, { ...proportion(90, 100), metric: "judge.faithfulness" });
    expect(result.verdict).toBe("inconclusive");
    expect(result.reason).toContain("The judge is not calibrated");
  });

  it("keeps the whole from passing, and is no hindrance as a warning", () => {
    const judged = { ...proportion(100, 100), metric: "judge.faithfulness" };
    const verdictOf = (severity: string) => {
      const rules = gatesSchema.parse({
        version: 1,
        defaults: { on_inconclusive: "inconclusive" },
        gates: [{ metric: "judge.faithfulness", min: 0.5, severity }],
      });
      return judgeGates(rules, sampleEvidence([judged])).verdict;
    };
    expect(verdictOf("major")).toBe("inconclusive");
    expect(verdictOf("minor")).toBe("pass");
  });
});

describe("judgeOne", () => {
  it.each([
    ["at the floor", { min: 0.85 }, { value: 0.85 }, "pass"],
    ["under the floor", { min: 0.85 }, { value: 0.8499 }, "fail"],
    ["at the floor but for rounding", { min: 0.3 }, { value: (0.1 + 0.2 + 0.6) / 3 - 1e-16 }, "pass"],
    ["at the ceiling", { max: 3500 }, { value: 3500, unit: "ms" }, "pass"],
    ["over the ceiling", { max: 3500 }, { value: 3500.01, unit: "ms" }, "fail"],
    ["within both", { min: 0.2, max: 0.9 }, { value: 0.5 }, "pass"],
    ["outside one of both", { min: 0.2, max: 0.9 }, { value: 0.95 }, "fail"],
    ["zero wanted, zero found", { max: 0 }, { value: 0, unit: "count" }, "pass"],
    ["zero wanted, one found", { max: 0 }, { value: 1, unit: "count" }, "fail"],
    ["no value", { min: 0 }, { value: null, n: 0 }, "inconclusive"],
    ["a value that is no number", { min: 0 }, { value: Number.NaN }, "inconclusive"],
    ["lower limit at the floor", { min: 0.85, bound: "lower" }, { lower: 0.85, upper: 0.95 }, "pass"],
    [
      "interval around the floor",
      { min: 0.85, bound: "lower" },
      { lower: 0.84, upper: 0.95 },
      "inconclusive",
    ],
    [
      "interval touching the floor",
      { min: 0.85, bound: "lower" },
      { lower: 0.7, upper: 0.85 },
      "inconclusive",
    ],
    ["interval under the floor", { min: 0.85, bound: "lower" }, { lower: 0.7, upper: 0.849 }, "fail"],
    ["no limits", { min: 0.85, bound: "lower" }, { value: 1 }, "inconclusive"],
    ["upper limit at the ceiling", { max: 0.1, bound: "upper" }, { value: 0, lower: 0, upper: 0.1 }, "pass"],
    ["no upper limit", { max: 9, bound: "upper" }, { value: 5, lower: 4, upper: null }, "inconclusive"],
    ["no upper limit, and too high anyway", { max: 9, bound: "upper" }, { value: 12, lower: 10 }, "fail"],
    [
      "interval around the ceiling",
      { max: 9, bound: "upper" },
      { value: 9, lower: 8, upper: 10 },
      "inconclusive",
    ],
    ["upper limit over a lenient floor", { min: 0.8, bound: "upper" }, { lower: 0.6, upper: 0.8 }, "pass"],
    ["an infinite limit", { min: 0, bound: "lower" }, { lower: Number.POSITIVE_INFINITY }, "inconclusive"],
    [
      "one side settled against it",
      { min: 0.2, max: 0.9, bound: "lower" },
      { lower: 0.1, upper: 0.15 },
      "fail",
    ],
  ] as const)("judges %s", (_what, rule, changes, verdict) => {
    expect(judgeOne(ruleOf(rule), sampleEstimate(changes)).verdict).toBe(verdict);
  });

  it("never passes a metric that was not measured", () => {
    const result = judgeOne(ruleOf({ min: 0 }), null);
    expect(result.verdict).toBe("inconclusive");
    expect(result.reason).toBe("faithfulness was not measured in this run.");
  });

  it.each([
    [{ min: 0.85 }, {}, ">= 0.85"],
    [{ min: 0.85, bound: "lower" }, {}, "lower bound >= 0.85"],
    [{ max: 3500 }, { unit: "ms" }, "<= 3500 ms"],
    [{ max: 0.08 }, { unit: "usd" }, "<= $0.08"],
    [{ min: 1, max: 2, bound: "upper" }, { unit: "count" }, "upper bound >= 1 and <= 2"],
  ] as const)("writes the requirement %o", (rule, changes, required) => {
    expect(judgeOne(ruleOf(rule), sampleEstimate(changes)).required).toBe(required);
  });

  it.each([
    [
      { min: 0.85 },
      sampleEstimate({ value: 0.84996, unscored: { "nothing retrieved": 7 } }),
      "Measured 0.84996, wanted at least 0.85. 100 trials were scored, 7 were not.",
    ],
    [
      { min: 0.85 },
      sampleEstimate({ value: 0.84, n: 1, unscored: { "nothing retrieved": 1 } }),
      "Measured 0.84, wanted at least 0.85. 1 trial was scored, 1 was not.",
    ],
    [
      { min: 0.85, bound: "lower" },
      proportion(18, 20),
      "The interval [0.699, 0.9721] straddles 0.85; about 176 more trials at the same rate would settle it.",
    ],
    [
      { min: 0.9, bound: "lower" },
      proportion(18, 20),
      "The interval [0.699, 0.9721] straddles 0.9; how many more trials would settle it cannot be said.",
    ],
    [
      { min: 0.9, bound: "lower" },
      proportion(1, 10),
      "The whole interval lies below: its upper limit is 0.4042, wanted at least 0.9.",
    ],
    [
      { max: 3500, bound: "upper" },
      sampleEstimate({ unit: "ms", value: 2000, lower: 1500, n: 30, reason: "95 % needs 72 trials" }),
      "There is no upper bound: 95 % needs 72 trials.",
    ],
    [
      { min: 0.5, bound: "lower" },
      sampleEstimate({ value: 0.6, lower: 0.4, upper: 0.8, n: 40, clusters: 10, method: "clustered-t" }),
      "The interval [0.4, 0.8] straddles 0.5; about 30 more cases at the same rate would settle it.",
    ],
    [
      { min: 0.95, bound: "lower" },
      sampleEstimate({ value: 1, n: 40, clusters: 20, method: "wilson-clusters", ...wilson(20, 20) }),
      "The interval [0.8389, 1] straddles 0.95; about 53 more cases at the same rate would settle it.",
    ],
    [
      { min: 0 },
      sampleEstimate({ value: null, n: 0, reason: "no case names sources" }),
      "No value: no case names sources.",
    ],
  ])("says why: %o", (rule, measured, reason) => {
    expect(judgeOne(ruleOf(rule), measured).reason).toBe(reason);
  });
});

describe("judgeOne on more evidence", () => {
  const counts = fc
    .tuple(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([n, share]) => ({ n, successes: Math.round(n * share) }));
  const thresholds = fc.double({ min: 0.01, max: 0.99, noNaN: true });

  it("at the same rate never turns a pass into a fail or back", () => {
    fc.assert(
      fc.property(counts, thresholds, fc.integer({ min: 2, max: 50 }), (few, min, times) => {
        const rule = ruleOf({ min, bound: "lower" });
        const before = judgeOne(rule, proportion(few.successes, few.n)).verdict;
        const after = judgeOne(rule, proportion(few.successes * times, few.n * times)).verdict;
        if (before !== "inconclusive") expect(after).toBe(before);
      }),
    );
  });

  it("is settled by as many more trials as it names, and not by a tenth fewer", () => {
    fc.assert(
      fc.property(counts, thresholds, (few, min) => {
        const rule = ruleOf({ min, bound: "lower" });
        const measured = proportion(few.successes, few.n);
        const more = evidenceToSettle(measured, min);
        if (judgeOne(rule, measured).verdict !== "inconclusive" || more === null) return;
        const at = (n: number) => {
          const successes = (n * few.successes) / few.n;
          return judgeOne(rule, proportion(successes, n)).verdict;
        };
        expect(at(few.n + more.count)).not.toBe("inconclusive");
        if (more.count > 20) expect(at(few.n + Math.floor(more.count * 0.9))).toBe("inconclusive");
      }),
    );
  });

  it("a higher floor never turns a fail into a pass", () => {
    fc.assert(
      fc.property(counts, thresholds, thresholds, (few, one, other) => {
        const judge = (min: number) =>
          ["fail", "inconclusive", "pass"].indexOf(
            judgeOne(ruleOf({ min, bound: "lower" }), proportion(few.successes, few.n)).verdict,
          );
        expect(judge(Math.max(one, other))).toBeLessThanOrEqual(judge(Math.min(one, other)));
      }),
    );
  });
});

describe("judgeGates", () => {
  const good = sampleEstimate({ value: 0.9 });
  const bad = sampleEstimate({ metric: "bad", value: 0.1 });
  const none = sampleEstimate({ metric: "none", value: null });

  it.each([
    ["all pass", [{ min: 0.5 }], COMPLETE_RUN, "pass", 0],
    ["one fails", [{ min: 0.5 }, { metric: "bad", min: 0.5 }], COMPLETE_RUN, "fail", 0],
    [
      "a minor one fails",
      [{ min: 0.5 }, { metric: "bad", min: 0.5, severity: "minor" }],
      COMPLETE_RUN,
      "pass",
      0,
    ],
    ["inconclusive by default", [{ metric: "none", min: 0.5 }], COMPLETE_RUN, "fail", 0],
    [
      "inconclusive as the rule says",
      [{ metric: "none", min: 0.5, on_inconclusive: "inconclusive" }],
      COMPLETE_RUN,
      "inconclusive",
      0,
    ],
    [
      "inconclusive and failed",
      [
        { metric: "none", min: 0.5, on_inconclusive: "inconclusive" },
        { metric: "bad", min: 0.5 },
      ],
      COMPLETE_RUN,
      "fail",
      0,
    ],
    ["unknown metric", [{ metric: "unheard", min: 0 }], COMPLETE_RUN, "fail", 0],
    ["an errored trial", [{ min: 0.5 }], { ...COMPLETE_RUN, completed: 99, errors: 1 }, "inconclusive", 1],
    ["missing trials", [{ min: 0.5 }], { ...COMPLETE_RUN, completed: 60 }, "inconclusive", 1],
    ["an interrupted run", [{ min: 0.5 }], { ...COMPLETE_RUN, status: "interrupted" }, "inconclusive", 1],
    [
      "an incomplete run that fails already",
      [{ metric: "bad", min: 0.5 }],
      { ...COMPLETE_RUN, status: "budget_exhausted", completed: 60 },
      "fail",
      1,
    ],
    ["nothing but errors", [{ min: 0.5 }], { ...COMPLETE_RUN, completed: 0, errors: 100 }, "error", 1],
    ["nothing run", [{ min: 0.5 }], { ...COMPLETE_RUN, completed: 0, planned: 0 }, "error", 1],
  ] as const)("judges the whole: %s", (_what, gates, run, verdict, runReasons) => {
    const report = judgeGates(rulesOf(...gates), sampleEvidence([good, bad, none], run));
    expect(report.verdict).toBe(verdict);
    expect(report.reasons.filter((reason) => /trials? (ended|could|are)|No trial/.test(reason))).toHaveLength(
      runReasons,
    );
    expect(report.reasons.length === 0).toBe(verdict === "pass");
  });

  it("keeps the result inconclusive where it counts as a failure, and says so", () => {
    const report = judgeGates(rulesOf({ metric: "none", min: 0.5 }), sampleEvidence([none], COMPLETE_RUN));
    expect(report.results[0]?.verdict).toBe("inconclusive");
    expect(report.reasons).toEqual([
      "none is inconclusive, which counts as a failure (on_inconclusive: fail): No value: no trial gave a score.",
    ]);
  });

  it("names how many trials are missing and the next step", () => {
    const run: JudgedRun = { ...COMPLETE_RUN, status: "interrupted", completed: 60, errors: 3 };
    expect(judgeGates(rulesOf({ min: 0.5 }), sampleEvidence([good], run)).reasons).toEqual([
      "3 of 100 trials could not be executed; run them again with agentctl eval --retry-errors r1.",
      "37 of 100 trials are missing (the run is interrupted); finish it with agentctl eval --resume r1.",
    ]);
  });

  it("advises no second run of a run that was imported", () => {
    const run: JudgedRun = { ...COMPLETE_RUN, completed: 60, errors: 3, rerunnable: false };
    expect(judgeGates(rulesOf({ min: 0.5 }), sampleEvidence([good], run)).reasons).toEqual([
      "3 of 100 trials could not be executed; they crashed while they were recorded.",
      "37 of 100 trials are missing (the run is complete); import the whole recording again.",
    ]);
  });
  it("carries the notes of the run without a say in the verdict", () => {
    const notes = ["44 of 50 cases are not in the recording and were not run"];
    const report = judgeGates(rulesOf({ min: 0.5 }), sampleEvidence([good], { ...COMPLETE_RUN, notes }));
    expect(report).toMatchObject({ verdict: "pass", reasons: [], notes });
  });
  it("names what was judged", () => {
    const report = judgeGates(rulesOf({ min: 0.5 }), sampleEvidence([good], COMPLETE_RUN));
    expect(report).toMatchObject({ runId: "r1", datasetHash: "d", agentVersion: "a", gatesHash: "g" });
  });

  it("passes only a complete run whose critical and major gates all pass", () => {
    const severities = fc.constantFrom("critical", "major", "minor");
    const gates = fc.array(
      fc.record({ metric: fc.constantFrom("faithfulness", "bad", "none", "unheard"), severity: severities }),
      { minLength: 1, maxLength: 5 },
    );
    const runs = fc.record({
      completed: fc.integer({ min: 0, max: 100 }),
      errors: fc.integer({ min: 0, max: 3 }),
      status: fc.constantFrom("complete", "interrupted", "running", "budget_exhausted", "failed_fast"),
    });
    fc.assert(
      fc.property(gates, runs, (rules, changes) => {
        const run = { ...COMPLETE_RUN, ...changes } as JudgedRun;
        const report = judgeGates(
          rulesOf(...rules.map((rule) => ({ ...rule, min: 0.5 }))),
          sampleEvidence([good, bad, none], run),
        );
        const isWhole = run.status === "complete" && run.completed === run.planned && run.errors === 0;
        const allPass = report.results.every(
          (result) => result.severity === "minor" || result.verdict === "pass",
        );
        expect(report.verdict === "pass").toBe(isWhole && allPass);
      }),
    );
  });
});

it("takes the level of the intervals from alpha", () => {
  expect(levelOf(rulesOf({ min: 0 }))).toBe(0.95);
});

it.each([
  ["pass", 0],
  ["fail", 1],
  ["error", 3],
  ["inconclusive", 4],
] as const)("exits after %s with %i", (verdict, code) => {
  expect(exitCodeFor(verdict)).toBe(code);
});
