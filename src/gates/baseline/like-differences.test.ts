import { describe, expect, it } from "vitest";
import { tango } from "../../stats/tango.js";
import { evidenceAgainst, judgeAgainst, PASSED, QUALITY, runOf } from "../testing/baseline-samples.js";
import { likeDifferences } from "./like-differences.js";

const COUNT = { ...QUALITY, name: "count", unit: "count" } as const;

/** As many cases, each with these scores. */
const cases = (count: number, scores: readonly number[], prefix = "c") =>
  Array.from({ length: count }, (_, index) => ({ id: `${prefix}${index}`, scores }));

describe("groups that all changed alike", () => {
  const facts = { n: 30, clusters: 30, relative: null };

  it("are Tango's pairs that agree where none changed", () => {
    const contrast = likeDifferences({ before: 0.8, after: 0.8, span: 1 }, false, facts);
    const pairs = { bothPass: 24, baselineOnly: 0, currentOnly: 0, bothFail: 6 };
    const { lower, upper } = tango(pairs, 0.9);
    expect(contrast.limitsAt(0.9).lower).toBeCloseTo(lower as number, 12);
    expect(contrast.limitsAt(0.9).upper).toBeCloseTo(upper as number, 12);
  });

  it.each([
    [false, 0.8, 0.9],
    [false, 0.8, 0.3],
    [true, 0.8, 0.9],
    [true, 0.8, 0.3],
  ])("have a p that is alpha at each limit (relative: %s, %d to %d)", (isRelative, before, after) => {
    const contrast = likeDifferences({ before, after, span: 1 }, isRelative, facts);
    const { lower, upper } = contrast.limitsAt(0.9);
    expect(contrast.pBeyond(lower as number, "above")).toBeCloseTo(0.05, 10);
    expect(contrast.pBeyond(upper as number, "below")).toBeCloseTo(0.05, 10);
    const delta = ((lower as number) + (contrast.value as number)) / 2;
    const needed = contrast.casesToExclude(delta, 0.05) as number;
    const more = { ...facts, n: needed, clusters: needed };
    const wide = likeDifferences({ before, after, span: 1 }, isRelative, { ...more, clusters: needed - 1 });
    const narrow = likeDifferences({ before, after, span: 1 }, isRelative, more);
    expect(wide.limitsAt(0.9).lower as number).toBeLessThanOrEqual(delta);
    expect(narrow.limitsAt(0.9).lower as number).toBeGreaterThan(delta);
  });

  it.each([
    ["rate", PASSED, { better_than: "baseline" }, [0, 0], [1, 1]],
    ["rate", PASSED, { better_than: "baseline" }, [0, 0], [1, 0]],
    ["rate", PASSED, { no_worse_than: "baseline", margin: 0.05 }, [1, 1], [0, 0]],
    ["score", QUALITY, { better_than: "baseline" }, [0.5], [0.6]],
    ["score", QUALITY, { better_than: "baseline", margin: "5%" }, [0.5], [0.6]],
    ["count", COUNT, { better_than: "baseline" }, [3], [4]],
    ["count", COUNT, { no_worse_than: "baseline", margin: 0.1 }, [3], [3]],
    ["count", COUNT, { no_worse_than: "baseline", margin: "5%" }, [3], [3]],
  ] as const)("of two cases prove nothing: %s %o %o", (_, facts, rule, before, after) => {
    const own = runOf("r2", cases(2, after), facts);
    const paired = judgeAgainst(
      { metric: facts.name, ...rule },
      evidenceAgainst(own, runOf("r1", cases(2, before), facts)),
    );
    expect([paired.verdict, paired.reason]).toEqual(["inconclusive", expect.any(String)]);
  });

  it("of two cases each prove nothing where the runs have different cases", () => {
    const own = runOf("r2", cases(2, [0.95]), QUALITY);
    const result = judgeAgainst(
      { metric: QUALITY.name, better_than: "baseline" },
      evidenceAgainst(own, runOf("r1", cases(2, [0.9], "o"), QUALITY)),
    );
    expect(result.verdict).toBe("inconclusive");
    expect(result.reason).toContain("fewer than 10 groups that are all alike show no variance");
  });

  it("prove a gain of something that nothing bounds when they are ten", () => {
    const gain = (count: number) =>
      judgeAgainst(
        { metric: COUNT.name, better_than: "baseline" },
        evidenceAgainst(runOf("r2", cases(count, [4]), COUNT), runOf("r1", cases(count, [3]), COUNT)),
      ).verdict;
    expect([gain(9), gain(10)]).toEqual(["inconclusive", "pass"]);
  });

  it("have no bound below ten groups where nothing bounds them", () => {
    const verdict = (count: number) =>
      judgeAgainst(
        { metric: COUNT.name, min: 3, bound: "lower" },
        evidenceAgainst(runOf("r2", cases(count, [3]), COUNT), runOf("r1", [], COUNT)),
      ).verdict;
    expect([verdict(2), verdict(9), verdict(10)]).toEqual(["inconclusive", "inconclusive", "pass"]);
  });

  it("prove no drop where they are few", () => {
    const result = judgeAgainst(
      { metric: QUALITY.name, no_worse_than: "baseline", rule: "significant-drop" },
      evidenceAgainst(runOf("r2", cases(2, [0.4]), QUALITY), runOf("r1", cases(2, [0.5]), QUALITY)),
    );
    expect(result.difference?.test?.p).toBeGreaterThan(0.3);
  });
});
