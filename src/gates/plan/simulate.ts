import type { Verdict } from "../../core/score.js";
import type { TrialRow } from "../../metrics/metric.js";
import type { AnyRule } from "../gate-kind.js";
import { judgeGate } from "../judge-gate.js";
import { judgeGates } from "../judge-gates.js";
import { drawRuns } from "./draw-runs.js";
import { drawnEvidence } from "./drawn-evidence.js";
import type { Planted, VerdictChances } from "./gate-plan.js";
import type { PlanWorld } from "./plan-input.js";
import { type Plant, plantOf } from "./plant.js";

/** What came of drawn runs. */
export interface SimulatedScenario {
  /** By name of the gate. A gate that was skipped passes. */
  readonly gates: ReadonlyMap<string, VerdictChances>;
  readonly policy: VerdictChances;
}

/**
 * Draws runs, judges each as `agentctl gate` does, and counts the verdicts.
 *
 * @returns one entry for each of `planted`, in their order
 */
export function simulateScenarios(
  world: PlanWorld,
  planted: readonly Planted[],
  names: readonly string[],
): SimulatedScenario[] {
  const tallies = planted.map((one) => ({
    plant: plantOf(one, world.pool, world.set.metrics),
    gates: names.map((name) => ({ name, tally: new Tally() })),
    policy: new Tally(),
  }));
  for (let round = 0; round < world.draws; round += 1) {
    const { planted: plantedRows, baseline } = drawRuns(world.pool, world.trialsPerCase, world.seed, round);
    for (const { plant, gates, policy } of tallies) {
      const report = judgeGates(world.rules, drawnEvidence(world, plantedRows(plant), baseline));
      const verdicts = new Map(report.results.map(({ name, verdict }) => [name, verdict]));
      for (const { name, tally } of gates) tally.add(verdicts.get(name) ?? "pass");
      policy.add(report.verdict);
    }
  }
  return tallies.map(({ gates, policy }) => ({
    gates: new Map(gates.map(({ name, tally }) => [name, tally.chances()])),
    policy: policy.chances(),
  }));
}

/**
 * Draws runs on which changes are planted, and judges one rule that has no baseline.
 *
 * @returns one entry for each of `plants`, in their order
 */
export function simulateGate(
  world: PlanWorld,
  rule: AnyRule,
  name: string,
  plants: readonly (Plant | null)[],
): VerdictChances[] {
  const tallies = plants.map(() => new Tally());
  const none = (): readonly TrialRow[] => [];
  for (let round = 0; round < world.draws; round += 1) {
    const { planted } = drawRuns(world.pool, world.trialsPerCase, world.seed, round);
    plants.forEach((plant, index) => {
      const evidence = drawnEvidence(world, planted(plant), none);
      tallies[index]?.add(judgeGate(rule, { evidence, rules: world.rules, name }).verdict);
    });
  }
  return tallies.map((tally) => tally.chances());
}

class Tally {
  private draws = 0;
  private readonly counts = { pass: 0, fail: 0, inconclusive: 0, error: 0 };

  add(verdict: Verdict): void {
    this.draws += 1;
    this.counts[verdict] += 1;
  }

  chances(): VerdictChances {
    const pass = this.counts.pass / this.draws;
    return {
      pass,
      fail: (this.counts.fail + this.counts.error) / this.draws,
      inconclusive: this.counts.inconclusive / this.draws,
      standardError: standardErrorOf(pass, this.draws),
    };
  }
}

/** Of a share of draws. Where all draws agree it is that of half a draw that did not: certainty is not claimed. */
function standardErrorOf(share: number, draws: number): number {
  const kept = Math.min(1 - 0.5 / draws, Math.max(0.5 / draws, share));
  return Math.sqrt((kept * (1 - kept)) / draws);
}
