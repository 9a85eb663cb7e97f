import { describe, expect, it } from "vitest";
import { quantile } from "../../stats/quantile.js";
import { SeededRandom } from "../../stats/random.js";
import { estimateMetric } from "../estimate.js";
import type { Metric, TrialRow } from "../metric.js";
import { rowOf } from "../row.js";
import { BROKEN, inputOf, rowWith, type TrialStory } from "../testing/trial-builder.js";
import { cacheHitRate, modelCalls, toolCalls } from "./calls.js";
import { clusteredQuantile } from "./clustered-quantile.js";
import { costPerTrial, trialCostUsd, userCost } from "./cost.js";
import { errorRate, timeoutRate } from "./error-rate.js";
import { latencyPercentile, meanLatency } from "./latency.js";
import { nearestRankLatency } from "./nearest-rank-latency.js";
import { firstTokenPercentile, meanTurn, turnPercentile } from "./sample-percentile.js";
import { cachedTokens, inputTokens, outputTokens, reasoningTokens } from "./tokens.js";

function rowFor(story: TrialStory): TrialRow {
  const { goldenCase, trial } = inputOf(story);
  return rowOf(goldenCase, trial);
}

function estimated(metric: Metric, rows: readonly TrialRow[]): number | null {
  return estimateMetric(metric, rows).value;
}

const timed = (caseId: string, durationMs: number) => rowWith({}, { caseId, durationMs });
const turns = (caseId: string, ...values: number[]) => rowWith({}, { caseId, samples: { turn_ms: values } });

describe("rowOf", () => {
  it("keeps the times of the agent's measured calls alone", () => {
    const row = rowFor({
      modelCalls: [
        { durationMs: 5, firstTokenMs: 2 },
        { durationMs: 7, speaker: "user" },
        { durationMs: 9, timed: false },
        { durationMs: 11, cached: true },
        { ended: false },
        { durationMs: 13 },
      ],
    });
    expect(row.samples).toEqual({ turn_ms: [5, 13], first_token_ms: [2] });
    expect(row.stopReason).toBe("answered");
  });

  it("has no samples where nothing was measured", () => {
    expect(rowFor({ modelCalls: [{ timed: false }] })).not.toHaveProperty("samples");
  });
});

describe("latency of trials", () => {
  const rows = [10, 20, 30, 40].map((ms) => timed(`c${ms}`, ms));

  it("has a mean and interpolated and nearest-rank percentiles", () => {
    expect(estimated(meanLatency, rows)).toBe(25);
    expect(estimated(latencyPercentile(90), rows)).toBeCloseTo(37, 9);
    expect(estimated(nearestRankLatency("trial", 50), rows)).toBe(20);
    expect(estimated(nearestRankLatency("trial", 95), rows)).toBe(40);
  });

  it("gives a nearest-rank percentile without interval, and says so", () => {
    expect(estimateMetric(nearestRankLatency("trial", 99), rows)).toMatchObject({
      value: 40,
      lower: null,
      upper: null,
      reason: "describes these 4 values alone: no interval",
    });
  });

  it("leaves out what was not measured", () => {
    const untimed = rowWith({}, { caseId: "u", durationMs: 1000, untimed: "from the cache" });
    const broken = rowWith({}, { caseId: "b", durationMs: 1000, status: "error", errorCode: "X" });
    expect(estimateMetric(meanLatency, [...rows, untimed, broken])).toMatchObject({
      value: 25,
      n: 4,
      unscored: { "from the cache": 1, "infrastructure error: X": 1 },
    });
    expect(estimated(meanLatency, [untimed])).toBeNull();
    expect(estimated(meanLatency, [])).toBeNull();
  });
});

