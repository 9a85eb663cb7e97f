import { externalSchemas } from "../../config/agent/external/external-schema.js";
import type { RunHeader } from "../../core/run.js";
import { TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import { estimateAll } from "../../metrics/estimate.js";
import type { TrialRow } from "../../metrics/metric.js";
import type { RunSummary, Store } from "../../store/store.js";
import { metricSetOfRun } from "../gate/judge-run-gates.js";
import type { RunFacts } from "./facts.js";
import { tallyTraces } from "./tally-traces.js";

/** Traces that are read: enough to tell whether they are whole. */
const MOST_TRACES = 500;

/** Whether a run executed all that it wanted to; a shard is a part of a run. */
export function isWhole({ status, shard, trials, errors, finishedAt }: RunSummary): boolean {
  const ended =
    status !== "running" &&
    status !== "interrupted" &&
    status !== "failed_fast" &&
    status !== "budget_exhausted";
  return ended && shard === undefined && finishedAt !== null && trials > errors;
}

/** The newest whole run of a suite; `null` without one. */
export function latestWhole(store: Store, suite: string): RunHeader | null {
  const found = store.listRuns({ suite }).find(isWhole);
  return found === undefined ? null : store.getRun(found.id);
}

/**
 * What a stored run says.
 *
 * @param level - confidence of its intervals, in (0, 1)
 */
export function gatherRun(store: Store, run: RunHeader, level: number): RunFacts {
  const rows = [...store.trialRows(run.id)];
  const set = metricSetOfRun(run);
  const layers = new Map(set.metrics.map(({ name, layer }) => [name, layer]));
  const { id, promptVersion, agentVersion, provider, model, trialsPerCase, parts = {} } = run;
  return {
    id,
    finishedAt: run.finishedAt ?? run.createdAt,
    promptVersion,
    agentVersion,
    parts,
    provider,
    model,
    trialsPerCase,
    ...repeats(rows),
    estimates: estimateAll(rows, set, level).map((estimate) => ({
      ...estimate,
      layer: layers.get(estimate.metric) ?? "operations",
    })),
    traces: tallyTraces(
      firstTraces(store, id),
      Object.hasOwn(externalSchemas, provider) ? run.agentName : null,
    ),
  };
}

function* firstTraces(store: Store, runId: string) {
  let read = 0;
  for (const { trial } of store.trials(runId)) {
    if (trial.status !== "completed") continue;
    yield trial.events;
    read += 1;
    if (read === MOST_TRACES) return;
  }
}

function repeats(rows: readonly TrialRow[]): Pick<RunFacts, "repeatedCases" | "disagreeingCases"> {
  const outcomes = new Map<string, (number | null)[]>();
  for (const { caseId, status, scores } of rows) {
    if (status !== "completed") continue;
    outcomes.set(caseId, [...(outcomes.get(caseId) ?? []), scores[TASK_SUCCESS]?.value ?? null]);
  }
  const repeated = [...outcomes.values()].filter((values) => values.length > 1);
  return {
    repeatedCases: repeated.length,
    disagreeingCases: repeated.filter((values) => new Set(values).size > 1).length,
  };
}
