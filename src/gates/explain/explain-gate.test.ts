import { describe, expect, it } from "vitest";
import type { Metric, TrialRow } from "../../metrics/metric.js";
import { metricSetOf } from "../../metrics/metric-set.js";
import { metricByName } from "../../metrics/registry.js";
import { tango } from "../../stats/tango.js";
import { wilson } from "../../stats/wilson.js";
import { sampleRun } from "../../store/testing/store-samples.js";
import type { GateDifference, GateResult } from "../gate-report.js";
import { sampleEstimate } from "../testing/gate-samples.js";
import { unjudged } from "../unjudged.js";
import { explainGate, findGate } from "./explain-gate.js";

const SUCCESS = metricByName("task.success") as Metric;

function runOf(id: string, outcomes: readonly number[]) {
  const rows = outcomes.map((value, index) => ({
    caseId: `c${index}`,
    trial: 0,
    group: `c${index}`,
    status: "completed",
    scores: { "task.success": { value } },
  })) as unknown as readonly TrialRow[];
  return { run: sampleRun(id), rows, set: metricSetOf([SUCCESS]), cases: new Map() };
}

const NOTHING = { own: runOf("r1", []), baselineOf: () => null };

function resultOf(changes: Partial<GateResult>): GateResult {
  return {
    ...unjudged({ severity: "major" }, "threshold", "task.success"),
    metric: "task.success",
    required: "lower bound >= 0.85",
    min: 0.85,
    bound: "lower",
    verdict: "inconclusive",
    reason: "The interval straddles 0.85.",
    ...changes,
  };
}

function linesOf(result: GateResult, context = NOTHING as Parameters<typeof explainGate>[1]): string {
  return explainGate(result, context)
    .steps.flatMap(({ title, lines }) => [title, ...lines])
    .join("\n");
}

