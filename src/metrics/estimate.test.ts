import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimateAll, estimateMetric } from "./estimate.js";
import type { TrialRow } from "./metric.js";
import { defaultMetricSet } from "./metric-set.js";
import { metricByName, metricNames, metrics } from "./registry.js";
import { rowOf } from "./row.js";
import { AIRLINE_REWARDS } from "./testing/airline-rewards.js";
import { BROKEN, inputOf, rowWith } from "./testing/trial-builder.js";

const estimate = (name: string, rows: readonly TrialRow[], level?: number) =>
  estimateMetric(metricByName(name)!, rows, level);

const airline = AIRLINE_REWARDS.flatMap((rewards, task) =>
  [...rewards].map((reward, trial) =>
    rowWith({ "task.success": Number(reward) }, { caseId: `airline-${task}`, trial }),
  ),
);

/** One trial a case, with these values of one metric. */
const spread = (name: string, values: readonly number[]) =>
  values.map((value, index) => rowWith({ [name]: value }, { caseId: `c${index}` }));

describe("registry", () => {
  it("holds each name once, with all that a reader needs", () => {
    expect(new Set(metricNames).size).toBe(metrics.length);
    for (const metric of metrics) {
      expect(metric.description.length).toBeGreaterThan(30);
      expect(metric.needs.length).toBeGreaterThan(0);
      expect(metric.source).not.toBe("");
    }
  });

  it("finds metrics by name", () => {
    expect(metricByName("faithfulness")?.layer).toBe("generation");
    expect(metricByName("toString")).toBeUndefined();
  });
});

describe("quantities that cannot be negative", () => {
  it.each(["tokens.total", "steps"])("%s has no lower limit below 0", (name) => {
    expect(estimate(name, spread(name, [10, 5306]))).toMatchObject({ value: 2658, lower: 0 });
    expect(estimate(name, spread(name, [100, 101, 102])).lower).toBeCloseTo(98.516, 3);
  });

  it.each([4, 60])("cost.per_success_usd has no lower limit below 0 on %i trials", (count) => {
    const rows = Array.from({ length: count }, (_, index) => ({
      ...rowWith({ "task.success": index % 2 }, { caseId: `c${index}` }),
      costUsd: index === 0 ? 1_000 : 0,
    }));
    const { value, lower } = estimate("cost.per_success_usd", rows);
    expect(value).toBe(1_000 / (count / 2));
    expect(lower).toBe(0);
  });

  it("none has, whatever the values, nor one above its value", () => {
    const means = metrics.filter((metric) => metric.level === "case" && metric.aggregate === "mean");
    const values = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...means), values, (metric, raw) => {
        const unbounded = !["proportion", "score"].includes(metric.unit);
        const { value, lower } = estimate(
          metric.name,
          spread(metric.name, unbounded ? raw : raw.map((one) => one / 1_000_000)),
        );
        expect(lower ?? 0).toBeGreaterThanOrEqual(0);
        expect(lower ?? 0).toBeLessThanOrEqual(value! + 1e-9);
      }),
    );
  });

  it("a score lies in 0 to 1, as the gate rules take for granted", () => {
    for (const metric of metrics.filter(({ unit }) => unit === "score")) {
      expect(estimate(metric.name, spread(metric.name, [1, 1, 0.9])).upper).toBeLessThanOrEqual(1);
    }
  });
});

describe("pass^k on 200 recorded gpt-4o conversations", () => {
  it.each([
    ["task.pass_hat_1", 0.42],
    ["task.pass_hat_2", 0.273333],
    ["task.pass_hat_3", 0.22],
    ["task.pass_hat_4", 0.2],
    ["task.pass_at_1", 0.42],
    ["task.pass_at_2", 0.566667],
    ["task.pass_at_3", 0.66],
    ["task.pass_at_4", 0.72],
  ])("%s is %d", (name, published) => {
    const got = estimate(name, airline);
    expect(got.value).toBeCloseTo(published, 6);
    expect(got).toMatchObject({ n: 200, clusters: 50, method: "t", unscored: {} });
    expect(got.lower!).toBeLessThan(got.value!);
    expect(got.upper!).toBeGreaterThan(got.value!);
  });

  it("does not count broken trials as tries", () => {
    const broken = airline.map((row, index) =>
      index === 0 ? { ...row, status: "error" as const, errorCode: "RECORDING_CRASHED" } : row,
    );
    expect(estimate("task.pass_hat_4", broken)).toMatchObject({
      value: null,
      n: 199,
      unscored: { "infrastructure error: RECORDING_CRASHED": 1 },
      reason: "k = 4 needs 4 scored trials of each case; the least-tried case has 3",
    });
    expect(estimate("task.pass_hat_3", broken).value).toBeCloseTo(0.22, 6);
  });

  it("averages over cases with unequal numbers of trials", () => {
    const uneven = [...airline.slice(0, 6), rowWith({ "task.success": 1 }, { caseId: "alone" })];
    expect(estimate("task.pass_hat_1", uneven)).toMatchObject({ value: (0 + 1 / 2 + 1) / 3, method: "t" });
  });

  it("task.success clusters the trials of a case", () => {
    expect(estimate("task.success", airline)).toMatchObject({
      value: 0.42,
      method: "clustered-t",
      clusters: 50,
    });
  });
});

