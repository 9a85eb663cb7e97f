import { describe, expect, it } from "vitest";
import { figureRow, measureDetectors, precisionRows } from "../bench/measure-detectors.js";
import { pageText } from "./pages.js";

const figures = measureDetectors();
const page = pageText("docs/guardrails.md");

describe("the detectors of the guardrails", () => {
  it.each([...figures.map(figureRow), ...precisionRows(figures)].map((row) => [row]))(
    "docs/guardrails.md says %s",
    (row) => {
      expect(page).toContain(row);
    },
  );

  it.each(figures.filter(({ isWanted }) => !isWanted))(
    "cry wolf seldom: $detector, $set",
    ({ found, of }) => {
      expect(of).toBeGreaterThan(20);
      expect(found / of).toBeLessThan(0.05);
    },
  );

  it("find most of what they look for in data that others wrote", () => {
    const bipia = figures.filter(({ set, isWanted }) => isWanted && set.startsWith("BIPIA"));
    expect(bipia).toHaveLength(4);
    for (const { found, of } of bipia) expect(found / of).toBeGreaterThan(0.9);
  });
});