describe("the arithmetic of a gate", () => {
  it("of groups that are all alike says how many others may differ", () => {
    const estimate = sampleEstimate({
      ...{ value: 0.75, n: 8, clusters: 2, method: "wilson-clusters" },
      ...{ lower: 0.2567851706, upper: 0.9144049431 },
    });
    expect(linesOf(resultOf({ estimate }))).toContain(`Interval: wilson-clusters, 95 %
mean = 0.75 in each of G = 2 groups: no variance shows, so how many others may differ is bounded
share that may = z² / (G + z²) = 3.84146 / 5.84146 = 0.65762, at either end of the range
lower limit = 0.256785, upper limit = 0.914405`);
  });

  it("invents no standard error where both limits were cut", () => {
    const estimate = sampleEstimate({
      ...{ value: 0.5, n: 4, clusters: 2, method: "clustered-t" },
      ...{ lower: 0, upper: 1 },
    });
    const lines = linesOf(resultOf({ estimate }));
    expect(lines).toContain("leaves the range of the metric on both sides: cut to 0 and 1");
    expect(lines).not.toContain("standard error =");
  });

  it("of a rate puts the counts into Wilson's formula", () => {
    const { lower, upper } = wilson(18, 20, 0.95);
    const estimate = sampleEstimate({ value: 0.9, n: 20, clusters: 20, method: "wilson", lower, upper });
    expect(linesOf(resultOf({ estimate }))).toBe(`Measured: faithfulness
20 scored, in 20 independent groups
value = 0.9 = 18 / 20
Interval: wilson, 95 %
x = 18 passed of n = 20; p = x / n = 0.9; z = 1.95996
centre = (p + z²/2n) / (1 + z²/n) = (0.9 + 0.0960365) / 1.19207 = 0.83555
half = z √(p(1 − p)/n + z²/4n²) / (1 + z²/n) = 1.95996 √(0.0045 + 0.00240091) / 1.19207 = 0.136584
centre − half = 0.698966, centre + half = 0.972134
limits = [0.699, 0.9721] from 20 trials
Required: lower bound >= 0.85
lower limit 0.698966 ≥ 0.85: no`);
  });

  it("says so where the limits rest on more than the counts", () => {
    const estimate = sampleEstimate({ value: 0.9, n: 20, method: "wilson", lower: 0.5, upper: 0.95 });
    expect(linesOf(resultOf({ estimate }))).toContain("they rest on more than x and n");
  });

  it("of a percentile names the ranks", () => {
    const estimate = sampleEstimate({
      metric: "latency.p95_ms",
      unit: "ms",
      value: 400,
      lower: 380,
      upper: 410,
      n: 72,
      method: "order-statistics",
    });
    const text = linesOf(resultOf({ estimate, min: null, max: 500, bound: "estimate" }));
    expect(text).toContain("lower limit: the value of rank 64; upper limit: the value of rank 72");
    expect(text).toContain("value 400 ≤ 500: yes");
  });

  it("of a mean takes the error from the half width, cut limits or not", () => {
    const half = 0.0406015;
    const cut = sampleEstimate({
      value: 0.98,
      lower: 0.98 - half,
      upper: 1,
      n: 50,
      clusters: 42,
      method: "clustered-t",
    });
    expect(linesOf(resultOf({ estimate: cut }))).toContain("standard error = 0.0201043");
  });

  it.each([
    [
      sampleEstimate({ value: null, reason: "no case names sources", unscored: { "no sources": 3 } }),
      "3 not scored: no sources",
    ],
    [sampleEstimate({ value: 3, unit: "count", method: "sum" }), "a sum of what was counted has none"],
    [sampleEstimate({ value: 3, method: "none", reason: "too few" }), "none (none): too few"],
    [
      sampleEstimate({ value: 1, n: 6, clusters: 3, method: "wilson-clusters", lower: 0.44, upper: 1 }),
      "x = 3 passed of n = 3",
    ],
    [sampleEstimate({ value: 2, n: 5, clusters: 5, method: "t", lower: 2, upper: 2 }), "which do not differ"],
    [sampleEstimate({ value: 2, method: "woodruff", lower: 1, upper: 3 }), "by woodruff over 100 groups"],
  ])("has a line for every kind of interval (%#)", (estimate, line) => {
    expect(linesOf(resultOf({ estimate }))).toContain(line);
  });

  it("of a paired comparison counts the pairs and puts the limits into Tango's statistic", () => {
    const before = runOf("r0", [1, 1, 1, 1, 1, 1, 0, 0, 1, 1]);
    const own = runOf("r1", [1, 1, 1, 0, 0, 1, 1, 0, 1, 1]);
    const pairs = { bothPass: 6, baselineOnly: 2, currentOnly: 1, bothFail: 1 };
    const { lower, upper, estimate: value } = tango(pairs, 0.9);
    const result = resultOf({
      kind: "no-worse",
      baseline: { reference: "main", runId: "r0", agentVersion: "a", estimate: null },
      difference: {
        value,
        lower,
        upper,
        method: "tango",
        relative: null,
        n: 10,
        clusters: 10,
        level: 0.9,
        design: "paired",
        margin: 0.02,
        isRelative: false,
        test: { name: "McNemar mid-p", statistics: { lost: 2, won: 1 }, p: 0.625 },
      },
    });
    const text = linesOf(result, { own, baselineOf: () => before });
    expect(text).toContain("6 passed in both, 1 failed in both, b = 2 lost, c = 1 won, n = 10");
    expect(text).toContain("(c − b) / n = (1 − 2) / 10 = −0.1");
    const statistics = [...text.matchAll(/^T\(([^δ\n]+)\) = (.+?)( at the margin)?$/gm)].map(
      (match) => match[2],
    );
    expect(statistics.slice(0, 2)).toEqual(["1.64485", "−1.64485"]);
    expect(text).toContain("at the margin");
    expect(text).toContain("p 0.625 < 0.05: no\nloss 0.1 > 0.02: yes; it fails when both hold");
    const noTest = { ...result, difference: { ...(result.difference as GateDifference), test: null } };
    const shown = lower === null ? "none" : String(Number(lower.toPrecision(6))).replace("-", "−");
    expect(linesOf(noTest)).toContain(`lower limit ${shown} > −0.02: no`);
    expect(linesOf({ ...noTest, kind: "better" })).toContain(`lower limit ${shown} > 0.02: no`);
    expect(text).toContain("Test: McNemar mid-p\nlost = 2\nwon = 1\np = 0.625");
  });

  it("of a drop without a test holds the interval against 0, and the loss against the margin", () => {
    const difference: GateDifference = {
      ...{
        value: 40,
        lower: 5,
        upper: 90,
        method: "bootstrap of groups",
        relative: null,
        n: 60,
        clusters: 60,
      },
      ...{ level: 0.9, design: "paired", margin: 30, isRelative: false, test: null },
    };
    const rise = resultOf({
      ...{ kind: "no-worse", metric: "latency.p95_ms", min: null, difference, verdict: "fail" },
      required: "no rise of more than 30 ms with p < 0.05 against main",
      estimate: sampleEstimate({ unit: "ms", direction: "lower", value: 140 }),
    });
    expect(linesOf(rise)).toContain(
      "the interval lies on the side of a loss as a whole: yes\nloss 40 > 30: yes; it fails when both hold",
    );
  });

  it.each([
    ["no-worse", "higher", "−0.02"],
    ["no-worse", "lower", "0.02"],
    ["better", "higher", "0.02"],
    ["better", "lower", "−0.02"],
  ] as const)("puts the margin on its side of 0: %s, %s is better", (kind, direction, margin) => {
    const before = runOf("r0", [1, 1, 1, 1, 0]);
    const own = runOf("r1", [1, 1, 1, 0, 1]);
    const {
      lower,
      upper,
      estimate: value,
    } = tango({ bothPass: 3, baselineOnly: 1, currentOnly: 1, bothFail: 0 }, 0.9);
    const text = linesOf(
      resultOf({
        kind,
        estimate: sampleEstimate({ direction }),
        baseline: { reference: "main", runId: "r0", agentVersion: "a", estimate: null },
        difference: {
          ...{ value, lower, upper, method: "tango", relative: null, n: 5, clusters: 5, level: 0.9 },
          ...{ design: "paired", margin: 0.02, isRelative: false, test: null },
        },
      }),
      { own, baselineOf: () => before },
    );
    expect(text).toMatch(new RegExp(`^T\\(${margin}\\) = .* at the margin$`, "m"));
  });

  it("of a whole explains each part, which is found by its name", () => {
    const part = resultOf({ name: "inner", estimate: sampleEstimate({}) });
    const whole = resultOf({ name: "outer", kind: "all", metric: null, min: null, parts: [part, part] });
    const explanation = explainGate(whole, NOTHING);
    expect(explanation.steps[0]?.lines).toEqual(["2 parts: 0 pass, 0 fail, 2 inconclusive"]);
    expect(explanation.parts.map(({ name }) => name)).toEqual(["inner", "inner"]);
    expect(findGate({ results: [whole] }, "inner")).toBe(part);
    expect(findGate({ results: [whole] }, "other")).toBeNull();
  });

  it("names cases and the calibration of a judge", () => {
    const text = linesOf(
      resultOf({
        cases: [{ caseId: "c1", note: "failed in 1 of 3 trials" }],
        calibration: {
          judge: "help",
          judgeVersion: "v",
          rubric: "r",
          metric: "judge.help",
          verdict: "calibrated",
          reason: "",
          kappa: 0.8,
          lower: 0.72,
          upper: 0.88,
          n: 200,
          floor: 0.7,
          at: "2026-11-01T00:00:00Z",
          expiresAt: "2026-12-01T00:00:00Z",
          reportHash: "h",
          hasExpired: true,
        },
      }),
    );
    expect(text).toContain("c1: failed in 1 of 3 trials");
    expect(text).toContain("kappa = 0.8 [0.72, 0.88] on 200 labelled items; the lower limit must reach 0.7");
    expect(text).toContain("until 2026-12-01, which is over");
  });
});