describe("estimates of scores", () => {
  it("use Wilson for outcomes with one trial a case", () => {
    const got = estimate(
      "task.success",
      spread("task.success", [...new Array(95).fill(1), ...new Array(5).fill(0)]),
    );
    expect(got).toMatchObject({ value: 0.95, n: 100, clusters: 100, method: "wilson", level: 0.95 });
    expect(got.lower!).toBeCloseTo(0.8882495307680808, 12);
    expect(estimate("task.success", spread("task.success", [1, 0]), 0.9).level).toBe(0.9);
  });

  it("cluster by group, also with one trial a case", () => {
    const rows = [1, 1, 0, 1, 0, 0].map((value, index) =>
      rowWith({ "task.success": value }, { caseId: `c${index}`, group: `g${index % 3}` }),
    );
    expect(estimate("task.success", rows)).toMatchObject({ value: 0.5, method: "clustered-t", clusters: 3 });
  });

  it("never claim certainty from trials that all agree", () => {
    const rows = [1, 1, 1, 1].map((value, index) =>
      rowWith({ "task.success": value, faithfulness: value }, { caseId: `c${index % 2}`, trial: index }),
    );
    const got = estimate("task.success", rows);
    expect(got).toMatchObject({ value: 1, upper: 1, clusters: 2, method: "wilson-clusters" });
    expect(got.lower!).toBeCloseTo(0.34238, 4);
    expect(estimate("faithfulness", rows).lower!).toBeCloseTo(0.34238, 4);
  });

  it.each([
    ["task.success", [1, 1, 1, 0]],
    ["task.success", [1, 0]],
    ["faithfulness", [0.9]],
  ])("never claim certainty from cases that are alike: %s %j", (name, trials) => {
    const rows = ["a", "b"].flatMap((caseId) =>
      trials.map((value, trial) => rowWith({ [name]: value }, { caseId, trial })),
    );
    const got = estimate(name, rows);
    const share = trials.reduce((sum, value) => sum + value, 0) / trials.length;
    // Of two clusters that are alike, up to 65.76 % of all may be otherwise: 1.96^2 / (2 + 1.96^2).
    expect(got).toMatchObject({ value: share, clusters: 2, method: "wilson-clusters" });
    expect(got.lower).toBeCloseTo(share - 0.65762 * share, 4);
    expect(got.upper).toBeCloseTo(share + 0.65762 * (1 - share), 4);
  });

  it("give no limits below two clusters, and say so", () => {
    expect(estimate("faithfulness", spread("faithfulness", [0.8]))).toMatchObject({
      value: 0.8,
      lower: null,
      upper: null,
      reason: "one cluster gives no interval",
    });
    expect(estimate("task.success", spread("task.success", [1])).method).toBe("wilson");
  });

  it("means of unbounded scores are cut at 0 alone", () => {
    const { lower, upper } = estimate("steps", spread("steps", [1, 30]));
    expect(lower).toBe(0);
    expect(upper!).toBeGreaterThan(30);
    expect(estimate("retrieval.mrr", spread("retrieval.mrr", [0.1, 1])).upper).toBe(1);
  });

  it("without data are null with the reason; a rate then lies anywhere in [0, 1]", () => {
    const rows = [rowWith({ "task.success": { value: null, reason: "nothing stated" } })];
    expect(estimate("task.success", rows)).toMatchObject({
      value: null,
      lower: 0,
      upper: 1,
      n: 0,
      unscored: { "nothing stated": 1 },
      reason: "no trial was scored: nothing stated (1 of 1)",
    });
    expect(estimate("faithfulness", [])).toMatchObject({
      value: null,
      lower: null,
      reason: "the run has no trials",
    });
    for (const got of estimateAll([])) expect(got.value).toBeNull();
  });

  it("sum violations, and do not turn silence into zero", () => {
    const rows = [
      ...spread("safety.violations", [0, 2]),
      rowWith({ "safety.violations": { value: null, reason: "r" } }),
    ];
    expect(estimate("safety.violations", rows)).toMatchObject({
      value: 2,
      n: 2,
      unscored: { r: 1 },
      method: "sum",
    });
    expect(estimate("safety.violations", rows.slice(2)).value).toBeNull();
  });
});

