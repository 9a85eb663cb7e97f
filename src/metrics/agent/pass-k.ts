import { type PassEstimate, passAtK, passHatK, type TaskOutcomes } from "../../stats/pass-at-k.js";
import type { RunMetric, TrialRow } from "../metric.js";
import { runMetric } from "../run-metric.js";
import { boundedLimits, estimateOf, noEstimate, type RunEstimate, sampleOf } from "../sample.js";
import { unscored } from "../scores.js";
import { TASK_SUCCESS } from "./task-success.js";

interface CaseOutcomes extends TaskOutcomes {
  readonly group: string;
}

function outcomesByCase(rows: readonly TrialRow[], values: readonly number[]): CaseOutcomes[] {
  const cases = new Map<string, { n: number; c: number; group: string }>();
  rows.forEach((row, index) => {
    const outcome = cases.get(row.caseId) ?? { n: 0, c: 0, group: row.group };
    outcome.n++;
    outcome.c += values[index]!;
    cases.set(row.caseId, outcome);
  });
  return [...cases.values()];
}

function estimatePass(rows: readonly TrialRow[], k: number, chance: Chance, level: number): RunEstimate {
  const sample = sampleOf(
    rows,
    (row) => row.scores[TASK_SUCCESS] ?? unscored("task.success was not computed"),
  );
  const cases = outcomesByCase(sample.rows, sample.values);
  if (cases.length === 0) return noEstimate(sample, level);
  const fewest = cases.reduce((least, { n }) => Math.min(least, n), Number.POSITIVE_INFINITY);
  if (k > fewest) {
    const reason = `k = ${k} needs ${k} scored trials of each case; the least-tried case has ${fewest}`;
    return noEstimate(sample, level, reason);
  }
  const { perTask } = chance(cases, k);
  const singleTrials = cases.every(({ n }) => n === 1);
  const groups = cases.map((outcome) => outcome.group);
  return estimateOf(boundedLimits(perTask, groups, level, singleTrials), sample, level);
}

type Chance = (tasks: readonly TaskOutcomes[], k: number) => PassEstimate;

function passMetric(
  name: string,
  k: number,
  chance: Chance,
  description: string,
  source: string,
  agreesWith: string,
): RunMetric {
  return runMetric(
    {
      name,
      layer: "agent",
      unit: "proportion",
      direction: "higher",
      description,
      needs: [`at least ${k} scored trials of every scored case`],
      source,
      range: "0 to 1",
      rules: {
        empty: `A scored case with fewer than ${k} scored trials: no estimate.`,
        refusal: null,
        unsupportedClaim: null,
      },
      agreesWith,
      statistic: { kind: "pass", k, of: chance === passHatK ? "all" : "any" },
    },
    (rows, level) => estimatePass(rows, k, chance, level),
  );
}

/**
 * pass^k: the chance that k trials of a case all succeed, averaged over cases. Trials that infrastructure broke
 * do not count as tries; the interval is over cases (or their groups), never over trials.
 */
export function passHat(k: number): RunMetric {
  return passMetric(
    `task.pass_hat_${k}`,
    k,
    passHatK,
    `Chance that ${k} of ${k} trials of a case succeed (pass^${k}), averaged over cases: reliability.`,
    "Yao et al. 2024, tau-bench: mean of C(c, k) / C(n, k)",
    "tau-bench, tau2-bench and Inspect AI's `pass_k` reducer; the p^n of other tools is another number",
  );
}

/** pass@k: the chance that at least one of k trials of a case succeeds, averaged over cases. */
export function passAt(k: number): RunMetric {
  return passMetric(
    `task.pass_at_${k}`,
    k,
    passAtK,
    `Chance that at least 1 of ${k} trials of a case succeeds (pass@${k}), averaged over cases: reach.`,
    "Chen et al. 2021: mean of 1 - C(n - c, k) / C(n, k)",
    "Inspect AI's `pass_at` reducer and HumanEval",
  );
}
