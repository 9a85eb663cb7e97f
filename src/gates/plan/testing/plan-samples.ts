import { gatesSchema } from "../../../config/gates/gates-schema.js";
import { taskSuccess } from "../../../metrics/agent/task-success.js";
import type { Metric, TrialRow } from "../../../metrics/metric.js";
import { metricSetOf } from "../../../metrics/metric-set.js";
import { sampleCase, sampleRun } from "../../../store/testing/store-samples.js";
import { NO_STANDINGS } from "../../testing/gate-samples.js";
import { assumedRows } from "../assumed-rows.js";
import type { PlanWorld } from "../plan-input.js";
import { planPool } from "../plan-pool.js";

export interface SampleOptions {
  readonly gates?: readonly unknown[];
  readonly slices?: readonly unknown[];
  readonly metrics?: readonly Metric[];
  /** Trials to draw from; default: assumed ones at the rate. */
  readonly rows?: readonly TrialRow[];
  readonly discordant?: number;
  readonly trialsPerCase?: number;
  readonly draws?: number;
  /** Cases of one group, 1 unless told. */
  readonly groupSize?: number;
}

/** A world of `n` cases with a wanted pass rate. */
export function sampleWorld(n: number, rate: number, options: SampleOptions = {}): PlanWorld {
  const { gates = [{ metric: "task.success", min: 0 }], metrics = [taskSuccess], groupSize = 1 } = options;
  const slices = options.slices === undefined ? {} : { slices: options.slices };
  const rules = gatesSchema.parse({ version: 1, gates, ...slices });
  const cases = Array.from({ length: n }, (_, index) =>
    sampleCase(`case-${index}`, { group: `group-${Math.floor(index / groupSize)}` }),
  );
  const rows = options.rows ?? assumedRows(metrics, rate);
  const { pool } = planPool(rows, cases, rules, metrics, options.discordant ?? 0.2);
  return {
    rules,
    pool,
    set: metricSetOf(metrics),
    trialsPerCase: options.trialsPerCase ?? 1,
    header: sampleRun("planned", {
      plan: cases.map(({ id, hash }) => ({ caseId: id, caseHash: hash, trial: 0 })),
    }),
    cases: new Map(cases.map((one) => [one.id, one])),
    standings: NO_STANDINGS,
    seed: 11,
    draws: options.draws ?? 2000,
    resampledDraws: options.draws ?? 200,
    resamples: 400,
  };
}
