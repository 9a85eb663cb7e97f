import type { CanaryConfig } from "../../config/gates/canary-schema.js";
import { planOfPolicy } from "../plan/make-plan.js";
import type { ReleasePlan } from "../plan/release-plan.js";

/** The controller looks at least every five seconds, and twenty times in a bake. */
const LONGEST_BAKE_MS = 100_000;

/**
 * How many times as fast a plan runs in the simulation. It is chosen so that the controller looks twenty times in the
 * longest bake: looking every five seconds of hours is what costs the time, and tells little more.
 */
export function speedOf(steps: ReleasePlan["steps"]): number {
  return Math.max(1, ...steps.map(({ bakeMs }) => bakeMs / LONGEST_BAKE_MS));
}

/** The plan in the time of the simulation. Latencies are none of the clock's and stay. */
export function compressed(plan: ReleasePlan, speed: number): ReleasePlan {
  const short = (ms: number) => Math.round(ms / speed);
  return {
    ...plan,
    steps: plan.steps.map((step) => ({
      ...step,
      bakeMs: short(step.bakeMs),
      maxBakeMs: short(step.maxBakeMs),
    })),
    rules: plan.rules.map((rule) => ({ ...rule, windowMs: Math.max(1, short(rule.windowMs)) })),
    approvalExpiryMs: short(plan.approvalExpiryMs),
    pauseTimeoutMs: short(plan.pauseTimeoutMs),
    maturationMs: short(plan.maturationMs),
    watchMs: short(plan.watchMs),
    warmupMs: short(plan.warmupMs),
  };
}

/** A plan for a release that never was. People stand in nobody's way: whoever is asked to approve, does. */
export function inventedPlan(policy: CanaryConfig): ReleasePlan {
  const arm = (name: string) => ({
    agentVersion: name,
    url: `http://${name}.invalid`,
    model: null,
    runId: null,
  });
  return {
    service: "simulated",
    canary: arm("canary"),
    stable: arm("stable"),
    gate: {
      reportHash: "simulated",
      runId: "simulated",
      agentVersion: "canary",
      datasetHash: "simulated",
      gatesHash: "simulated",
      finishedAt: new Date(0).toISOString(),
    },
    router: "simulated",
    salt: "simulated",
    unit: "conversation",
    ...planOfPolicy(policy),
    fourEyes: false,
    releaseManagers: [],
  };
}
