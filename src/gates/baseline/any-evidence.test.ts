import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TrialRow } from "../../metrics/metric.js";
import { metricSetOf } from "../../metrics/metric-set.js";
import { metrics } from "../../metrics/registry.js";
import { rowWith } from "../../metrics/testing/trial-builder.js";
import { evidenceAgainst, judgeAgainst, runOf } from "../testing/baseline-samples.js";

const set = metricSetOf(metrics);
const value = fc.constantFrom(0, 1, 0.5, 3, 1000);

/** Rows as odd as they come: few cases, crashed trials, trials without scores, prices or times. */
const rows = fc.array(
  fc.record({
    caseId: fc.constantFrom("a", "b", "c", "d", "e"),
    group: fc.constantFrom("g", "h", null),
    trial: fc.integer({ min: 0, max: 2 }),
    isError: fc.boolean(),
    score: fc.option(value),
    costUsd: fc.option(value),
    durationMs: value,
    untimed: fc.constantFrom(null, "replayed"),
  }),
  { maxLength: 12 },
);

type Told = typeof rows extends fc.Arbitrary<infer Rows> ? Rows : never;

function evidence(id: string, told: Told, metric: string) {
  const made = told.map(
    ({ caseId, group, trial, isError, score, costUsd, durationMs, untimed }): TrialRow =>
      rowWith(score === null ? {} : { [metric]: Math.min(1, score), "task.success": score >= 1 ? 1 : 0 }, {
        caseId,
        group: group ?? caseId,
        trial,
        costUsd,
        durationMs,
        untimed,
        ...(isError ? { status: "error" as const, errorCode: "PROVIDER_HTTP" } : {}),
      }),
  );
  return { ...runOf(id, [], undefined, {}, set), rows: made };
}

describe("any metric on any evidence", () => {
  const names = set.metrics.map(({ name }) => name);
  const rule = fc.constantFrom(
    { no_worse_than: "baseline", margin: 0.05 },
    { no_worse_than: "baseline", margin: "10%" },
    { no_worse_than: "baseline", rule: "significant-drop" },
    { no_worse_than: "baseline", rule: "significant-drop", margin: "5%" },
    { better_than: "baseline" },
    { better_than: "baseline", margin: "10%" },
    { by: ["tag", "risk", "split", "group", "tenant"], no_worse_than: "baseline", margin: 0.05 },
    { by: ["split"], max: 1, bound: "upper" },
  );

  it("is judged without a throw, a number that is none, or a verdict without a reason", () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), rule, rows, rows, (metric, more, before, after) => {
        const own = evidence("r2", after, metric);
        const result = judgeAgainst(
          { metric, ...more },
          evidenceAgainst(own, evidence("r1", before, metric)),
        );
        expect(JSON.stringify(result, (_key, one) => (Number.isNaN(one) ? "NaN" : one))).not.toContain("NaN");
        expect(result.reason).toMatch(/\.$/);
        expect(result.reason).not.toMatch(/undefined|null|NaN|Infinity|\?/);
        const needsBoth = "no_worse_than" in more || "better_than" in more;
        if (needsBoth && (after.length === 0 || before.length === 0))
          expect(result.verdict).toBe("inconclusive");
        const { difference } = result;
        if (result.verdict === "pass" && difference !== null) expect(difference.value).not.toBeNull();
        if (difference?.value != null && difference.lower !== null && difference.upper !== null) {
          expect(difference.lower).toBeLessThanOrEqual(difference.upper);
        }
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});
