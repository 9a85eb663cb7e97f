import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type GoldenCase, NOTHING_EXPECTED } from "../core/golden-case.js";
import type { TrialRow } from "../metrics/metric.js";
import { metricSetOf } from "../metrics/metric-set.js";
import { metrics } from "../metrics/registry.js";
import { rowWith } from "../metrics/testing/trial-builder.js";
import { sampleRun } from "../store/testing/store-samples.js";
import { compareRuns } from "./compare-runs.js";
import type { CandidateComparison, MetricComparison } from "./comparison.js";
import type { RunEvidence } from "./evidence.js";

const set = metricSetOf(
  metrics.filter(({ name }) =>
    ["task.success", "must_include", "steps", "latency.p50_ms", "latency.p95_ms", "error_rate"].includes(
      name,
    ),
  ),
);

interface Told {
  readonly risk?: GoldenCase["risk"];
  readonly hash?: string;
}

function caseOf(id: string, { risk = null, hash = id }: Told = {}): GoldenCase {
  return {
    id,
    input: { kind: "text", text: id },
    expect: NOTHING_EXPECTED,
    environment: null,
    risk,
    tags: [],
    group: id,
    split: "dev",
    review: null,
    line: 1,
    hash,
  };
}

function evidence(
  id: string,
  rows: readonly TrialRow[],
  told: (caseId: string) => Told = () => ({}),
  changes: Parameters<typeof sampleRun>[1] = {},
): RunEvidence {
  const cases = new Map(rows.map(({ caseId }) => [caseId, caseOf(caseId, told(caseId))]));
  const plan = rows.map(({ caseId, trial }) => ({ caseId, caseHash: caseId, trial }));
  return { run: sampleRun(id, { plan, status: "complete", ...changes }), rows, set, cases };
}

/** One trial a case: `1` passed, `0` failed, `x` crashed. */
function outcomes(text: string, prefix = "c"): TrialRow[] {
  return [...text].map((mark, index) =>
    mark === "x"
      ? rowWith({}, { caseId: `${prefix}${index}`, status: "error", errorCode: "TIMEOUT" })
      : rowWith({ "task.success": Number(mark) }, { caseId: `${prefix}${index}` }),
  );
}

function compare(a: RunEvidence, b: RunEvidence, by: "risk"[] = []): CandidateComparison {
  const { candidates } = compareRuns(a, [b], { level: 0.95, slicings: by });
  return candidates[0] as CandidateComparison;
}

const primaryOf = (found: CandidateComparison) =>
  found.metrics.find((metric) => metric.isPrimary) as MetricComparison;

const both = (text: string, count: number) => text.repeat(count);

describe("paired outcomes", () => {
  // tau2-ab airline: 10/20 v 13/20, 3 lost and 6 won (SciPy 1.10: exact p 0.507812, z p 0.337287).
  const before = outcomes(both("1", 7) + both("1", 3) + both("0", 6) + both("0", 4));
  const after = outcomes(both("1", 7) + both("0", 3) + both("1", 6) + both("0", 4));
  const found = compare(evidence("a", before), evidence("b", after));
  const success = primaryOf(found);

  it("are compared by McNemar and Tango, and say so", () => {
    expect(found.design).toMatchObject({ kind: "paired", cases: 20, clusters: 20 });
    expect(success.test?.name).toBe("McNemar mid-p");
    expect(success.difference).toMatchObject({ method: "tango", n: 20 });
    expect(success.difference.value).toBeCloseTo(0.15, 12);
    expect(success.pairs).toEqual({ bothPassed: 7, lost: 3, won: 6, bothFailed: 4 });
  });

  it("carry the tests that readers expect, with the values of SciPy", () => {
    const p = Object.fromEntries(success.otherTests.map((test) => [test.name, test.p]));
    expect(p["McNemar exact"]).toBeCloseTo(0.5078125, 12);
    expect(p["McNemar chi-square with continuity correction"]).toBeCloseTo(0.504985, 6);
    expect(p["two-proportion z"]).toBeCloseTo(0.337287, 6);
    expect(p["Fisher exact"]).toBeCloseTo(0.523107, 6);
  });

  it("are told in words", () => {
    expect(success.verdict).toBe("no-difference-shown");
    expect(success.sentence).toMatch(
      /^no difference shown, \+15\.0 points, p = \.\d+, 95 % −.* 3 cases lost, 6 won$/,
    );
    expect(found.changes.lost.map(({ caseId }) => caseId)).toEqual(["c7", "c8", "c9"]);
    expect(found.detectable?.sentence).toMatch(/^with 20 cases you can see a drop of \d+ points/);
  });
});

