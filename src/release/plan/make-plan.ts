import type { CanaryConfig } from "../../config/gates/canary-schema.js";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { ReleaseError } from "../../core/errors.js";
import { leastConversations } from "./least-conversations.js";
import { problemsOfPolicy } from "./policy-problems.js";
import type { Artefact, GateProof, PlannedStep, ReleasePlan, RolloutRule } from "./release-plan.js";

/** What one release has and the policy does not say. */
export interface ReleaseGiven {
  readonly canary: Artefact;
  readonly stable: Artefact;
  readonly proof: GateProof;
  /** Of `routerName`. */
  readonly router: string;
  /** Not empty, another one for every release. */
  readonly salt: string;
}

/** Longest bake of a step, when the policy does not say, as a multiple of the least. */
const MAX_BAKE_FACTOR = 4;

/**
 * The plan of a release, with every default in it, so that its hash stands for all that decides it.
 *
 * @throws {ReleaseError} `RELEASE_REFUSED` with every problem at once: an unknown measure, a share that is no whole number
 *   of basis points, a longest bake below the least, or a gate report of another version
 */
export function makePlan(policy: CanaryConfig, config: ReleaseConfig, given: ReleaseGiven): ReleasePlan {
  const problems = [...problemsOfPolicy(policy), ...problemsOfGiven(given)];
  if (problems.length > 0) {
    throw new ReleaseError("RELEASE_REFUSED", problems.join("\n"), {
      nextStep: "Correct it in gates.yaml or release.yaml, then run `agentctl canary plan`.",
    });
  }
  const { canary, stable, proof, router, salt } = given;
  return {
    service: config.service,
    canary,
    stable,
    gate: proof,
    router,
    salt,
    unit: config.key,
    ...planOfPolicy(policy),
    fourEyes: config.people.four_eyes,
    releaseManagers: config.people.release_managers,
  };
}

/** What a policy says of a plan, with every default in it; of one that has problems, as far as it can be read. */
export function planOfPolicy(
  policy: CanaryConfig,
): Omit<
  ReleasePlan,
  "service" | "canary" | "stable" | "gate" | "router" | "salt" | "unit" | "fourEyes" | "releaseManagers"
> {
  const rules = rulesOf(policy);
  return {
    steps: stepsOf(policy, rules),
    rules,
    alpha: policy.alpha,
    limits: {
      applyFailures: policy.limits.apply_failures,
      failures: policy.limits.failures,
      inconclusive: policy.limits.inconclusive,
      consecutiveErrors: policy.limits.consecutive_errors,
    },
    needsApproval: policy.approval === "required",
    approvalExpiryMs: policy.approval_expires,
    pauseTimeoutMs: policy.pause_timeout,
    onTimeout: policy.on_timeout,
    maturationMs: policy.maturation,
    watchMs: policy.watch,
    warmupMs: policy.warmup,
  };
}

function rulesOf(policy: CanaryConfig): RolloutRule[] {
  return Object.entries(policy.rollback_triggers).map(([measure, { threshold, window, mode }]) => ({
    measure,
    threshold,
    windowMs: window,
    mode,
  }));
}

function stepsOf(policy: CanaryConfig, rules: readonly RolloutRule[]): PlannedStep[] {
  return policy.steps.map(({ traffic, bake, max_bake, min_conversations, approval }) => {
    const bps = Math.round(traffic * 100);
    return {
      bps,
      bakeMs: bake,
      maxBakeMs: max_bake ?? bake * MAX_BAKE_FACTOR,
      minConversations: min_conversations ?? leastConversations(bps, rules, policy.alpha),
      needsApproval: approval === "required",
    };
  });
}

function problemsOfGiven({ canary, stable, proof, salt }: ReleaseGiven): string[] {
  const problems: string[] = [];
  if (salt === "") problems.push("the salt of the release is empty; expected a text of its own");
  if (proof.agentVersion !== canary.agentVersion) {
    problems.push(
      `the gate report is of agent version ${proof.agentVersion}, expected ${canary.agentVersion}, the version to release; evaluate and gate that one`,
    );
  }
  if (canary.url === stable.url && canary.model === stable.model) {
    problems.push(
      `stable and canary are both ${canary.url}${canary.model === null ? "" : ` with the model ${canary.model}`}; expected two servers, or two models of one server`,
    );
  }
  return problems;
}
