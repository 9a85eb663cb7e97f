import { describe, expect, it } from "vitest";
import { intervalBar, shareBar } from "./interval-bar.js";

describe("intervalBar", () => {
  it.each([
    [{ low: -0.5, mid: 0, high: 0.5 }, "      ──●── ┃    "],
    [{ low: null, mid: 1.5, high: null }, "        │   ┃ ●  "],
    [{ low: null, mid: null, high: null }, "        │   ┃    "],
    [{ low: 3, mid: 4, high: 5 }, "        │   ┃   ▸"],
  ])("draws %o", (interval, drawn) => {
    expect(intervalBar(interval, 17).padEnd(17)).toBe(drawn);
  });

  it("is as wide as it is asked for", () => {
    for (const width of [9, 10, 41])
      expect(intervalBar({ low: -9, mid: 0.3, high: 1 }, width)).toHaveLength(width);
  });
});

describe("shareBar", () => {
  it("is full at 1 and above", () => {
    expect([0, 0.5, 1, 7].map((share) => shareBar(share, 4))).toEqual(["░░░░", "██░░", "████", "████"]);
  });
});