describe("operations", () => {
  const timed = (n: number) =>
    Array.from({ length: n }, (_, index) => rowWith({}, { caseId: `c${index}`, durationMs: index + 1 }));

  it("latency percentiles are type 7 with order-statistic limits where there are enough trials", () => {
    expect(estimate("latency.p50_ms", timed(101)).value).toBe(51);
    expect(estimate("latency.p95_ms", timed(101)).value).toBe(96);
    expect(estimate("latency.p95_ms", timed(72)).upper).toBe(72);
    expect(estimate("latency.p95_ms", timed(71))).toMatchObject({
      upper: null,
      reason: "71 trials are too few for an upper limit",
    });
    expect(estimate("latency.p99_ms", timed(367))).toMatchObject({
      value: null,
      reason: "p99 needs at least 368 completed trials, the run has 367",
    });
    expect(estimate("latency.p99_ms", timed(368)).upper).toBe(368);
  });

  it("latency leaves broken trials out; error_rate counts them", () => {
    const rows = [
      ...timed(3),
      rowWith({}, { status: "error", errorCode: "PROVIDER_TIMEOUT", durationMs: 9e9 }),
    ];
    expect(estimate("latency.p50_ms", rows)).toMatchObject({
      value: 2,
      n: 3,
      unscored: { "infrastructure error: PROVIDER_TIMEOUT": 1 },
    });
    expect(estimate("error_rate", rows)).toMatchObject({ value: 0.25, n: 4, method: "wilson" });
    expect(estimate("error_rate", [])).toMatchObject({ value: null, lower: 0, upper: 1 });
  });

  it("latency says nothing of trials that the cache answered", () => {
    const rows = timed(3).map((row) => ({ ...row, untimed: "answered from the response cache" }));
    expect(estimate("latency.p50_ms", rows)).toMatchObject({
      value: null,
      unscored: { "answered from the response cache": 3 },
    });
    const untimedOf = (call: { cached?: boolean; timed?: boolean }) =>
      rowOf(inputOf({}).goldenCase, inputOf({ modelCalls: [call] }).trial).untimed;
    expect(untimedOf({ cached: true })).toBe("answered from the response cache");
    expect(untimedOf({ timed: false })).toBe("the recording does not say how long it took");
    expect(untimedOf({})).toBeNull();
  });

  it("cost per success is a ratio with limits over cases", () => {
    const outcomes = [1, 1, 0, 1, 0, 1];
    const costs = [0.01, 0.02, 0.05, 0.015, 0.03, 0.02];
    const rows = outcomes.map((value, index) =>
      rowWith({ "task.success": value }, { caseId: `c${index}`, costUsd: costs[index]! }),
    );
    const few = estimate("cost.per_success_usd", rows);
    expect(few.value).toBeCloseTo(0.03625, 12);
    expect(few.method).toMatch(/^(bca|percentile)\(seed=\d+,resamples=10000\)$/);
    expect(few).toEqual(estimate("cost.per_success_usd", rows));
    const many = Array.from({ length: 60 }, (_, index) => ({
      ...rows[index % 6]!,
      caseId: `m${index}`,
      group: `m${index}`,
    }));
    const got = estimate("cost.per_success_usd", many);
    expect(got).toMatchObject({ method: "ratio-linearised", clusters: 60 });
    expect(got.value).toBeCloseTo(0.03625, 12);
    expect(got.lower!).toBeGreaterThan(0);
  });

  it("cost is null where a price is unknown or nothing succeeded: missing is not free", () => {
    const rows = spread("task.success", [1, 0]);
    expect(estimate("cost.total_usd", rows).value).toBeCloseTo(0.02, 12);
    const unknown = [{ ...rows[0]!, costUsd: null }, rows[1]!];
    expect(estimate("cost.total_usd", unknown)).toMatchObject({
      value: null,
      reason: "the cost of 1 completed trials is unknown, so is the total",
    });
    expect(estimate("cost.per_success_usd", unknown).value).toBeNull();
    expect(estimate("cost.per_success_usd", rows.slice(1)).reason).toBe("no trial succeeded");
  });
});

