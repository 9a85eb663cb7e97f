import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  evidenceAgainst,
  judgeAgainst,
  judgePairs,
  PASSED,
  pairsOf,
  runOf,
} from "../testing/baseline-samples.js";

const better = (more: object = {}) => ({ metric: "passed", better_than: "baseline", ...more });

describe("better than a baseline", () => {
  it.each([
    ["a clear gain", pairsOf(60, 2, 20, 18), "pass", "a gain is shown"],
    ["a clear loss", pairsOf(60, 20, 2, 18), "fail", "a gain is excluded"],
    [
      "too little to say",
      pairsOf(60, 3, 6, 31),
      "inconclusive",
      "more and less than no gain are both possible; about",
    ],
    [
      "no change at all",
      pairsOf(300, 0, 0, 0),
      "inconclusive",
      "how many more cases would settle it cannot be said",
    ],
  ])("%s", (_what, pairs, verdict, reason) => {
    const result = judgePairs(better(), pairs);
    expect(result.verdict).toBe(verdict);
    expect(result.reason).toContain(reason);
    expect(result.required).toBe("above main, with 95 % confidence");
  });

  it("by more than a margin", () => {
    const pairs = pairsOf(60, 2, 20, 18);
    const result = judgePairs(better({ margin: 0.15 }), pairs);
    expect(result).toMatchObject({
      verdict: "inconclusive",
      required: "more than 15 points above main, with 95 % confidence",
    });
    expect(judgePairs(better({ margin: 0.4 }), pairs).verdict).toBe("fail");
    expect(judgePairs(better({ margin: "10%" }), pairs).verdict).toBe("pass");
  });

  it("of a metric of which less is better is a fall", () => {
    const facts = { ...PASSED, direction: "lower" } as const;
    const { before, after } = pairsOf(18, 20, 2, 60);
    const result = judgeAgainst(
      better(),
      evidenceAgainst(runOf("r2", after, facts), runOf("r1", before, facts)),
    );
    expect(result).toMatchObject({ verdict: "pass", required: "below main, with 95 % confidence" });
  });

  it("agrees with the rule of no worse, which it is at a margin of 0", () => {
    const cell = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(fc.tuple(cell, cell, cell, cell), (counts) => {
        const gain = judgePairs(better(), pairsOf(...counts));
        const loss = judgePairs(
          { metric: "passed", no_worse_than: "baseline", margin: 0 },
          pairsOf(...counts),
        );
        expect(gain.verdict).toBe(loss.verdict);
        expect(gain.toSettle).toBe(loss.toSettle);
      }),
      { numRuns: 50 },
    );
  });

  it("is inconclusive without data", () => {
    const empty = evidenceAgainst(runOf("r2", []), runOf("r1", []));
    expect(judgeAgainst(better(), empty).verdict).toBe("inconclusive");
  });
});
