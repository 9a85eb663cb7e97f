import type { CanaryConfig } from "../../config/gates/canary-schema.js";
import { ReleaseError, UsageError } from "../../core/errors.js";
import { requireRun, withStore } from "../../eval/run/stored-run.js";
import type { CanarySimulation, SimulatedScenario } from "../../report/canary-simulation-document.js";
import { problemsOfPolicy } from "../plan/policy-problems.js";
import type { ReleasePlan } from "../plan/release-plan.js";
import { readPolicy } from "../planning/read-rollout-files.js";
import { type CaseOutcomes, outcomePool, ratesOf } from "./outcome-pool.js";
import type { SimulatedRelease } from "./rollout.js";
import type { RolloutByWay } from "./rollout-batch.js";
import { simulateAll } from "./simulate-all.js";
import { compressed, inventedPlan, speedOf } from "./simulated-plan.js";
import { summarise } from "./summarise.js";

/** Flags of `agentctl canary simulate`. */
export interface SimulateFlags {
  readonly config?: string;
  readonly stable: string;
  readonly canary: string;
  /** Conversations an hour, above 0. */
  readonly traffic: number;
  readonly gates: readonly string[];
  readonly rollouts: number;
  /** Points that the canary succeeds less than stable, each a scenario in stable's place; empty: the canary's run. */
  readonly planted: readonly number[];
  readonly seed: number;
  /** Looks in the least bake of a step. */
  readonly looks: number;
  /** Threads that simulate; not given: as many as the machine has cores. No figure depends on it. */
  readonly jobs?: number;
}

const HOUR_MS = 3_600_000;

/** A canary that is simulated. */
interface Planted {
  readonly name: string;
  readonly pool: readonly CaseOutcomes[];
  readonly flippedShare: number;
  readonly isAlike: boolean;
}

/**
 * `agentctl canary simulate`: rollouts of recorded outcomes by one or several plans.
 *
 * @param onProgress - called after each rollout with how many of all are done
 * @throws {UsageError} when a run is not there, or the runs have no case in common
 * @throws {ReleaseError} `RELEASE_REFUSED` when a plan cannot be carried out
 */
export async function simulateRollouts(
  flags: SimulateFlags,
  workingDirectory: string,
  onProgress: (done: number, all: number) => void = () => undefined,
): Promise<CanarySimulation> {
  const plans = flags.gates.map((file) => ({
    file,
    plan: planFrom(readPolicy(file, workingDirectory), file),
  }));
  const runs = readRuns(flags, workingDirectory);
  const canaries = plantedIn(runs.pool, runs.alike, flags);
  const planned = plans.flatMap(({ file, plan }) =>
    canaries.map((canary) => plannedOf(plan, canary, file, flags)),
  );
  const releases = planned.map(({ release }) => release);
  const results = await simulateAll({ releases, seed: flags.seed }, flags, onProgress);
  const scenarios = planned.map((one, index) => scenarioOf(one, results[index] ?? []));
  return {
    stableRun: runs.stableId,
    canaryRun: runs.canaryId,
    cases: runs.pool.length,
    perHour: flags.traffic,
    rollouts: flags.rollouts,
    seed: flags.seed,
    looksPerBake: flags.looks,
    alpha: plans[0]?.plan.alpha ?? 0.05,
    scenarios,
    notes: notesOf(plans.map(({ plan }) => plan)),
  };
}

function planFrom(policy: CanaryConfig, file: string): ReleasePlan {
  const problems = problemsOfPolicy(policy);
  if (problems.length === 0) return inventedPlan(policy);
  throw new ReleaseError("RELEASE_REFUSED", problems.map((problem) => `${file}: ${problem}`).join("\n"), {
    nextStep: "Correct it, then run `agentctl canary plan`.",
  });
}

function readRuns(flags: SimulateFlags, workingDirectory: string) {
  return withStore(flags.config, workingDirectory, (store) => {
    const [stable, canary] = [requireRun(store, flags.stable), requireRun(store, flags.canary)];
    const [stableRows, canaryRows] = [[...store.trialRows(stable.id)], [...store.trialRows(canary.id)]];
    const pool = outcomePool(stableRows, canaryRows);
    if (pool.length === 0) {
      throw new UsageError(
        `expected runs with cases in common that were scored for success, found none in ${stable.id} and ${canary.id}`,
        {
          nextStep: "run both versions on one suite, then name those runs",
        },
      );
    }
    return { stableId: stable.id, canaryId: canary.id, pool, alike: outcomePool(stableRows, stableRows) };
  });
}

function plantedIn(
  pool: readonly CaseOutcomes[],
  alike: readonly CaseOutcomes[],
  flags: SimulateFlags,
): Planted[] {
  if (flags.planted.length === 0) {
    const isAlike = flags.stable === flags.canary;
    return [{ name: isAlike ? "alike" : "the canary's run", pool, flippedShare: 0, isAlike }];
  }
  const { stable: rate } = ratesOf(alike);
  return flags.planted.map((points) => {
    if (points / 100 > rate) {
      throw new UsageError(
        `--planted -${points}: expected at most ${(rate * 100).toFixed(1)} points, the rate of stable`,
      );
    }
    const name = points === 0 ? "nothing planted" : `planted -${points} points`;
    return { name, pool: alike, flippedShare: points === 0 ? 0 : points / 100 / rate, isAlike: points === 0 };
  });
}

/** A plan and a canary that are simulated together. */
interface PlannedScenario {
  readonly release: SimulatedRelease;
  readonly canary: Planted;
  readonly gates: string;
  /** How many times as fast the simulation runs. */
  readonly speed: number;
}

function plannedOf(
  plan: ReleasePlan,
  canary: Planted,
  gates: string,
  { traffic, looks }: SimulateFlags,
): PlannedScenario {
  const speed = speedOf(plan.steps);
  const release: SimulatedRelease = {
    plan: compressed(plan, speed),
    traffic: { pool: canary.pool, flippedShare: canary.flippedShare, meanGapMs: HOUR_MS / traffic / speed },
    looksPerBake: looks,
  };
  return { release, canary, gates, speed };
}

function scenarioOf(
  { canary, gates, speed }: PlannedScenario,
  results: readonly RolloutByWay[],
): SimulatedScenario {
  const rates = ratesOf(canary.pool);
  return {
    name: canary.name,
    gates,
    stableRate: rates.stable,
    canaryRate: rates.canary * (1 - canary.flippedShare),
    isAlike: canary.isAlike,
    ways: (["plan", "naive", "fixed"] as const).map((way) =>
      summarise(
        way,
        results.map((one) => one[way]),
        speed,
      ),
    ),
  };
}

function notesOf(plans: readonly ReleasePlan[]): string[] {
  const notes = [
    "Conversations arrive by a Poisson process; a case, its trial and one of its answers are drawn with equal chance, the same for both arms. Each is over as it begins.",
    "The naive and the fixed test look at success alone, one-sided at alpha, with no margin: what they find at once may be a drop that the plan tolerates.",
  ];
  if (plans.some(({ rules }) => rules.some(({ threshold }) => threshold.reference === "baseline"))) {
    notes.push("Rules against the baseline are judged against the control: the simulation has no past.");
  }
  return notes;
}
