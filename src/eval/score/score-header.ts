import type { RunHeader } from "../../core/run.js";
import type { MetricFacts } from "../../core/score.js";
import { newRunId } from "../new-run.js";
import { agentctlVersion } from "../project/agentctl-version.js";
import type { ScoredCases } from "./score-cases.js";
import type { JudgeEffort } from "./score-trials.js";

/** A judge that gave scores, as a run's header says it. */
export interface JudgeFacts {
  /** Model, as `provider/name`. */
  readonly name: string;
  readonly judges: RunHeader["judges"];
  readonly effort: JudgeEffort;
  /** What the run says of it instead of "a judge that is not calibrated": a judge file may be. */
  readonly note?: string;
}

export interface ScoringFacts {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly tags: readonly string[];
  /** Names of the metrics that were computed, in report order. */
  readonly metrics: readonly string[];
  /** Every metric of the run that agentctl does not define: kept, computed and judged ones. */
  readonly ownMetrics: readonly MetricFacts[];
  /** Names of the metrics whose scores come from the earlier run. */
  readonly kept: readonly string[];
  /** Absolute path of the dataset that replaced the run's; `null` without one. */
  readonly dataset: string | null;
  readonly judge: JudgeFacts | null;
}

/** The header of a run whose trials are those of an earlier one. What the agent was and did stays as it was. */
export function scoredRun(earlier: RunHeader, cases: ScoredCases, facts: ScoringFacts): RunHeader {
  const at = new Date(facts.now).toISOString();
  const own = facts.ownMetrics.map(({ name }) => name);
  const judged = facts.judge?.judges ?? [];
  return {
    ...earlier,
    ...cases.dataset,
    id: newRunId(facts.now),
    createdAt: at,
    finishedAt: at,
    // Its trials will not go on: whoever executes the earlier run adds to that one.
    status: earlier.status === "running" ? "interrupted" : earlier.status,
    judges: [...earlier.judges.filter(({ metric }) => facts.kept.includes(metric)), ...judged],
    plan: cases.plan,
    tags: facts.tags,
    notes: [...earlier.notes, `scored again from run ${earlier.id}`, ...cases.notes, ...notesOf(facts)],
    metrics: [...facts.metrics.filter((name) => !own.includes(name)), ...own],
    customMetrics: facts.ownMetrics,
    invocation: {
      ...earlier.invocation,
      ...(facts.dataset === null ? {} : { dataset: facts.dataset }),
      score: {
        run: earlier.id,
        ...(facts.judge === null ? {} : { judge: facts.judge.name, ...facts.judge.effort }),
      },
    },
    agentctlVersion,
  };
}

function notesOf({ kept, dataset, judge }: ScoringFacts): readonly string[] {
  const stale = dataset === null ? "" : ": they do not know the changed cases";
  const names = judge?.judges.map(({ metric }) => metric).join(", ");
  return [
    ...(kept.length === 0 ? [] : [`scores of ${kept.join(", ")} kept from the earlier run${stale}`]),
    ...(judge === null
      ? []
      : [judge.note ?? `scores of ${names} by ${judge.name}, a judge that is not calibrated`]),
  ];
}
