import { resolve } from "node:path";
import { canaryMeasure, canaryMeasureNames } from "../../config/gates/canary-measures.js";
import { requireRun, withStore } from "../../eval/run/stored-run.js";
import { TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import type { TrialRow } from "../../metrics/metric.js";
import type { CanaryPlanReport } from "../../report/canary-plan-document.js";
import { describePlan, type PlanAssumptions } from "../plan/describe-plan.js";
import type { KnownMeasure } from "../plan/describe-rule.js";
import { readPolicy, readReleaseFile } from "./read-rollout-files.js";
import { trafficOfEvents } from "./traffic-of-events.js";

/** Flags of `agentctl canary plan`. */
export interface CanaryPlanFlags {
  readonly config?: string;
  readonly release: string;
  readonly gates: string;
  /** Conversations an hour; left out: as in the event log. */
  readonly traffic?: number;
  readonly stableRate?: number;
  readonly stableRun?: string;
}

const ASSUMED_RATE = 0.8;
/** Of errors, handoffs and the like, where nobody says. */
const ASSUMED_HARM = 0.02;

/**
 * `agentctl canary plan`: what each step can tell, how long it takes, and whether the plan must be refused.
 *
 * @throws {ConfigError} when a file cannot be used
 * @throws {UsageError} when the traffic is neither given nor in the event log, or there is no such run
 */
export async function planRollout(
  flags: CanaryPlanFlags,
  workingDirectory: string,
): Promise<CanaryPlanReport> {
  const policy = readPolicy(flags.gates, workingDirectory);
  const config = readReleaseFile(flags.release, workingDirectory);
  const traffic =
    flags.traffic === undefined
      ? await trafficOfEvents(config.service, config.events, resolve(workingDirectory, flags.release))
      : { perHour: flags.traffic, source: "given by --traffic" };
  const assumed = stableOf(flags, workingDirectory);
  return describePlan(policy, config, {
    ...assumed,
    perHour: traffic.perHour,
    trafficSource: traffic.source,
  });
}

type Stable = Omit<PlanAssumptions, "perHour" | "trafficSource">;

function stableOf(flags: CanaryPlanFlags, workingDirectory: string): Stable {
  const fromRun =
    flags.stableRun === undefined ? null : stableOfRun(flags.stableRun, flags.config, workingDirectory);
  const rate = flags.stableRate ?? fromRun?.rate ?? ASSUMED_RATE;
  const source =
    flags.stableRate !== undefined
      ? "given by --stable-rate"
      : fromRun === null
        ? "assumed; give --stable-rate or --stable-run"
        : `of run ${fromRun.runId}`;
  const harms = canaryMeasureNames.filter((name) => {
    const facts = canaryMeasure(name);
    return facts?.unit === "proportion" && facts.harm === "rise";
  });
  return {
    stableRate: rate,
    stableRateSource: source,
    known: {
      ...Object.fromEntries(harms.map((name) => [name, knownRate(ASSUMED_HARM)])),
      ...fromRun?.known,
      resolution_rate: knownRate(rate),
    },
    costUsd: fromRun?.costUsd ?? null,
  };
}

function stableOfRun(reference: string, config: string | undefined, workingDirectory: string) {
  return withStore(config, workingDirectory, (store) => {
    const run = requireRun(store, reference);
    const rows = [...store.trialRows(run.id)];
    const completed = rows.filter(({ status }) => status === "completed");
    const successes = completed.flatMap(({ scores }) => scores[TASK_SUCCESS]?.value ?? []);
    return {
      runId: run.id,
      rate: successes.length === 0 ? undefined : mean(successes),
      costUsd: meanCost(completed),
      known: rows.length === 0 ? {} : { error_rate: knownRate(1 - completed.length / rows.length) },
    };
  });
}

/** `null` unless every trial has a price: missing is not free. */
function meanCost(rows: readonly TrialRow[]): number | null {
  const costs = rows.flatMap(({ costUsd }) => costUsd ?? []);
  return costs.length === 0 || costs.length < rows.length ? null : mean(costs);
}

function knownRate(rate: number): KnownMeasure {
  return { mean: rate };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
