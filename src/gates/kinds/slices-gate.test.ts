import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holm } from "../../stats/holm.js";
import { stepDown } from "../slices/step-down.js";
import {
  evidenceAgainst,
  judgeAgainst,
  outcomes,
  pairsOf,
  runOf,
  type ScoredCase,
} from "../testing/baseline-samples.js";

type Pairs = readonly [number, number, number, number];

/** Runs of slices of outcomes: pairs passed in both, lost, won and failed in both, by tag. */
function runsOf(slices: { readonly [tag: string]: Pairs }) {
  const side = (which: "before" | "after") =>
    Object.entries(slices).flatMap(([tag, counts]) =>
      pairsOf(...counts)[which].map(
        (one): ScoredCase => ({ ...one, id: `${tag}-${one.id}`, changes: { tags: [tag] } }),
      ),
    );
  return evidenceAgainst(runOf("r2", side("after")), runOf("r1", side("before")));
}

const rule = (more: object = {}) => ({
  by: ["tag"],
  metric: "passed",
  no_worse_than: "baseline",
  margin: 0.05,
  ...more,
});
const verdicts = (result: ReturnType<typeof judgeAgainst>) =>
  Object.fromEntries(result.parts.map(({ name, verdict }) => [name, verdict]));

describe("no worse than a baseline in every slice", () => {
  it("names the slice that lost what the whole hides", () => {
    const result = judgeAgainst(rule(), runsOf({ refund: [30, 25, 0, 5], order: [200, 2, 20, 8] }));
    expect(result).toMatchObject({
      kind: "slices",
      verdict: "fail",
      required: "less than 5 points below main, with 95 % confidence, in every slice by tag",
      difference: { n: 290, design: "paired" },
    });
    expect(verdicts(result)).toEqual({ "tag = refund": "fail", "tag = order": "pass" });
    expect(result.parts[0]?.name).toBe("tag = refund");
    expect(result.parts[0]?.cases).toHaveLength(25);
    expect(result.reason).toMatch(
      /^Of the slices 1 of 2 fail: tag = refund\. tag = refund: 50\.0 % against 91\.7 %/,
    );
  });

  it("passes when each slice does, at its own alpha", () => {
    const result = judgeAgainst(rule(), runsOf({ a: [60, 0, 0, 0], b: [52, 0, 0, 0], c: [70, 0, 0, 0] }));
    expect(result).toMatchObject({ verdict: "pass", reason: "All 3 slices hold." });
    expect(judgeAgainst(rule(), runsOf({ a: [60, 0, 0, 0], b: [51, 0, 0, 0] }))).toMatchObject({
      verdict: "inconclusive",
      toSettle: "tag = b: about 1 more case",
    });
  });

  it("takes no one slice of many for harmed that only looks so by chance", () => {
    const many = Object.fromEntries(
      Array.from({ length: 19 }, (_, index) => [`t${index}`, [60, 0, 0, 0] as const]),
    );
    const suspect = { ...many, suspect: [50, 8, 0, 2] as const };
    const corrected = judgeAgainst(rule(), runsOf(suspect));
    expect(corrected.verdict).toBe("inconclusive");
    const part = corrected.parts[0];
    expect(part).toMatchObject({ name: "tag = suspect", verdict: "inconclusive" });
    expect(part?.reason).toContain("Among 20 slices that is no proof");
    expect(part?.toSettle).toMatch(/^about \d+ more cases$/);
    const { pOfHarm, adjustedPOfHarm } = part?.difference?.test?.statistics ?? {};
    expect(pOfHarm as number).toBeLessThan(0.05);
    expect(adjustedPOfHarm as number).toBeGreaterThan(0.05);
    expect(judgeAgainst(rule({ correction: "none" }), runsOf(suspect)).verdict).toBe("fail");
    expect(judgeAgainst(rule(), runsOf({ suspect: suspect.suspect, a: [60, 0, 0, 0] })).verdict).toBe("fail");
  });

  it("fails exactly the slices whose Holm-adjusted p of harm is below alpha", () => {
    const counts = fc.tuple(
      fc.integer({ min: 10, max: 60 }),
      fc.integer({ min: 0, max: 15 }),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 5 }),
    );
    fc.assert(
      fc.property(fc.array(counts, { minLength: 1, maxLength: 6 }), (slices) => {
        const result = judgeAgainst(
          rule(),
          runsOf(Object.fromEntries(slices.map((each, index) => [`t${index}`, each]))),
        );
        const adjusted = holm(
          result.parts.map(({ difference }) => difference?.test?.statistics.pOfHarm ?? null),
        );
        expect(result.parts.map(({ verdict }) => verdict === "fail")).toEqual(
          adjusted.map((p) => (p ?? 1) < 0.05),
        );
      }),
      { numRuns: 40 },
    );
  });

  it("lists small slices, which have no say", () => {
    const result = judgeAgainst(rule({ min_cases: 20 }), runsOf({ big: [60, 0, 0, 0], tiny: [0, 5, 0, 0] }));
    expect(result.verdict).toBe("pass");
    expect(result.reason).toBe("The one slice holds. With fewer than 20 cases, not judged: tag = tiny (5).");
    expect(result.parts.at(-1)).toMatchObject({ name: "tag = tiny", verdict: "inconclusive" });
    const none = judgeAgainst(rule({ min_cases: 100 }), runsOf({ big: [60, 0, 0, 0] }));
    expect(none).toMatchObject({
      verdict: "inconclusive",
      reason: "No slice has the 100 cases that it takes to be judged.",
    });
  });

  it("is inconclusive without slices, and without a baseline's scores", () => {
    const { before, after } = pairsOf(60, 0, 0, 0);
    const untagged = judgeAgainst(rule(), evidenceAgainst(runOf("r2", after), runOf("r1", before)));
    expect(untagged).toMatchObject({
      verdict: "inconclusive",
      reason: "No case has a tag, so there is no slice to judge.",
    });
    const empty = judgeAgainst(rule(), evidenceAgainst(runOf("r2", after), runOf("r1", [])));
    expect(empty.verdict).toBe("inconclusive");
  });

  it("finds tenants by their tag, which is then no other slice", () => {
    const tagged = (score: number) =>
      Array.from({ length: 120 }, (_, index): ScoredCase => {
        const tenant = index % 2 === 0 ? "tenant:acme" : "tenant:other";
        return { id: `c${index}`, scores: [score], changes: { tags: [tenant, "faq"], risk: "high" } };
      });
    const evidence = evidenceAgainst(runOf("r2", tagged(1)), runOf("r1", tagged(1)));
    const names = (by: string[]) => judgeAgainst(rule({ by }), evidence).parts.map(({ name }) => name);
    expect(names(["tenant"])).toEqual(["tenant = acme", "tenant = other"]);
    expect(names(["tenant", "tag", "risk"])).toEqual([
      "tenant = acme",
      "tenant = other",
      "tag = faq",
      "risk = high",
    ]);
    expect(names(["tag"])).toEqual(["tag = faq", "tag = tenant:acme", "tag = tenant:other"]);
  });

  it("tells of Simpson's paradox: better in each slice, worse over all", () => {
    const risk = (name: "low" | "high", prefix: string, [passed, all]: readonly [number, number]) =>
      outcomes("1".repeat(passed) + "0".repeat(all - passed), `${prefix}-${name}`).map(
        (one): ScoredCase => ({ ...one, changes: { risk: name } }),
      );
    const arm = (prefix: string, easy: readonly [number, number], hard: readonly [number, number]) => [
      ...risk("low", prefix, easy),
      ...risk("high", prefix, hard),
    ];
    const evidence = evidenceAgainst(
      runOf("r2", arm("b", [81, 87], [192, 263])),
      runOf("r1", arm("a", [234, 270], [55, 80])),
    );
    const result = judgeAgainst(rule({ by: ["risk"] }), evidence);
    expect(result.reason).toContain("Simpson's paradox: by risk, the candidate is +");
  });
});

