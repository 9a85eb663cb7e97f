import type { PlannedTrial, RunHeader } from "../../core/run.js";
import { judgeMetricFacts } from "../../judge/run/score-of-verdict.js";
import { versionOfJudge } from "../../judge/run/version-of-judge.js";
import { defaultMetricSet } from "../../metrics/metric-set.js";
import { unscored } from "../../metrics/scores.js";
import type { Store } from "../../store/store.js";
import type { ScoredCases } from "../score/score-cases.js";
import { scoredRun } from "../score/score-header.js";
import type { JudgeEffort } from "../score/score-trials.js";
import type { LoadedJudge } from "./load-judge-file.js";
import type { JudgeScores } from "./run-scores.js";
import { modelOf } from "./run-summary.js";

/** A run that was judged whole. */
export interface JudgedRun {
  readonly earlier: RunHeader;
  readonly against: RunHeader | null;
  readonly cases: ScoredCases;
  readonly scores: JudgeScores;
  readonly effort: JudgeEffort;
  readonly tags: readonly string[];
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/**
 * Stores a run with the trials and scores of an earlier one and the scores of a judge beside them, all or nothing. The
 * earlier scores stay as they are: nothing is computed again.
 *
 * @returns id of the new run
 */
export function storeJudgedRun(store: Store, { config, shown }: LoadedJudge, judged: JudgedRun): string {
  const { earlier, against, cases, effort, tags, now } = judged;
  const facts = judgeMetricFacts(config);
  const version = versionOfJudge(config);
  const kept = earlier.customMetrics.filter(({ name }) => name !== facts.name);
  const name = modelOf(config) ?? `heuristic/${config.heuristic}`;
  const pair = against === null ? "" : `, against the answers of run ${against.id}`;
  const run = scoredRun(earlier, cases, {
    now,
    tags,
    metrics: metricsOf(earlier),
    ownMetrics: [...kept, facts],
    kept: kept.map((metric) => metric.name),
    dataset: null,
    judge: {
      name,
      judges: [{ metric: facts.name, version }],
      effort,
      note: `scores of ${facts.name} by ${shown} (${name}), version ${version.slice(0, 12)}${pair}`,
    },
  });
  addScores(store, judged, run, facts.name);
  return run.id;
}

/** A run from before metrics were stored has those that every run gets. */
function metricsOf({ metrics }: RunHeader): readonly string[] {
  return metrics.length === 0 ? defaultMetricSet.metrics.map(({ name }) => name) : metrics;
}

function addScores(
  store: Store,
  { earlier, cases, scores }: JudgedRun,
  run: RunHeader,
  metric: string,
): void {
  const byPlace = new Map([...scores].map(([planned, score]) => [placeOf(planned), score]));
  const planned = new Set(cases.plan.map(placeOf));
  store.transaction(() => {
    store.createRun(run, [...cases.byId.values()]);
    for (const { trial, row } of store.trials(earlier.id)) {
      const place = placeOf(trial);
      if (!planned.has(place)) continue;
      const score = byPlace.get(place) ?? unscored("the trial was not judged");
      store.addTrial(run.id, trial, { ...row, scores: { ...row.scores, [metric]: score } });
    }
  });
}

function placeOf({ caseId, trial }: Pick<PlannedTrial, "caseId" | "trial">): string {
  return `${trial}/${caseId}`;
}
