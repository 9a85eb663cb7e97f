import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { histogramQuantile, histogramSince, readHistogram } from "./histogram.js";
import { parseMetricsPage } from "./parse-metrics-page.js";

function pageOf(text: string) {
  const parsed = parseMetricsPage(text);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.problem}`);
  return parsed.page;
}

describe("a page in the text format of Prometheus", () => {
  it("has names, labels with escapes, numbers and timestamps", () => {
    const { samples, types } = pageOf(
      [
        "# HELP a_total Of \\\\ things.",
        "# TYPE a_total counter",
        'a_total{path="C:\\\\dir\\n\\"x\\"",other="}, {",} 1.5e3 1395066363000',
        "b NaN",
        'b{le="+Inf"} +Inf',
        '  b { x = "1" } -Inf',
        "c 0x",
      ]
        .slice(0, -1)
        .join("\r\n"),
    );
    expect(types.get("a_total")).toBe("counter");
    expect(samples).toEqual([
      {
        name: "a_total",
        labels: { path: 'C:\\dir\n"x"', other: "}, {" },
        value: 1500,
        timestampMs: 1395066363000,
      },
      { name: "b", labels: {}, value: Number.NaN, timestampMs: null },
      { name: "b", labels: { le: "+Inf" }, value: Number.POSITIVE_INFINITY, timestampMs: null },
      { name: "b", labels: { x: "1" }, value: Number.NEGATIVE_INFINITY, timestampMs: null },
    ]);
  });

  it("reads exemplars and the end mark of OpenMetrics", () => {
    const { samples } = pageOf('a_bucket{le="1"} 2 # {trace_id="x"} 0.5 1.6\n# EOF\n');
    expect(samples).toMatchObject([{ name: "a_bucket", value: 2, timestampMs: null }]);
  });

  it.each([
    ["a 1\nb one", 2, "value"],
    ["a", 1, "space"],
    ['a{x="1} 2', 1, "quotes"],
    ["a{x=1} 2", 1, "quotes"],
    ['a{x="1" y="2"} 2', 1, '","'],
    ['a{x="1",x="2"} 2', 1, "twice"],
    ["a 1 2 3", 1, "more"],
    ["a 1 soon", 1, "timestamp"],
    ["a 1\na 2", 2, "twice"],
    ["1a 2", 1, "name"],
    ["a 0x10", 1, "value"],
    ["<html>", 1, "name"],
    ["# TYPE a gauge\n# TYPE a gauge", 2, "two types"],
  ])("is refused as a whole: %s", (text, line, problem) => {
    const parsed = parseMetricsPage(text);
    expect(parsed).toMatchObject({ ok: false, line });
    expect(parsed.ok ? "" : parsed.problem).toContain(problem);
  });

  it("gives every label value back that can be written", () => {
    const escaped = (text: string) =>
      text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'a\\\n"{},= #é😀\t0') }),
        fc.double(),
        (label, value) => {
          const written =
            Number.isFinite(value) || Number.isNaN(value) ? String(value) : value > 0 ? "+Inf" : "-Inf";
          const [sample] = pageOf(`a{x="${escaped(label)}"} ${written}`).samples;
          expect(sample?.labels).toEqual({ x: label });
          expect(sample?.value).toBe(value === 0 ? Number(written) : value);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("a histogram", () => {
  const page = (counts: readonly number[], sum: number) =>
    pageOf(
      ["0.1", "0.5", "1", "+Inf"]
        .map((le, index) => `h_bucket{engine="0",le="${le}"} ${counts[index]}`)
        .concat(`h_sum{engine="0"} ${sum}`, `h_count{engine="0"} ${counts[3]}`)
        .join("\n"),
    );

  it("has the quantiles that histogram_quantile of PromQL gives", () => {
    const histogram = readHistogram(page([10, 30, 40, 40], 16), "h");
    if (histogram === null) throw new Error("no histogram");
    // By hand: rank 20 of 40 lies half way through the 20 observations between 0.1 and 0.5.
    expect(histogramQuantile(histogram, 0.5)).toBeCloseTo(0.3, 12);
    expect(histogramQuantile(histogram, 0.25)).toBeCloseTo(0.1, 12);
    expect(histogramQuantile(histogram, 0.99)).toBeCloseTo(0.98, 12);
    expect(histogram).toMatchObject({ sum: 16, count: 40 });
  });

  it("gives the largest finite bound for what lies above it, and nothing for nothing", () => {
    const above = readHistogram(page([0, 0, 0, 5], 90), "h");
    expect(above && histogramQuantile(above, 0.5)).toBe(1);
    const none = readHistogram(page([0, 0, 0, 0], 0), "h");
    expect(none && histogramQuantile(none, 0.5)).toBeNull();
    expect(readHistogram(pageOf("h_sum 1\nh_count 1"), "h")).toBeNull();
  });

  it("is taken since an earlier look, unless the server started anew", () => {
    const before = readHistogram(page([10, 30, 40, 40], 16), "h");
    const after = readHistogram(page([10, 30, 60, 60], 36), "h");
    if (before === null || after === null) throw new Error("no histogram");
    expect(histogramSince(before, after)).toMatchObject({ count: 20, sum: 20 });
    expect(histogramQuantile(histogramSince(before, after) ?? after, 0.5)).toBeCloseTo(0.75, 12);
    expect(histogramSince(after, before)).toBeNull();
    const others = { ...after, buckets: after.buckets.map((one) => ({ ...one, upper: 2 * one.upper })) };
    expect(histogramSince(before, others)).toBeNull();
  });
});
