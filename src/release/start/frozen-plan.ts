import type { CanaryConfig } from "../../config/gates/canary-schema.js";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { ReleaseError } from "../../core/errors.js";
import { canonicalJson } from "../../core/hash.js";
import type { ReleaseRecord } from "../journal/journal.js";
import { hasEnded } from "../machine/state.js";
import { planOfPolicy } from "../plan/make-plan.js";
import type { ReleasePlan } from "../plan/release-plan.js";

/**
 * Refuses to go on with a release whose servers or unit release.yaml names otherwise now: probes and figures would be of
 * something else than what has the traffic. What goes back or has ended goes on.
 *
 * @param file - release.yaml as messages name it
 * @throws {ReleaseError} `RELEASE_REFUSED` with everything that differs
 */
export function refuseOtherArms(
  { id, plan, state }: Pick<ReleaseRecord, "id" | "plan" | "state">,
  config: Pick<ReleaseConfig, "stable" | "canary" | "key">,
  file: string,
): void {
  if (hasEnded(state) || state.name === "ABORTING" || state.name === "ROLLBACK_HELD") return;
  const pairs: readonly (readonly [name: string, found: string, frozen: string])[] = [
    ["stable.url", config.stable.url, plan.stable.url],
    ["stable.model", config.stable.model ?? "none", plan.stable.model ?? "none"],
    ["canary.url", config.canary.url, plan.canary.url],
    ["canary.model", config.canary.model ?? "none", plan.canary.model ?? "none"],
    ["key", config.key, plan.unit],
  ];
  const problems = pairs
    .filter(([, found, frozen]) => found !== frozen)
    .map(([name, found, frozen]) => `\`${name}\` is ${found}, the plan of ${id} has ${frozen}`);
  if (problems.length === 0) return;
  throw new ReleaseError(
    "RELEASE_REFUSED",
    `${file} has changed since the release began: ${problems.join("; ")}`,
    {
      nextStep: "Put it back and resume, or take the release back: agentctl canary rollback.",
    },
  );
}

/** What somebody who changed rules or people while a release is under way must know; `null`: nothing changed. */
export function changedPolicyNote(
  plan: ReleasePlan,
  policy: CanaryConfig,
  { people }: Pick<ReleaseConfig, "people">,
): string | null {
  const now: Partial<ReleasePlan> = {
    ...planOfPolicy(policy),
    fourEyes: people.four_eyes,
    releaseManagers: people.release_managers,
  };
  const changed = Object.entries(now)
    .filter(([name, value]) => canonicalJson(value) !== canonicalJson(plan[name as keyof ReleasePlan]))
    .map(([name]) => name);
  if (changed.length === 0) return null;
  return `gates.yaml or release.yaml says something else now (${changed.join(", ")}); what counts is the plan that was frozen`;
}