describe("rowOf", () => {
  it("scores every case metric and derives cost", () => {
    const input = inputOf({
      expect: { mustInclude: ["portal"] },
      answer: "In the portal.",
      modelCalls: [
        { tokens: [10, 5], costUsd: 0.002 },
        { tokens: [20, 5], costUsd: 0.003 },
        { speaker: "user", costUsd: null },
      ],
    });
    const row = rowOf(input.goldenCase, input.trial, defaultMetricSet, input.trace);
    expect(Object.keys(row.scores)).toEqual(defaultMetricSet.caseMetrics.map((metric) => metric.name));
    expect(row).toMatchObject({ caseId: "case-1", group: "case-1", status: "completed", errorCode: null });
    expect(row.costUsd).toBeCloseTo(0.005, 12);
    expect(row.scores["tokens.total"]).toEqual({ value: 40 });
    expect(row.scores["task.success"]).toEqual({ value: 1 });
    expect(rowOf(input.goldenCase, input.trial)).toEqual(row);
  });

  it("an unknown price makes the cost unknown, a guardrail before the first call makes it 0", () => {
    const cost = (story: Parameters<typeof inputOf>[0]) => {
      const input = inputOf(story);
      return rowOf(input.goldenCase, input.trial, defaultMetricSet, input.trace).costUsd;
    };
    expect(cost({ modelCalls: [{ costUsd: 0.1 }, { costUsd: null }] })).toBeNull();
    expect(cost({ modelCalls: [{ ended: false }, { attempt: 2, costUsd: 0.1 }] })).toBe(0.1);
    expect(cost({})).toBeNull();
    expect(cost({ trial: { stopReason: "guardrail" } })).toBe(0);
    expect(inputOf({ modelCalls: [{ tokens: null }] }).trace.modelCalls[0]!.usage).toBeNull();
  });

  it("an infrastructure error leaves no score, never 0", () => {
    const input = inputOf({
      expect: { mustInclude: ["x"], refusal: true, toolCalls: [], sources: ["a"] },
      trial: BROKEN,
    });
    const row = rowOf(input.goldenCase, input.trial, defaultMetricSet, input.trace);
    expect(row.errorCode).toBe("PROVIDER_TIMEOUT");
    for (const score of Object.values(row.scores)) {
      expect(score).toEqual({ value: null, reason: "infrastructure error: PROVIDER_TIMEOUT" });
    }
  });
});

describe("every estimate", () => {
  const score = fc.oneof(fc.constantFrom(0, 1), fc.constant({ value: null, reason: "r" } as const));
  const anyRow = fc
    .record({
      scores: fc.record(
        Object.fromEntries(defaultMetricSet.caseMetrics.map((metric) => [metric.name, score])),
      ),
      caseId: fc.constantFrom("a", "b", "c", "d"),
      group: fc.constantFrom("g", "h", "i"),
      status: fc.constantFrom("completed" as const, "error" as const),
      durationMs: fc.nat(10_000),
      costUsd: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    })
    .map(({ scores, ...row }) => rowWith(scores, row));

  it("is finite or null with a reason, holds its value between its limits, and forgets the order of trials", () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 12 }), (rows) => {
        const reversed = estimateAll([...rows].reverse());
        estimateAll(rows).forEach((got, index) => {
          for (const number of [got.value, got.lower, got.upper]) {
            if (number !== null) expect(Number.isFinite(number)).toBe(true);
          }
          if (got.value === null) expect(got.reason).toBeTruthy();
          if (got.value !== null && got.unit !== "usd") {
            expect(got.lower ?? got.value).toBeLessThanOrEqual(got.value + 1e-9);
            expect(got.upper ?? got.value).toBeGreaterThanOrEqual(got.value - 1e-9);
          }
          const unscored = Object.values(got.unscored).reduce((sum, count) => sum + count, 0);
          expect(got.n + unscored).toBe(rows.length);
          if (got.value === null) expect(reversed[index]!.value).toBeNull();
          else expect(reversed[index]!.value!).toBeCloseTo(got.value, 9);
        });
      }),
      { numRuns: 60 },
    );
  });
});
