import { describe, expect, it } from "vitest";
import {
  evidenceAgainst,
  judgeAgainst,
  judgePairs,
  outcomes,
  PASSED,
  pairsOf,
  QUALITY,
  runOf,
} from "../testing/baseline-samples.js";

const drop = (more: object = {}) => ({
  metric: "passed",
  no_worse_than: "baseline",
  rule: "significant-drop",
  ...more,
});

describe("the rule of a significant drop", () => {
  // SciPy 1.10.1: binomtest(b, b + c, alternative="greater"): 9 of 11 p = 0.032715, 8 of 10 p = 0.0546875.
  it.each([
    [
      "p below alpha, drop above 2 points",
      pairsOf(80, 9, 2, 9),
      "fail",
      "p = .033 (McNemar exact, one-sided)",
    ],
    ["p above alpha", pairsOf(80, 8, 2, 10), "pass", "p = .055 (McNemar exact, one-sided)"],
    ["a drop of exactly 2 points", pairsOf(920, 29, 9, 42), "pass", "the drop is not more than 2 points"],
    ["a drop of one case more", pairsOf(919, 30, 9, 42), "fail", "the drop is more than 2 points"],
  ])("%s", (_what, pairs, verdict, reason) => {
    const result = judgePairs(drop(), pairs);
    expect(result.verdict).toBe(verdict);
    expect(result.reason).toContain(reason);
    expect(result.required).toBe("no drop of more than 2 points with p < 0.05 against main");
  });

  // SciPy 1.10.1: least drop of power 80 % at 15 discordant of 200: 0.05006.
  it("prints on a pass what it would have caught", () => {
    expect(judgePairs(drop(), pairsOf(160, 8, 7, 25)).reason).toMatch(
      /It would have caught a drop of 5.0 points with power 80 %\.$/,
    );
    expect(judgePairs(drop(), pairsOf(3, 1, 0, 0)).reason).toMatch(
      /So few cases show no drop, however large\.$/,
    );
  });

  it("takes a margin of its own, also as a share of the baseline", () => {
    const pairs = pairsOf(40, 10, 0, 50);
    expect(judgePairs(drop({ margin: 0.1 }), pairs).verdict).toBe("pass");
    expect(judgePairs(drop({ margin: 0.09 }), pairs).verdict).toBe("fail");
    expect(judgePairs(drop({ margin: "20%" }), pairs).verdict).toBe("pass");
    expect(judgePairs(drop({ margin: "19.9%" }), pairs).verdict).toBe("fail");
  });

  it("of a metric of which less is better, asks for a rise", () => {
    const facts = { ...PASSED, direction: "lower" } as const;
    const { before, after } = pairsOf(0, 0, 12, 88);
    const result = judgeAgainst(
      drop(),
      evidenceAgainst(runOf("r2", after, facts), runOf("r1", before, facts)),
    );
    expect(result).toMatchObject({
      verdict: "fail",
      required: "no rise of more than 2 points with p < 0.05 against main",
    });
    expect(result.cases).toHaveLength(12);
    const back = judgeAgainst(drop(), evidenceAgainst(runOf("r2", before, facts), runOf("r1", after, facts)));
    expect(back.verdict).toBe("pass");
  });

  // SciPy 1.10.1: pooled z of 95/100 against 86/100: p = 0.01509; of 95/100 against 93/100: p = 0.27637.
  it.each([
    [86, "fail", "p = .015 (two-proportion z, one-sided)"],
    [93, "pass", "p = .276 (two-proportion z, one-sided), and the drop is not more than 2 points"],
  ])("on different cases is the pooled z test: %d of 100", (passed, verdict, reason) => {
    const arm = (count: number, prefix: string) =>
      outcomes("1".repeat(count) + "0".repeat(100 - count), prefix);
    const result = judgeAgainst(
      drop(),
      evidenceAgainst(runOf("r2", arm(passed, "b")), runOf("r1", arm(95, "a"))),
    );
    expect(result.verdict).toBe(verdict);
    expect(result.reason).toContain(reason);
    expect(result.difference?.design).toBe("unpaired");
  });

  it("on scores is the test that the interval inverts", () => {
    const scored = (fall: number) =>
      Array.from({ length: 30 }, (_, id) => ({
        id: `c${id}`,
        scores: [0.8 - fall + (id % 5) * 0.01 * (1 + fall)],
      }));
    const judged = (fall: number) =>
      judgeAgainst(
        drop({ metric: "quality" }),
        evidenceAgainst(runOf("r2", scored(fall), QUALITY), runOf("r1", scored(0), QUALITY)),
      );
    expect(judged(0.05).verdict).toBe("fail");
    expect(judged(0.01)).toMatchObject({ verdict: "pass" });
  });

  it("is inconclusive without data", () => {
    expect(judgeAgainst(drop(), evidenceAgainst(runOf("r2", []), runOf("r1", [])))).toMatchObject({
      verdict: "inconclusive",
    });
  });
});