describe("a threshold in every slice", () => {
  const least = (more: object) => ({ by: ["tag"], metric: "passed", min: 0.8, ...more });
  const evidence = runsOf({ good: [95, 0, 0, 5], fair: [82, 0, 0, 18], bad: [30, 0, 0, 20] });

  it("on the estimate: the value of each", () => {
    const result = judgeAgainst(least({}), evidence);
    expect(verdicts(result)).toEqual({ "tag = bad": "fail", "tag = fair": "pass", "tag = good": "pass" });
    expect(result).toMatchObject({
      verdict: "fail",
      min: 0.8,
      required: ">= 0.8 in every slice by tag",
      baseline: null,
    });
  });

  it("on a bound: the interval of each, and failures under Holm", () => {
    const result = judgeAgainst(least({ bound: "lower" }), evidence);
    expect(verdicts(result)).toEqual({
      "tag = bad": "fail",
      "tag = fair": "inconclusive",
      "tag = good": "pass",
    });
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`t${index}`, [50, 0, 0, 0] as const]),
    );
    const suspect = runsOf({ ...many, suspect: [33, 0, 0, 17] });
    expect(judgeAgainst(least({ bound: "lower", correction: "none" }), suspect).verdict).toBe("fail");
    const corrected = judgeAgainst(least({ bound: "lower" }), suspect);
    expect(corrected.verdict).toBe("inconclusive");
    expect(corrected.parts[0]?.reason).toContain("Among 41 slices that is no proof");
  });

  it("takes a one-sided alpha of its own", () => {
    const level = (more: object) =>
      judgeAgainst(least({ bound: "lower", ...more }), evidence).parts[0]?.estimate?.level;
    expect(level({})).toBeCloseTo(0.95, 12);
    expect(level({ alpha: 0.05 })).toBeCloseTo(0.9, 12);
  });

  it("is inconclusive where the metric is not", () => {
    expect(judgeAgainst(least({ metric: "other" }), evidence)).toMatchObject({
      verdict: "inconclusive",
      reason: "other was not measured in this run.",
    });
  });
});

describe("stepDown", () => {
  it("rejects what Holm's adjusted p does", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 0.2, noNaN: true }), { maxLength: 12 }), (ps) => {
        const rejected = stepDown(ps.length, (index, open) => (ps[index] as number) * open < 0.05);
        const adjusted = holm(ps);
        expect(ps.map((_, index) => rejected.has(index))).toEqual(adjusted.map((p) => (p as number) < 0.05));
      }),
    );
  });
});
