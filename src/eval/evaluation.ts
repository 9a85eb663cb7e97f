import type { Dataset, GoldenCase } from "../core/golden-case.js";
import type { PlannedTrial, RunShard } from "../core/run.js";
import type { Environment } from "../environments/environment.js";
import type { Model, ModelParameters } from "../models/model.js";
import type { Agent } from "../runtime/agent.js";
import type { RecordedTurns } from "../runtime/run-trial.js";
import type { LoadedMetrics } from "./score/load-metrics.js";

/** Everything that a run needs, loaded and checked. */
export interface Evaluation {
  readonly suite: string;
  readonly dataset: Dataset;
  /** The selected cases, in dataset order. */
  readonly cases: readonly GoldenCase[];
  readonly agent: Agent;
  readonly userModel: { readonly model: Model; readonly parameters: ModelParameters } | null;
  /** Content hash of who plays the user. */
  readonly userModelHash: string;
  readonly environmentOf: (goldenCase: GoldenCase) => Environment | null;
  /** Length of the imported recording of a trial; `null` when nothing imported is replayed. */
  readonly recordedTurns: (planned: PlannedTrial) => RecordedTurns | null;
  readonly metrics: LoadedMetrics;
  readonly plan: readonly PlannedTrial[];
  /** Present where cases and plan are those of a shard. */
  readonly shard?: RunShard;
  readonly trialsPerCase: number;
  readonly seed: number;
  /** Things that the user should know, one sentence each. */
  readonly notes: readonly string[];
}
