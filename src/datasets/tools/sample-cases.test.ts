import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDatasetLines } from "../dataset-builder.js";
import { sampleCases } from "./sample-cases.js";

const RISKS = ["low", "medium", "high", "critical", null] as const;

function casesWith(risks: readonly (typeof RISKS)[number][]) {
  const lines = risks.map((risk, index) => JSON.stringify({ id: `c${index}`, input: "x", risk }));
  return parseDatasetLines(lines, "golden.jsonl").cases;
}

describe("sampleCases", () => {
  it("draws in proportion, at least one of each stratum, in file order", () => {
    const cases = casesWith([...Array(90).fill("low"), ...Array(9).fill("high"), "critical"]);
    const sample = sampleCases(cases, { size: 10, seed: 1, by: "risk" });
    expect(sample.strata).toEqual([
      { value: "critical", cases: 1, drawn: 1 },
      { value: "high", cases: 9, drawn: 1 },
      { value: "low", cases: 90, drawn: 8 },
    ]);
    expect(sample.cases.map((one) => one.line)).toEqual(
      sample.cases.map((one) => one.line).sort((a, b) => a - b),
    );
  });

  it("draws as many as are asked for or there are, each once, from any strata", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...RISKS), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 0, max: 1000 }),
        (risks, size, seed) => {
          const { cases, strata } = sampleCases(casesWith(risks), { size, seed, by: "risk" });
          expect(cases).toHaveLength(Math.min(size, risks.length));
          expect(new Set(cases).size).toBe(cases.length);
          for (const one of strata) {
            expect(cases.filter(({ risk }) => risk === one.value)).toHaveLength(one.drawn);
            expect(one.drawn).toBeLessThanOrEqual(one.cases);
            if (size >= strata.length) expect(one.drawn).toBeGreaterThan(0);
          }
        },
      ),
    );
  });

  it("is the same for the same seed, and a smaller sample lies within a larger one", () => {
    const cases = casesWith(Array(100).fill("low"));
    const draw = (size: number, seed: number) =>
      sampleCases(cases, { size, seed, by: null }).cases.map((one) => one.id);
    expect(draw(10, 3)).toEqual(draw(10, 3));
    expect(draw(10, 4)).not.toEqual(draw(10, 3));
    expect(draw(20, 3)).toEqual(expect.arrayContaining(draw(10, 3)));
  });
});