it("a run that loses many cases is worse", () => {
  const found = compare(
    evidence("a", outcomes(both("1", 90) + both("0", 10))),
    evidence("b", outcomes(both("0", 14) + both("1", 79) + both("0", 7))),
  );
  expect(primaryOf(found)).toMatchObject({ verdict: "worse", pairs: { lost: 14, won: 3 } });
  expect(found.summary).toContain("task.success 90.0 % → 79.0 %: worse, −11.0 points, p = ");
});

it("crashed trials count as failures of success, are left out elsewhere, and are told", () => {
  const found = compare(evidence("a", outcomes("11111111")), evidence("b", outcomes("1111xxxx")));
  expect(primaryOf(found)).toMatchObject({ pairs: { bothPassed: 4, lost: 4 }, candidate: { value: 0.5 } });
  expect(found.candidate.crashed).toBe(4);
  expect(found.warnings.map(({ code }) => code)).toContain("trials-crashed");
  const errors = found.metrics.find(({ metric }) => metric === "error_rate");
  expect(errors).toMatchObject({ baseline: { value: 0 }, candidate: { value: 0.5 } });
});

describe("several trials of a case", () => {
  const trials = (rate: (index: number) => number) =>
    Array.from({ length: 12 }, (_, index) => index).flatMap((index) =>
      [0, 1, 2, 3].map((trial) =>
        rowWith(
          { "task.success": trial < rate(index) ? 1 : 0 },
          { caseId: `c${index}`, group: `c${index}`, trial },
        ),
      ),
    );
  const found = compare(
    evidence(
      "a",
      trials(() => 3),
    ),
    evidence(
      "b",
      trials((index) => (index < 8 ? 1 : 3)),
    ),
  );

  it("are reduced to a mean a case before any test", () => {
    const success = primaryOf(found);
    expect(found.design.hasRepeatedTrials).toBe(true);
    expect(success.difference).toMatchObject({ n: 12, clusters: 12, method: "paired-t" });
    expect(success.difference.value).toBeCloseTo(-1 / 3, 12);
    expect(success.test?.name).toBe("sign-flip permutation (exact)");
    // 8 equal drops: only all-equal signs are as extreme.
    expect(success.test?.p).toBeCloseTo(2 / 2 ** 8, 12);
    expect(success.verdict).toBe("worse");
  });

  it("of one family count as one cluster", () => {
    const family = (rows: readonly TrialRow[]) =>
      rows.map((row) => ({ ...row, group: Number(row.caseId.slice(1)) < 6 ? "x" : "y" }));
    const clustered = compare(
      evidence("a", family(trials(() => 3))),
      evidence("b", family(trials((index) => (index < 8 ? 1 : 3)))),
    );
    expect(primaryOf(clustered).difference).toMatchObject({ clusters: 2, method: "clustered-t" });
    expect(primaryOf(clustered).verdict).toBe("no-difference-shown");
  });
});