describe("latency of turns", () => {
  it("is over all turns of the run, not over means of trials", () => {
    const rows = [turns("a", 1, 2, 3), turns("b", 10)];
    expect(estimated(turnPercentile(50), rows)).toBe(2.5);
    expect(estimated(meanTurn, rows)).toBe(4);
    expect(estimated(nearestRankLatency("turn", 50), rows)).toBe(2);
  });

  it("names no p99 below 368 turns", () => {
    const estimate = estimateMetric(turnPercentile(99), [turns("a", 1, 2), turns("b", 3)]);
    expect(estimate).toMatchObject({ value: null, reason: "p99 needs at least 368 turns, the run has 3" });
  });

  it("has no interval from one cluster", () => {
    expect(estimateMetric(turnPercentile(50), [turns("a", 1, 2, 3)])).toMatchObject({
      value: 2,
      lower: null,
      reason: "one cluster gives no interval",
    });
  });

  it("is unscored without a measured first token: an unstreamed reply does not begin at once", () => {
    expect(estimateMetric(firstTokenPercentile(95), [turns("a", 1)])).toMatchObject({
      value: null,
      reason: expect.stringContaining("no model call says when its first token came"),
    });
    const row = rowWith({}, { samples: { turn_ms: [9], first_token_ms: [4] } });
    expect(estimated(firstTokenPercentile(50), [row])).toBe(4);
  });
});

describe("clusteredQuantile", () => {
  /** 40 conversations of 12 turns whose speed is half the conversation's own. */
  function sample(random: SeededRandom): { values: number[]; clusters: string[] } {
    const values: number[] = [];
    const clusters: string[] = [];
    for (let cluster = 0; cluster < 40; cluster++) {
      const own = random.nextUnit();
      for (let turn = 0; turn < 12; turn++) {
        values.push(own + random.nextUnit());
        clusters.push(String(cluster));
      }
    }
    return { values, clusters };
  }

  it.each([
    [0.5, 1],
    [0.9, 2 - Math.sqrt(0.2)],
  ])("covers the quantile %d of clustered values about as often as it says", (q, truth) => {
    const random = new SeededRandom(7);
    let covered = 0;
    const rounds = 400;
    for (let round = 0; round < rounds; round++) {
      const { values, clusters } = sample(random);
      const { lower, upper } = clusteredQuantile(values, clusters, q, 0.95);
      if (lower !== null && upper !== null && lower <= truth && truth <= upper) covered++;
    }
    expect(covered / rounds).toBeGreaterThan(0.91);
    expect(covered / rounds).toBeLessThan(0.985);
  });

  it("gives the type-7 quantile, and limits in order", () => {
    const { values, clusters } = sample(new SeededRandom(1));
    const { estimate, lower, upper } = clusteredQuantile(values, clusters, 0.95, 0.95);
    expect(estimate).toBe(quantile(values, 0.95));
    expect(lower).toBeLessThan(estimate as number);
    expect(upper).toBeGreaterThan(estimate as number);
  });

  it("claims no certainty from clusters that are all alike", () => {
    const { lower, upper } = clusteredQuantile([1, 2, 1, 2], ["a", "a", "b", "b"], 0.5, 0.95);
    expect([lower, upper]).toEqual([null, null]);
  });
});

describe("error_rate and timeout_rate", () => {
  const failed = (caseId: string, trial: number, errorCode: string) =>
    rowWith({}, { caseId, trial, status: "error", errorCode, stopReason: "error" });
  const ended = (caseId: string, trial: number, stopReason: "answered" | "deadline") =>
    rowWith({}, { caseId, trial, stopReason });

  it("is clustered where cases have several trials", () => {
    const rows = ["a", "b", "c", "d"].flatMap((id) =>
      [0, 1, 2, 3].map((trial) => (id === "a" ? failed(id, trial, "X") : ended(id, trial, "answered"))),
    );
    const estimate = estimateMetric(errorRate, rows);
    expect(estimate).toMatchObject({ value: 0.25, method: "clustered-t", clusters: 4, n: 16 });
    // As if they were 16 independent trials: [0.10, 0.49].
    expect((estimate.upper as number) - (estimate.lower as number)).toBeGreaterThan(0.6);
  });

  it("stays Wilson over single trials", () => {
    expect(estimateMetric(errorRate, [failed("a", 0, "X"), ended("b", 0, "answered")]).method).toBe("wilson");
  });

  it("counts the trial's deadline and the timeouts of providers, out of all trials", () => {
    const rows = [
      failed("a", 0, "PROVIDER_TIMEOUT"),
      failed("b", 0, "PROVIDER_REFUSED"),
      ended("c", 0, "deadline"),
      ended("d", 0, "answered"),
    ];
    expect(estimateMetric(timeoutRate, rows)).toMatchObject({ value: 0.5, n: 4 });
    expect(estimateMetric(timeoutRate, []).value).toBeNull();
  });
});

