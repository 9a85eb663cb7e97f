/** A share of rollouts with its Wilson interval at 95 %. */
export interface SimulatedShare {
  readonly rollouts: number;
  readonly share: number;
  readonly lower: number;
  readonly upper: number;
}

/** What a way of deciding came to, over all rollouts of a scenario. */
export interface SimulatedWay {
  /** `plan`: the real controller. `naive`: a z-test at every look. `fixed`: the same test once, at the end. */
  readonly way: "plan" | "naive" | "fixed";
  readonly promoted: SimulatedShare;
  readonly rolledBack: SimulatedShare;
  readonly paused: SimulatedShare;
  /** How often each rule took it back, or each reason paused it. */
  readonly causes: { readonly [cause: string]: number };
  /** Conversations that met the canary. */
  readonly exposedMean: number;
  readonly exposedP95: number;
  /** Of these, the ones that failed and would not have on stable. */
  readonly lostMean: number;
  readonly lostP95: number;
  /** Medians, in the time of the plan; `null`: none was. */
  readonly toPromoteMs: number | null;
  readonly toRollbackMs: number | null;
  readonly looksMean: number;
}

export interface SimulatedScenario {
  /** E.g. `planted -5 points`, or the canary's run. */
  readonly name: string;
  /** Gate file with the plan. */
  readonly gates: string;
  /** Success of both versions: true of the simulation, not estimated. */
  readonly stableRate: number;
  readonly canaryRate: number;
  /** Stable's outcomes in both arms, nothing planted: every rollback is a false one. */
  readonly isAlike: boolean;
  readonly ways: readonly SimulatedWay[];
}

/** What rollouts by one or several plans come to, on recorded outcomes. */
export interface CanarySimulation {
  readonly stableRun: string;
  readonly canaryRun: string;
  /** Cases that both runs have. */
  readonly cases: number;
  readonly perHour: number;
  readonly rollouts: number;
  readonly seed: number;
  readonly looksPerBake: number;
  readonly alpha: number;
  readonly scenarios: readonly SimulatedScenario[];
  readonly notes: readonly string[];
}
