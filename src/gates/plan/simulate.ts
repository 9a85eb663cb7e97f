import type { Verdict } from "../../core/score.js";
import type { AnyRule } from "../gate-kind.js";
import { drawRuns } from "./draw-runs.js";
import { DrawnPair, DrawnRun, layoutOf } from "./drawn-pair.js";
import { DrawnPolicy } from "./drawn-policy.js";
import { drawnJudge } from "./drawn-verdict.js";
import type { Planted, VerdictChances } from "./gate-plan.js";
import type { PlanWorld } from "./plan-input.js";
import { type Plant, plantOf } from "./plant.js";

/** A rule of the policy, and how often it is to be judged for figures of its own. */
export interface SimulatedRule {
  readonly rule: AnyRule;
  readonly name: string;
  readonly draws: number;
  /** Whether its own figures show a scenario. */
  readonly isShown: (planted: Planted) => boolean;
}

/** What came of drawn runs. */
export interface SimulatedScenario {
  /** By name of the gate. A gate that was skipped passes. */
  readonly gates: ReadonlyMap<string, VerdictChances>;
  readonly policy: VerdictChances;
}

/**
 * Draws runs, judges each by every rule that is asked for, and counts the verdicts.
 *
 * @param rules - those that the policy consists of, in the order of the file
 * @param policyDraws - draws that all rules judge together
 * @returns one entry for each of `planted`, in their order
 */
export function simulateScenarios(
  world: PlanWorld,
  planted: readonly Planted[],
  rules: readonly SimulatedRule[],
  policyDraws: number,
): SimulatedScenario[] {
  const scenarios = planted.map((one) => ({
    planted: one,
    plant: plantOf(one, world.pool, world.set.metrics),
    tallies: rules.map(() => new Tally()),
    policy: new Tally(),
  }));
  const policy = new DrawnPolicy(world, rules);
  const draws = Math.max(policyDraws, ...rules.map((rule) => rule.draws));
  for (let round = 0; round < draws; round += 1) {
    const runs = drawRuns(world.pool, world.trialsPerCase, world.seed, round);
    const judged = policy.judgeOf(runs.candidate, runs.baseline);
    for (const { planted: one, plant, tallies, policy: whole } of scenarios) {
      const isWhole = round < policyDraws;
      const asked = rules.map((rule) => round < rule.draws && rule.isShown(one));
      if (!isWhole && !asked.includes(true)) continue;
      const verdicts = judged(runs.planted(plant), (index) => isWhole || asked[index] === true);
      verdicts.forEach((verdict, index) => {
        if (asked[index] === true && verdict !== null) tallies[index]?.add(verdict);
      });
      if (isWhole) whole.add(policy.verdictOf(verdicts));
    }
  }
  return scenarios.map(({ tallies, policy: whole }) => ({
    gates: new Map(rules.map(({ name }, index) => [name, (tallies[index] as Tally).chances()])),
    policy: whole.chances(),
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
  const none = () => new DrawnRun([]);
  const first = drawRuns(world.pool, world.trialsPerCase, world.seed, 0).candidate;
  const layout = layoutOf(world, first);
  const judge = drawnJudge(rule, name, world, layout);
  for (let round = 0; round < world.draws; round += 1) {
    const { planted } = drawRuns(world.pool, world.trialsPerCase, world.seed, round);
    plants.forEach((plant, index) => {
      tallies[index]?.add(judge(new DrawnPair(world, layout, new DrawnRun(planted(plant)), none)));
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
