import type { MetricFacts } from "./score.js";

/** `provider` of a run whose trials agentctl did not execute. */
export const IMPORTED_PROVIDER = "imported";

/** How a run ended so far. Only `complete` covered every planned trial. */
export type RunStatus =
  | "running"
  | "complete"
  | "interrupted"
  | "budget_exhausted"
  | "failed_fast"
  /** Stopped because the gates were decided: their verdict is that of the whole run. */
  | "decided";

/**
 * Content hashes of what a run was made with, by the names that `changed(…)` of a gate file uses: prompt, model, tools,
 * retrieval, memory, guardrails, user_model. A part that nobody knows is absent. Agent, dataset and judges stand in the
 * header itself.
 */
export type PartHashes = Readonly<Record<string, string>>;

/** Which part of an evaluation a run is, where several machines share it. */
export interface RunShard {
  /** From 1 to `of`. */
  readonly index: number;
  readonly of: number;
  /** Content hash of the whole plan: shards of one evaluation have the same. */
  readonly planHash: string;
  /** Trials of the whole plan. */
  readonly planned: number;
}

/** The header of a run: all trials of one agent version on one dataset. */
export interface RunHeader {
  /** Sortable and unique, e.g. `20261121-065500-k3f9`. */
  readonly id: string;
  readonly suite: string;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly status: RunStatus;
  readonly datasetPath: string;
  readonly datasetHash: string;
  readonly agentName: string;
  /** Content hash of agent file, prompts, tools and model parameters. */
  readonly agentVersion: string;
  /** Absent from runs that were stored before it was known, and from imported ones. */
  readonly parts?: PartHashes;
  /** `prompt.version` of the agent file; `null` when a recording does not say. */
  readonly promptVersion: string | null;
  readonly provider: string;
  readonly model: string;
  /** Model that plays the user, as `provider/name`; `null` without one. */
  readonly userModel: string | null;
  /** Judges that gave scores of this run: a judge is another one when its model, rubric or prompt changes. */
  readonly judges: readonly { readonly metric: string; readonly version: string }[];
  readonly seed: number;
  readonly trialsPerCase: number;
  /** Case ids selected, in dataset order, with the hash of each case. */
  readonly plan: readonly PlannedTrial[];
  readonly gitCommit: string | null;
  readonly gitDirty: boolean | null;
  readonly tags: readonly string[];
  /** What a reader of the results must know, one sentence each, e.g. which cases a recording lacks. */
  readonly notes: readonly string[];
  /** Names of the metrics that this run is estimated by, in report order. */
  readonly metrics: readonly string[];
  /** Those that agentctl does not define: from the project's metric files, or scores that an import brought. */
  readonly customMetrics: readonly MetricFacts[];
  /** Everything needed to start the same evaluation again (`eval --resume`). */
  readonly invocation: { readonly [key: string]: unknown };
  readonly agentctlVersion: string;
  /** Present in a run that holds some cases of an evaluation only, until the shards are merged. */
  readonly shard?: RunShard;
  /** Content hash of everything that decided this run; absent where a part of it cannot be known. */
  readonly inputsHash?: string;
  /** The run that gates compared this one with when it was made: it may carry the tag itself by now. */
  readonly baselineRun?: string;
}

export interface PlannedTrial {
  readonly caseId: string;
  readonly caseHash: string;
  readonly trial: number;
  /** Place in the whole plan, from 0; only in a shard. */
  readonly position?: number;
}