describe("cases that differ alike, in groups", () => {
  const grouped = (text: string, size: number, prefix = "c") =>
    outcomes(text, prefix).map((row, index) => ({ ...row, group: `${prefix}${Math.floor(index / size)}` }));

  it("without a change still leave room for one: Tango's interval of the groups", () => {
    const found = compare(evidence("a", grouped(both("1", 40), 2)), evidence("b", grouped(both("1", 40), 2)));
    // ±z²/(n + z²) of 20 groups.
    expect(primaryOf(found).difference).toMatchObject({ value: 0, method: "tango-clusters", clusters: 20 });
    expect(primaryOf(found).difference.upper).toBeCloseTo(3.841459 / 23.841459, 6);
    expect(primaryOf(found).difference.lower).toBeCloseTo(-3.841459 / 23.841459, 6);
    expect(found.detectable?.drop).toBeGreaterThan(0.1);
  });

  it("that are all lost by two groups prove nothing", () => {
    const found = compare(evidence("a", grouped("11111", 3)), evidence("b", grouped("00000", 3)));
    expect(primaryOf(found)).toMatchObject({ verdict: "no-difference-shown", difference: { value: -1 } });
    expect(primaryOf(found).difference.lower).toBe(-1);
    expect(primaryOf(found).difference.upper).toBeGreaterThan(-0.5);
    expect(found.detectable?.sentence).toBe("with 2 clusters no drop would be seen, however large");
  });

  it("have limits that rates can differ by, and a drop that exists or none", () => {
    const found = compare(evidence("a", grouped("11111", 3)), evidence("b", grouped("00100", 3)));
    expect(primaryOf(found).difference).toMatchObject({ lower: -1, upper: 1, clusters: 2 });
    expect(found.detectable?.sentence).toBe("with 2 clusters no drop would be seen, however large");
  });

  it("a run of few other cases that all fail is not certain beyond what its size can tell", () => {
    const many = grouped(both("1", 64) + both("0", 8), 2);
    const found = compare(evidence("a", many), evidence("b", outcomes("000", "d")));
    // Fisher's exact p of 64/72 and 0/3 is .0024 (SciPy 1.10); Welch's t with no variance in one run gave 1e-30.
    expect(primaryOf(found).test?.p).toBeGreaterThan(1e-7);
    expect(primaryOf(found).difference.lower).toBe(-1);
  });

  it("runs of other cases without any spread are compared by Fisher over their groups", () => {
    const found = compare(
      evidence("a", grouped(both("1", 12), 4)),
      evidence("b", grouped(both("0", 12), 4, "d")),
    );
    expect(primaryOf(found)).toMatchObject({
      test: { name: "Fisher exact" },
      difference: { n: 12, value: -1 },
    });
    expect(primaryOf(found).test?.p).toBeCloseTo(0.1, 12);
  });
});

describe("different cases", () => {
  it("of several trials that all came out alike have a least visible drop by groups", () => {
    const thrice = (rows: readonly TrialRow[]) =>
      [0, 1, 2].flatMap((trial) => rows.map((row) => ({ ...row, trial })));
    const found = compare(
      evidence("a", thrice(outcomes(both("1", 40)))),
      evidence("b", thrice(outcomes(both("1", 30), "d"))),
    );
    // Pooled formula of n = 30 at rate 1, two-sided 5 %, power 80 %, by bisection in SciPy 1.10.
    expect(found.detectable?.drop).toBeCloseTo(0.22341699152149, 9);
    expect(found.detectable?.sentence).toMatch(/^with 30 cases a run you can see a drop of 22 points/);
  });

  it("are compared as independent samples, by Fisher when a cell is small", () => {
    const found = compare(evidence("a", outcomes("1111110000")), evidence("b", outcomes("1100000000", "d")));
    expect(found.design.kind).toBe("unpaired");
    expect(primaryOf(found)).toMatchObject({
      test: { name: "Fisher exact" },
      difference: { method: "newcombe" },
    });
    expect(found.warnings.map(({ code }) => code)).toContain("cases-differ");
  });

  it("by the z test when none is", () => {
    const a = outcomes(both("1", 60) + both("0", 40));
    const b = outcomes(both("1", 40) + both("0", 60), "d");
    expect(primaryOf(compare(evidence("a", a), evidence("b", b))).test?.name).toBe("two-proportion z");
  });
});

