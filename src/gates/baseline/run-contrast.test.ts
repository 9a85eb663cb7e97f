import { describe, expect, it } from "vitest";
import { metricSetOf } from "../../metrics/metric-set.js";
import { metrics } from "../../metrics/registry.js";
import { SeededRandom } from "../../stats/random.js";
import {
  evidenceAgainst,
  judgeAgainst,
  PASSED,
  runOf,
  type ScoredCase,
} from "../testing/baseline-samples.js";

const set = metricSetOf(
  metrics.filter(({ name }) =>
    ["latency.p50_ms", "latency.p95_ms", "cost.total_usd", "cost.per_success_usd", "task.success"].includes(
      name,
    ),
  ),
);
const SUCCESS = { ...PASSED, name: "task.success" };

/** Runs of cases that take as long, and cost as much, as they like; the tail is that of every tenth case. */
function run(id: string, count: number, { seed = 1, slower = 1, tail = 1, dearer = 1, prefix = "c" } = {}) {
  const random = new SeededRandom(seed);
  const draw = new Int32Array(1);
  const noise = () => {
    random.fillBelow(draw, 1000);
    return (draw[0] as number) / 1000;
  };
  const cases = Array.from({ length: count }, (_, index): ScoredCase => {
    const base = 1000 + 10 * index + 100 * noise();
    const durationMs = base * slower * (index % 10 === 0 ? tail : 1);
    return {
      id: `${prefix}${index}`,
      scores: [index % 4 === 0 ? 0 : 1],
      row: { durationMs, costUsd: (0.01 + 0.0001 * index) * dearer * (1 + 0.02 * noise()) },
    };
  });
  return runOf(id, cases, SUCCESS, {}, set);
}

const judged = (
  metric: string,
  margin: number | string,
  own: ReturnType<typeof run>,
  base: ReturnType<typeof run>,
) => judgeAgainst({ metric, no_worse_than: "main", margin }, evidenceAgainst(own, base));

describe("quantiles", () => {
  const base = run("r1", 200);

  it.each([
    ["10%", {}, "pass"],
    ["10%", { slower: 1.3 }, "fail"],
    [300, { slower: 1.02 }, "pass"],
    [300, { slower: 1.4 }, "fail"],
  ])("p50 within %s of the baseline: %o is a %s", (margin, change, verdict) => {
    const result = judged("latency.p50_ms", margin, run("r2", 200, { seed: 2, ...change }), base);
    expect(result.verdict).toBe(verdict);
    expect(result.difference?.isRelative).toBe(typeof margin === "string");
    expect(result.difference?.method).toContain("bootstrap of groups (seed=20261121");
  });

  it("a tail three times as long is blocked by p95 while the median stands", () => {
    const slow = run("r2", 200, { seed: 2, tail: 3 });
    expect(judged("latency.p95_ms", "20%", slow, base)).toMatchObject({
      verdict: "fail",
      required: "less than 20 % above main, with 95 % confidence",
    });
    expect(judged("latency.p50_ms", "20%", slow, base).verdict).toBe("pass");
  });

  it("of too few measurements is inconclusive, and says so", () => {
    const result = judged("latency.p95_ms", "20%", run("r2", 30), run("r1", 30));
    expect(result).toMatchObject({ verdict: "inconclusive", toSettle: null });
    expect(result.reason).toContain("30 measurements are too few to bound p95");
  });

  it("shares and amounts tell the same story of one pair", () => {
    const own = run("r2", 200, { seed: 2, slower: 1.1 });
    const share = judged("latency.p50_ms", "10%", own, base).difference;
    const amount = judged("latency.p50_ms", 100, own, base).difference;
    expect(share?.value).toBeCloseTo(amount?.relative as number, 9);
    const median = judged("latency.p50_ms", 100, own, base).baseline?.estimate?.value as number;
    // Both resample the same cases; only the baseline's own spread keeps them apart.
    expect((share?.lower as number) * median).toBeCloseTo(amount?.lower as number, -2);
    expect((share?.upper as number) * median).toBeCloseTo(amount?.upper as number, -2);
  });
});

describe("costs", () => {
  const base = run("r1", 120);

  it.each([
    ["cost.total_usd", { dearer: 1 }, "pass"],
    ["cost.total_usd", { dearer: 1.2 }, "fail"],
    ["cost.per_success_usd", { dearer: 1 }, "pass"],
    ["cost.per_success_usd", { dearer: 1.2 }, "fail"],
  ])("%s within 10 %: %o is a %s", (metric, change, verdict) => {
    const result = judged(metric, "10%", run("r2", 120, { seed: 3, ...change }), base);
    expect(result.verdict).toBe(verdict);
    expect(result.difference?.method).toMatch(/^bootstrap of log ratio, bca \(seed=/);
    const [before, after] = [result.baseline?.estimate?.value, result.estimate?.value] as [number, number];
    expect(result.difference?.value).toBeCloseTo(after / before - 1, 9);
  });

  it("totals of different cases have no difference, but a ratio of means", () => {
    const other = run("r2", 120, { seed: 3, prefix: "d" });
    const absolute = judged("cost.total_usd", 0.5, other, base);
    expect(absolute.verdict).toBe("inconclusive");
    expect(absolute.reason).toContain("state the margin as a share");
    const share = judged("cost.total_usd", "30%", other, base);
    expect(share).toMatchObject({ verdict: "pass", difference: { method: "welch-t of log ratio" } });
  });

  it("repeats itself: the seed is fixed", () => {
    const again = () =>
      judged("cost.per_success_usd", "10%", run("r2", 120, { seed: 3 }), run("r1", 120)).difference;
    expect(again()).toEqual(again());
  });
});
