import { describe, expect, it } from "vitest";
import {
  sampleSizeMcnemar,
  sampleSizeNoninferiorityPaired,
  sampleSizeTwoProportions,
  wilson,
} from "../src/stats/index.js";
import { pageText } from "./pages.js";

const page = pageText("docs/concepts.md");

/** Cells of the rows of the table whose head begins with these words. */
function tableOf(head: string): readonly (readonly string[])[] {
  const [, rows = ""] = page.split(`| ${head} |`);
  const [body = ""] = rows.split("\n\n");
  return body
    .split("\n")
    .slice(2)
    .map((line) => line.split("|").slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

const percent = (share: number | null | undefined) => `${((share ?? Number.NaN) * 100).toFixed(1)} %`;

describe("docs/concepts.md", () => {
  it("has the intervals of wilson", () => {
    const rows = tableOf("cases");
    expect(rows.length).toBe(8);
    for (const [cases = "", measured = "", interval] of rows) {
      const n = Number(cases);
      const { lower, upper } = wilson(Math.round((n * Number.parseFloat(measured)) / 100), n);
      expect(interval).toBe(`${percent(lower)} to ${percent(upper)}`);
    }
  });

  it("has the numbers of cases that the planning functions give", () => {
    const rows = tableOf("points");
    expect(rows.map(([points]) => points)).toEqual(["1", "2", "5", "10"]);
    for (const [points = "", ...cells] of rows) {
      const drop = Number(points) / 100;
      const steady = sampleSizeNoninferiorityPaired(0.1, drop);
      const lost = (0.1 + drop) / 2;
      expect(cells.map(Number)).toEqual([
        steady.leastToPass,
        steady.nPairs,
        sampleSizeNoninferiorityPaired(0.2, drop).nPairs,
        sampleSizeMcnemar(lost, 0.1 - lost).nPairs,
        sampleSizeTwoProportions(0.9, 0.9 - drop).nPerArm,
      ]);
    }
  });

  it("has the chances that it speaks of", () => {
    const anyOf = (chance: number, times: number) => Math.round(100 * (1 - (1 - chance) ** times));
    expect(page).toContain(`at least one looks harmed in ${anyOf(0.05, 20)} % of the`);
    expect(page).toContain(`passes with a chance of ${anyOf(0.05, 3)} %, of ten with ${anyOf(0.05, 10)} %`);
    expect(page).toContain(`trials in ${anyOf(0.1, 3)} of 100 runs`);
    expect(page).toContain(
      `allows a failure rate of ${Math.round(100 * (1 - (wilson(20, 20).lower ?? 0)))} %`,
    );
    // One-sided, as rare harm is: 1 - 0.05^(1/300).
    expect(1 - 0.05 ** (1 / 300)).toBeCloseTo(0.01, 3);
  });
});