it("a tail that doubles is seen although the median stands", () => {
  const timed = (slow: number) =>
    Array.from({ length: 200 }, (_, index) =>
      rowWith(
        { "task.success": 1 },
        { caseId: `c${index}`, durationMs: index < 180 ? 1_000 + index : slow + index },
      ),
    );
  const found = compare(evidence("a", timed(2_000)), evidence("b", timed(4_000)));
  const metric = (name: string) => found.metrics.find((one) => one.metric === name);
  expect(metric("latency.p50_ms")?.verdict).toBe("no-difference-shown");
  expect(metric("latency.p95_ms")?.verdict).toBe("worse");
  const duration = found.distributions.find(({ name }) => name === "duration_ms");
  expect(duration?.candidate.quantiles.map(({ q }) => q)).toEqual([0.5, 0.9, 0.95, 0.99]);
});

describe("a comparison that is not clean", () => {
  const rows = outcomes("1101101011");
  const codes = (a: RunEvidence, b: RunEvidence) => compare(a, b).warnings.map(({ code }) => code);

  it.each([
    ["dataset-differs", { datasetHash: "e".repeat(64) }, "other"],
    ["judge-differs", { judges: [{ metric: "judge.tone", version: "2" }] }, undefined],
    ["user-simulator-differs", { userModel: "openai/gpt-4.1" }, undefined],
    ["provenance-differs", { provider: "imported" }, undefined],
    ["runs-apart", { createdAt: "2026-12-21T06:55:00.000Z" }, undefined],
  ])("warns of %s", (code, changes, hash) => {
    const a = evidence("a", rows, undefined, { judges: [{ metric: "judge.tone", version: "1" }] });
    const b = evidence("b", rows, (id) => (hash === undefined ? {} : { hash: `${hash}-${id}` }), changes);
    expect(codes(a, b)).toContain(code);
    expect(codes(a, { ...a, run: { ...a.run, id: "c" } })).toEqual([]);
  });

  it("warns of missing and unequal trials and of cases in one run only", () => {
    const more = [...rows, rowWith({ "task.success": 1 }, { caseId: "c0", trial: 1 })];
    expect(codes(evidence("a", rows), evidence("b", more))).toContain("trials-unequal");
    const short = evidence("b", rows.slice(0, 8), undefined, {
      plan: sampleRun("b").plan.concat(sampleRun("b").plan),
    });
    expect(codes(evidence("a", rows), short)).toContain("cases-left-out");
    const missing = evidence("b", rows);
    const planned = [...missing.run.plan, { caseId: "c99", caseHash: "c99", trial: 0 }];
    expect(codes(evidence("a", rows), { ...missing, run: { ...missing.run, plan: planned } })).toContain(
      "trials-missing",
    );
  });

  it("warns when the difference depends on the order of the trials", () => {
    const ordered = (text: string, prefix = "c") =>
      outcomes(text, prefix).map((row, index) => ({ ...row, startedAtMs: index }));
    const [hardLast, failing] = [both("1", 20) + both("0", 20), both("1", 20) + both("01", 10)];
    expect(codes(evidence("a", ordered(hardLast)), evidence("b", ordered(hardLast)))).toEqual([]);
    const steady = evidence("a", ordered(both("1", 40)));
    expect(codes(steady, evidence("b", ordered(failing)))).toContain("order-effect");
    expect(codes(steady, evidence("b", ordered(hardLast, "d")))).toContain("order-effect");
  });
});

