import type { Speaker } from "../core/events.js";
import type { GoldenCase } from "../core/golden-case.js";
import type { RunHeader } from "../core/run.js";
import type { Estimate, MetricLayer, Score } from "../core/score.js";
import type { Trace } from "../core/trace.js";
import type { EnvironmentCheck, StopReason, Trial } from "../core/trial.js";
import type { GateReport } from "../gates/gate-report.js";
import type { ComparisonReport } from "./comparison/comparison-report.js";

/** One trial as a report shows it. */
export interface TrialReport {
  readonly trial: number;
  readonly status: Trial["status"];
  readonly stopReason: StopReason;
  readonly error: Trial["error"];
  /** `null` when the trial was not scored for success (infrastructure error, nothing expected). */
  readonly passed: boolean | null;
  /** Why it failed: one sentence each, expectation first, then what came. */
  readonly failures: readonly string[];
  readonly answer: string | null;
  readonly scores: { readonly [metric: string]: Score };
  /** `null` when a recording does not say. */
  readonly durationMs: number | null;
  readonly costUsd: number | null;
  readonly check: EnvironmentCheck | null;
}

export interface CaseReport {
  readonly goldenCase: GoldenCase;
  readonly trials: readonly TrialReport[];
}

/** What one model took in a run, in one part. */
export interface ModelUsage {
  /** As `provider/name`. */
  readonly model: string;
  readonly speaker: Speaker;
  /** Calls that ended. */
  readonly calls: number;
  /** Of them, answered by the response cache. */
  readonly cached: number;
  /** Of the calls that say so. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars, sum of the known costs; `null` when none is known. */
  readonly costUsd: number | null;
  /** Calls whose cost is not known: `costUsd` leaves them out. */
  readonly costUnknown: number;
}

/** Everything that a report of a run shows; the reporters only lay it out. */
export interface RunReport {
  readonly run: RunHeader;
  readonly estimates: readonly (Estimate & { readonly layer: MetricLayer; readonly description: string })[];
  /** In dataset order; reporters put failing cases first. */
  readonly cases: readonly CaseReport[];
  readonly totals: {
    readonly planned: number;
    readonly completed: number;
    readonly errors: number;
    readonly passed: number;
    readonly failed: number;
    /** Time in which a trial ran; `null` when no trial says how long it took. */
    readonly durationMs: number | null;
    /** Sum of the known costs of the agent; `null` when none is known. */
    readonly costUsd: number | null;
    /** Trials whose cost is not known: `costUsd` leaves them out. */
    readonly costUnknown: number;
    /** Model calls that the response cache answered: they cost nothing in this run, but `costUsd` holds their price. */
    readonly cachedCalls: number;
    /** US dollars of the simulated users' calls, as far as known; not part of `costUsd`, which is the agent's. */
    readonly userCostUsd: number;
  };
  /** By model and who it spoke for. */
  readonly usage: readonly ModelUsage[];
  readonly gate: GateReport | null;
  /** How the run stands against the baseline that `eval --baseline` named; `null` without one. */
  readonly comparison: ComparisonReport | null;
}

/** Loads the trace of one trial on demand, so that a report of many trials never holds all traces. */
export type TraceLoader = (caseId: string, trial: number) => Trace | null;
