import { describe, expect, it } from "vitest";
import { sparkline } from "./sparkline.js";
import { HOSTILE } from "./testing/report-samples.js";
import { renderTrendHtml } from "./trend-html.js";
import type { TrendPoint, TrendReport } from "./trend-report.js";
import { missesGate, renderTrend } from "./trend-text.js";

const VALUES = [0.9, 0.7, null, 0.95];

function point(value: number | null, index: number): TrendPoint {
  return {
    runId: `2026112${index}-065500-aaaa`,
    value,
    lower: value === null ? null : value - 0.1,
    upper: value === null ? null : Math.min(1, value + 0.05),
    n: value === null ? 0 : 60,
    clusters: value === null ? 0 : 60,
    method: value === null ? "none" : "wilson",
    ...(value === null ? { reason: "the run was not scored on it" } : {}),
  };
}

function sampleTrend(changes: Partial<TrendReport> = {}): TrendReport {
  return {
    suite: "starter",
    metric: "task.success",
    layer: "agent",
    unit: "proportion",
    direction: "higher",
    description: "Share of trials that meet everything the case states.",
    level: 0.95,
    runs: VALUES.map((_, index) => ({
      runId: `2026112${index}-065500-aaaa`,
      createdAt: `2026-11-2${index}T06:55:00.000Z`,
      status: index === 1 ? "interrupted" : "complete",
      agentName: index === 3 ? HOSTILE : "support",
      agentVersion: index < 1 ? "a".repeat(64) : "b".repeat(64),
      datasetHash: "d".repeat(64),
      tags: index === 0 ? ["main"] : [],
      isNewAgent: index === 1,
      isNewDataset: index === 3,
    })),
    baseline: { tag: "main", runId: "20261120-065500-aaaa" },
    gate: { min: 0.85, max: null, bound: "estimate" },
    series: [
      { by: null, slice: null, points: VALUES.map(point) },
      { by: "risk", slice: "high", points: [0.8, null, null, 0.9].map(point) },
    ],
    ...changes,
  };
}

describe("renderTrend", () => {
  it.each([80, 120])("shows at %i columns what it always showed", async (columns) => {
    const text = renderTrend(sampleTrend(), { useColor: false, columns });
    await expect(`${text}\n`).toMatchFileSnapshot(`__golden__/trend-${columns}.txt`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it looks for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]|NaN|undefined/);
  });

  it("says that no run has a value", () => {
    const series = [{ by: null, slice: null, points: VALUES.map((_, index) => point(null, index)) }];
    const text = renderTrend(sampleTrend({ series, baseline: null, gate: null }), {
      useColor: false,
      columns: 80,
    });
    expect(text).toContain("no run has a value");
    expect(text).not.toMatch(/NaN|Infinity|\b0\.0 %/);
  });
});

describe("renderTrendHtml", () => {
  it("shows what it always showed, without a script", async () => {
    const text = renderTrendHtml(sampleTrend());
    await expect(text).toMatchFileSnapshot("__golden__/trend.html.golden");
    expect(text).not.toMatch(/<script|\sstyle=|NaN|undefined/);
  });
});

describe("missesGate", () => {
  it("judges the bound that the rule names, and lets a gap miss nothing", () => {
    const gate = { min: 0.85, max: null, bound: "estimate" } as const;
    expect(missesGate(point(0.9, 0), gate)).toBe(false);
    expect(missesGate(point(0.84, 0), gate)).toBe(true);
    expect(missesGate(point(0.9, 0), { ...gate, bound: "lower" })).toBe(true);
    expect(missesGate(point(null, 0), gate)).toBe(false);
    expect(missesGate(point(0.9, 0), { min: null, max: 0.5, bound: "estimate" })).toBe(true);
  });
});

describe("sparkline", () => {
  it("draws least and largest as the ends of the scale, and a gap as a dot", () => {
    expect(sparkline([0, null, 1, 0.5], 10)).toBe("▁·█▅");
    expect(sparkline([2, 2], 10)).toBe("▄▄");
    expect(sparkline([null], 10)).toBe("·");
    expect(sparkline([], 10)).toBe("");
  });

  it("keeps the last values where there is no room for all", () => {
    expect(sparkline([1, 0, 1], 2)).toBe("▁█");
  });
});
