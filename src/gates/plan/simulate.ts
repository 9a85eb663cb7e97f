import type { Verdict } from "../../core/score.js";
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
  /** Of each gate, in the order of the rules: `gates`, then `slices`. A gate that was skipped passes. */
  readonly gates: readonly VerdictChances[];
  readonly policy: VerdictChances;
}

/** Draws runs, judges each as `agentctl gate` does, and counts the verdicts. */
export function simulateScenario(
  world: PlanWorld,
  planted: Planted,
  names: readonly string[],
): SimulatedScenario {
  const plant = plantOf(planted, world.pool, world.set.metrics);
  const tallies = names.map(() => new Tally());
  const policy = new Tally();
  for (let round = 0; round < world.draws; round += 1) {
    const drawn = drawRuns(world.pool, world.trialsPerCase, world.seed, round, plant);
    const report = judgeGates(world.rules, drawnEvidence(world, drawn));
    const verdicts = new Map(report.results.map(({ name, verdict }) => [name, verdict]));
    names.forEach((name, index) => {
      tallies[index]?.add(verdicts.get(name) ?? "pass");
    });
    policy.add(report.verdict);
  }
  return { gates: tallies.map((tally) => tally.chances()), policy: policy.chances() };
}

/** Draws runs on which a change was planted, and judges one rule. */
export function simulateGate(
  world: PlanWorld,
  rule: AnyRule,
  name: string,
  plant: Plant | null,
): VerdictChances {
  const tally = new Tally();
  for (let round = 0; round < world.draws; round += 1) {
    const drawn = drawRuns(world.pool, world.trialsPerCase, world.seed, round, plant);
    const context = { evidence: drawnEvidence(world, drawn), rules: world.rules, name };
    tally.add(judgeGate(rule, context).verdict);
  }
  return tally.chances();
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
