import { describe, expect, it } from "vitest";
import { cutMiddle } from "../cut-middle.js";
import { ecdfPlot } from "./ecdf-plot.js";
import { type ForestRow, forestPlot } from "./forest-plot.js";
import { scatterPlot } from "./scatter-plot.js";
import { tickFormat } from "./tick-format.js";
import { trendChart } from "./trend-chart.js";

const forest = { title: "t", axis: "a", formatTick: String };
const words = { title: "t", description: "d", xLabel: "x", formatX: String };

function row(changes: Partial<ForestRow>): ForestRow {
  return { label: "row", note: "note", value: 0, lower: null, upper: null, tone: "none", ...changes };
}

/** Numbers of an attribute in a picture. */
function numbers(svg: string, attribute: string): number[] {
  return [...svg.matchAll(new RegExp(` ${attribute}="([^"]*)"`, "g"))].map((match) => Number(match[1]));
}

const pictures = {
  "a forest without a difference": forestPlot([row({})], forest),
  "a forest with an interval that is a point": forestPlot([row({ lower: 0, upper: 0 })], forest),
  "a forest with an endless interval": forestPlot([row({ value: 0.1, lower: -1e6, upper: 1e6 })], forest),
  "a curve of one measurement": ecdfPlot([{ label: "a", points: [0] }], words),
  "a curve of a run without measurements": ecdfPlot([{ label: "a", points: [] }], words),
  "one run that cost nothing": scatterPlot(
    [
      {
        label: "a",
        index: 0,
        x: { value: 0, lower: null, upper: null },
        y: { value: 1, lower: 1, upper: 1 },
      },
    ],
    { ...words, yLabel: "y", formatY: String, mostY: 1 },
  ),
  "a trend of one run": trendChart(
    [{ label: "a", value: 0.5, lower: null, upper: null, begins: "@1", isBaseline: true }],
    { ...words, formatY: String, limits: [], mostY: 1 },
  ),
  "a trend without a value": trendChart(
    [{ label: "a", value: null, lower: null, upper: null, begins: null, isBaseline: false }],
    { ...words, formatY: String, limits: [], mostY: null },
  ),
};

describe.each(Object.entries(pictures))("%s", (_name, svg) => {
  it("has a finite place for everything, and words", () => {
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg).toMatch(/role="img"><title>t<\/title><desc>/);
  });
});

describe("the forest plot", () => {
  it("puts worse left and better right of zero, at distances in proportion", () => {
    const svg = forestPlot(
      [row({ value: -0.2, tone: "worse" }), row({ value: 0.1, tone: "better" })],
      forest,
    );
    const points = [...svg.matchAll(/<rect class="point (\w+)" x="([\d.]+)"/g)].map((match) => ({
      tone: match[1],
      x: Number(match[2]) + 4.5,
    }));
    const zero = Number(/<line x1="([\d.]+)"[^>]*class="zero"/.exec(svg)?.[1]);
    expect(points.map(({ tone }) => tone)).toEqual(["worse", "better"]);
    expect((zero - (points[0]?.x ?? 0)) / ((points[1]?.x ?? 0) - zero)).toBeCloseTo(2, 1);
  });

  it("cuts an interval that would leave nothing else to see, with an arrow", () => {
    const svg = forestPlot([row({ value: 0.1, lower: -50, upper: 0.3 })], forest);
    expect(svg).toContain("<polygon");
    expect(Math.min(...numbers(svg, "x1"))).toBeGreaterThanOrEqual(250);
  });
});

it("the curve reaches the share of measurements up to each value", () => {
  const svg = ecdfPlot([{ label: "a", points: [1, 2, 3, 4] }], words);
  const path = /<path class="curve run-0" d="([^"]+)"/.exec(svg)?.[1] ?? "";
  const heights = [...path.matchAll(/V([\d.]+)/g)].map((match) => Number(match[1]));
  const [bottom, top] = [282, 20];
  expect(heights.map((height) => (bottom - height) / (bottom - top))).toEqual(
    [0.25, 0.5, 0.75, 1].map((share) => expect.closeTo(share, 2)),
  );
});

it("the trend breaks its line at a run without a value, and never draws it as 0", () => {
  const marks = [0.8, null, 0.9].map((value, index) => ({
    label: `run ${index}`,
    value,
    lower: null,
    upper: null,
    begins: null,
    isBaseline: false,
  }));
  const svg = trendChart(marks, {
    ...words,
    formatY: String,
    limits: [{ value: 0.85, label: "min" }],
    mostY: 1,
  });
  const path = /<path class="trend-line" d="([^"]+)"/.exec(svg)?.[1] ?? "";
  expect(path.match(/M/g)).toHaveLength(2);
  expect(path).not.toContain("L");
  expect(svg).toContain(">no value<");
  expect(svg).toContain('class="gate-line"');
});

it("ticks of one axis share a unit", () => {
  expect([0, 500, 2000].map(tickFormat("ms", 2000))).toEqual(["0 s", "0.5 s", "2 s"]);
  expect([0, 20].map(tickFormat("ms", 20))).toEqual(["0 ms", "20 ms"]);
  expect(tickFormat("proportion", 1)(0.85)).toBe("85 %");
  expect(tickFormat("usd", 1)(0.2)).toBe("$0.2");
});

it("a long id keeps beginning and end", () => {
  expect(cutMiddle("abcdefghij", 5)).toBe("ab…ij");
  expect(cutMiddle("abc", 5)).toBe("abc");
});