describe("tokens, calls, cache and cost of a trial", () => {
  it("counts the agent's tokens by kind", () => {
    const input = inputOf({
      modelCalls: [
        { tokens: [100, 5], cachedTokens: 60, reasoningTokens: 3 },
        { tokens: [200, 7], cachedTokens: 0, reasoningTokens: 0 },
        { tokens: [9, 9], speaker: "user" },
      ],
    });
    expect(inputTokens.score(input).value).toBe(300);
    expect(outputTokens.score(input).value).toBe(12);
    expect(cachedTokens.score(input).value).toBe(60);
    expect(reasoningTokens.score(input).value).toBe(3);
  });

  it("takes no report of cached or reasoning tokens for unknown, not for 0", () => {
    expect(reasoningTokens.score(inputOf({ modelCalls: [{ tokens: [1, 1] }] })).value).toBeNull();
    expect(cachedTokens.score(inputOf({ modelCalls: [{ tokens: [1, 1] }] })).value).toBeNull();
    expect(inputTokens.score(inputOf({ modelCalls: [{ tokens: null }] })).value).toBeNull();
  });

  it("counts calls, and cached ones among the answered", () => {
    const input = inputOf({
      modelCalls: [{ cached: true }, {}, { ended: false }, { speaker: "user" }],
      tools: [{ name: "a" }, { name: "b", isError: true }],
    });
    expect(modelCalls.score(input).value).toBe(3);
    expect(toolCalls.score(input).value).toBe(2);
    expect(cacheHitRate.score(input).value).toBe(0.5);
    const nothing = inputOf();
    expect([modelCalls, toolCalls, cacheHitRate].map((metric) => metric.score(nothing).value)).toEqual([
      null,
      null,
      null,
    ]);
  });

  it("is nothing where the input was blocked before any call, and not known where no call is told of", () => {
    const costOf = (story: Parameters<typeof inputOf>[0]) => {
      const { trial, trace } = inputOf(story);
      return trialCostUsd(trial, trace);
    };
    expect(costOf({ guardrails: [{ rule: "input.injection", action: "block" }] })).toBe(0);
    expect(costOf({ guardrails: [{ rule: "input.injection", action: "flag" }] })).toBeNull();
    expect(costOf({ guardrails: [{ rule: "tool.permission", action: "block" }] })).toBeNull();
    expect(costOf({})).toBeNull();
  });

  it("keeps the user's cost apart, and missing prices missing", () => {
    const calls = [{ costUsd: 0.5 }, { speaker: "user" as const, costUsd: 0.25 }];
    expect(userCost.score(inputOf({ modelCalls: calls })).value).toBe(0.25);
    expect(
      userCost.score(inputOf({ modelCalls: [...calls, { speaker: "user", costUsd: null }] })).value,
    ).toBeNull();
    expect(userCost.score(inputOf({ modelCalls: [{ costUsd: 1 }] })).value).toBeNull();
    const rows = [rowWith({}, { caseId: "a", costUsd: 1 }), rowWith({}, { caseId: "b", costUsd: null })];
    expect(estimateMetric(costPerTrial, rows)).toMatchObject({
      value: 1,
      n: 1,
      unscored: { "cost unknown": 1 },
    });
  });

  it("scores no broken trial", () => {
    const broken = inputOf({ modelCalls: [{}], trial: BROKEN });
    for (const metric of [inputTokens, modelCalls, cacheHitRate, userCost]) {
      expect(metric.score(broken).value).toBeNull();
    }
  });
});
