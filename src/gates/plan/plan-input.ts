import type { GatesConfig } from "../../config/gates/gates-schema.js";
import type { GoldenCase } from "../../core/golden-case.js";
import type { RunHeader } from "../../core/run.js";
import type { MetricSet } from "../../metrics/metric-set.js";
import type { JudgeStandings } from "../judge-standing.js";
import type { TrialPool } from "./trial-pool.js";

/** Everything that drawn runs are made of, and judged by. */
export interface PlanWorld {
  readonly rules: GatesConfig;
  readonly pool: TrialPool;
  /** The metrics that the rules name. */
  readonly set: MetricSet;
  readonly trialsPerCase: number;
  /** What drawn runs say of themselves. */
  readonly header: RunHeader;
  readonly cases: ReadonlyMap<string, GoldenCase>;
  readonly standings: JudgeStandings;
  readonly seed: number;
  /** Drawn pairs of runs of each scenario. */
  readonly draws: number;
  /** The same where a rule compares by resampling, which takes a hundred times as long; at most `draws`. */
  readonly resampledDraws: number;
  /** Resamples of each such comparison. */
  readonly resamples: number;
}
