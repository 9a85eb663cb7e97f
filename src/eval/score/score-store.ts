import type { GoldenCase } from "../../core/golden-case.js";
import type { RunHeader } from "../../core/run.js";
import type { Score } from "../../core/score.js";
import type { MetricSet } from "../../metrics/metric-set.js";
import { rowOf } from "../../metrics/row.js";
import type { Store, StoredTrial } from "../../store/store.js";
import type { ScoredCases } from "./score-cases.js";
import type { JudgedTrials } from "./score-trials.js";

/**
 * Stores a run with the trials of an earlier one and new scores, all or nothing: a part of it would look like a run
 * that `eval --resume` can finish.
 *
 * @param kept - metrics whose scores are taken over
 */
export function storeScored(
  store: Store,
  earlier: RunHeader,
  run: RunHeader,
  cases: ScoredCases,
  set: MetricSet,
  kept: readonly string[],
  judged: JudgedTrials | null,
): void {
  const planned = new Set(cases.plan.map(({ caseId, trial }) => `${trial}/${caseId}`));
  store.transaction(() => {
    store.createRun(run, [...cases.byId.values()]);
    for (const { trial, row } of store.trials(earlier.id)) {
      if (!planned.has(`${trial.trial}/${trial.caseId}`)) continue;
      const scored = rowOf(cases.byId.get(trial.caseId) as GoldenCase, trial, set);
      const scores = {
        ...scored.scores,
        ...keptScores(row, kept),
        ...judged?.scoresOf(trial.caseId, trial.trial),
      };
      store.addTrial(run.id, trial, { ...scored, scores });
    }
  });
}

function keptScores({ scores }: StoredTrial["row"], kept: readonly string[]): { [metric: string]: Score } {
  const taken: { [metric: string]: Score } = {};
  for (const name of kept) {
    const score = scores[name];
    if (score !== undefined) taken[name] = score;
  }
  return taken;
}