it("slices rest on the cases that both runs have scores of", () => {
  const told = (id: string): Told => ({ risk: Number(id.slice(1)) < 4 ? "low" : "high" });
  const unscored = rowWith(
    { "task.success": { value: null, reason: "no check" }, must_include: 1 },
    { caseId: "c0" },
  );
  const after = [unscored, ...outcomes("01100011").slice(1)];
  const found = compare(evidence("a", outcomes("01100011"), told), evidence("b", after, told), ["risk"]);
  const low = found.slices.find(({ slice }) => slice === "low");
  expect(low).toMatchObject({ baseline: 2 / 3, candidate: 2 / 3, difference: { value: 0, n: 3 } });
});

it("slices are Holm-adjusted, and Simpson's paradox is flagged", () => {
  // Kidney stones (Charig et al. 1986): the better treatment on both sizes is the worse over all.
  const patients = (arm: string, counts: readonly (readonly [GoldenCase["risk"], number, number])[]) =>
    counts.flatMap(([risk, cured, failed]) =>
      outcomes(both("1", cured) + both("0", failed), `${arm}-${risk}-`),
    );
  const told = (id: string): Told => ({ risk: id.includes("low") ? "low" : "high" });
  const b = evidence(
    "b",
    patients("b", [
      ["low", 81, 6],
      ["high", 192, 71],
    ]),
    told,
  );
  const a = evidence(
    "a",
    patients("a", [
      ["low", 234, 36],
      ["high", 55, 25],
    ]),
    told,
  );
  const found = compare(a, b, ["risk"]);
  expect(found.design.kind).toBe("unpaired");
  expect(found.slices.map(({ slice }) => slice)).toEqual(["high", "low"]);
  expect(found.slices.every(({ difference }) => (difference.value ?? 0) > 0)).toBe(true);
  expect(primaryOf(found).difference.value).toBeLessThan(0);
  expect(found.reversals).toHaveLength(1);
  expect(found.reversals[0]?.withinSlices).toBeCloseTo(0.0538, 4);
  const [high, low] = found.slices;
  expect(low?.adjustedP).toBeCloseTo(2 * (low?.test?.p ?? 1), 12);
  expect(high?.adjustedP).toBeCloseTo(Math.max(2 * (low?.test?.p ?? 1), high?.test?.p ?? 1), 12);
});

describe("whatever the outcomes", () => {
  const marks = fc
    .array(fc.constantFrom("0", "1", "x"), { minLength: 1, maxLength: 25 })
    .map((all) => all.join(""));

  it("no number is NaN or infinite, and the order of trials does not matter", () => {
    fc.assert(
      fc.property(marks, marks, (x, y) => {
        const [a, b] = [outcomes(x), outcomes(y)];
        const found = compareRuns(evidence("a", a), [evidence("b", b)], { level: 0.95, slicings: ["risk"] });
        expect(
          JSON.stringify(found, (_, value) =>
            Number.isNaN(value) || Math.abs(value) === Infinity ? "BAD" : value,
          ),
        ).not.toContain("BAD");
        const turned = compareRuns(evidence("a", [...a].reverse()), [evidence("b", [...b].reverse())], {
          level: 0.95,
          slicings: ["risk"],
        });
        expect(turned.candidates[0]?.metrics[0]?.difference).toEqual(
          found.candidates[0]?.metrics[0]?.difference,
        );
      }),
      { numRuns: 60 },
    );
  });

  it("swapping the runs turns the sign of the difference and keeps p", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 2, maxLength: 30 }),
        (pairs) => {
          const text = (side: 0 | 1) => pairs.map((pair) => (pair[side] ? "1" : "0")).join("");
          const [a, b] = [evidence("a", outcomes(text(0))), evidence("b", outcomes(text(1)))];
          const [there, back] = [primaryOf(compare(a, b)), primaryOf(compare(b, a))];
          expect(back.test?.p).toBeCloseTo(there.test?.p ?? -1, 12);
          expect(-(back.difference.value ?? 0)).toBeCloseTo(there.difference.value ?? 0, 12);
          expect(-(back.difference.upper ?? 0)).toBeCloseTo(there.difference.lower ?? 0, 9);
        },
      ),
      { numRuns: 60 },
    );
  });
});
