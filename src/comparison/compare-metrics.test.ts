import { describe, expect, it } from "vitest";
import type { TrialRow } from "../metrics/metric.js";
import { metricByName } from "../metrics/registry.js";
import { rowWith } from "../metrics/testing/trial-builder.js";
import { compareMetrics } from "./compare-metrics.js";
import type { MetricComparison } from "./comparison.js";

const SUCCESS = "task.success";

/** Compares rows of the same cases by one metric beside task.success. */
function compared(
  name: string,
  baseline: readonly TrialRow[],
  candidate: readonly TrialRow[],
): MetricComparison {
  const [success, metric] = [SUCCESS, name].map((one) => {
    const found = metricByName(one);
    if (found === undefined) throw new Error(`expected a metric ${one}`);
    return found;
  });
  if (success === undefined || metric === undefined) throw new Error("expected two metrics");
  const cases = new Set(baseline.map(({ caseId }) => caseId)).size;
  const design = {
    kind: "paired",
    cases,
    baselineOnlyCases: 0,
    candidateOnlyCases: 0,
    clusters: cases,
    hasRepeatedTrials: false,
  } as const;
  const { metrics } = compareMetrics([success, metric], success, { design, baseline, candidate }, 0.95);
  const found = metrics.find((one) => one.metric === name);
  if (found === undefined) throw new Error(`expected ${name} to be compared`);
  return found;
}

const priced = (costs: readonly (number | null)[], successes = costs.map((): number | null => 1)) =>
  costs.map((costUsd, index) => {
    const success = successes[index] ?? null;
    const score = success === null ? { value: null, reason: "nothing to check" } : { value: success };
    return rowWith({ [SUCCESS]: score }, { caseId: `c${index}`, costUsd });
  });

describe("an estimate that one run lacks, as a case has a trial of unknown cost,", () => {
  it.each(["cost.total_usd", "cost.per_success_usd"])("leaves %s without a difference", (name) => {
    const again = rowWith({ [SUCCESS]: 1 }, { caseId: "c3", trial: 1, costUsd: null });
    const found = compared(name, priced([1, 2, 3, 4]), [...priced([1, 2, 3, 4]), again]);
    expect(found.baseline.value).not.toBeNull();
    expect(found).toMatchObject({
      candidate: { value: null },
      difference: { value: null, lower: null, upper: null, relative: null },
      test: null,
      verdict: "unknown",
    });
    expect(found.difference.reason).toMatch(/^the candidate has no estimate: the cost of 1 .* unknown/);
  });
});

it("a ratio is estimated over the cases that its difference rests on", () => {
  const found = compared(
    "cost.per_success_usd",
    priced([1, 2, 3, 90], [1, 1, 0, 1]),
    priced([2, 2, 2, 2], [1, 1, 1, null]),
  );
  expect(found.baseline.value).toBe(3);
  expect(found.candidate.value).toBe(2);
  expect(found.difference.value).toBeCloseTo(-1, 12);
  expect(found.difference.n).toBe(3);
});

describe("cases with unequal numbers of scored trials", () => {
  const trials = (marks: readonly string[]) =>
    marks.flatMap((mark, index) =>
      [...mark].map((score, trial) =>
        rowWith(
          { [SUCCESS]: Number(score), must_include: Number(score) },
          { caseId: `c${index}`, group: `c${index}`, trial },
        ),
      ),
    );
  const [before, after] = [trials(["111", "0", "11", "00"]), trials(["1", "0011", "1", "000"])];

  it.each([SUCCESS, "must_include"])("count once each in the estimates of %s too", (name) => {
    const { baseline, candidate, difference } = compared(name, before, after);
    expect(baseline.value).toBe(0.5);
    expect(candidate.value).toBe(0.625);
    expect(difference.value).toBe(0.125);
    // Student's t of 1, 0, 1, 0 (SciPy 1.10).
    expect(baseline.upper).toBe(1);
    expect(baseline).toMatchObject({ n: 8, clusters: 4, lower: 0, method: "t of means by case" });
    // ... and of 1, .5, 1, 0: .625 - 3.182446 * .239357 is below 0.
    expect(candidate.lower).toBe(0);
  });

  it("keep the estimate of the run where the numbers are equal", () => {
    const { baseline } = compared(SUCCESS, trials(["11", "01"]), trials(["11", "00"]));
    expect(baseline).toMatchObject({ value: 0.75, n: 4, method: "clustered-t" });
  });
});
