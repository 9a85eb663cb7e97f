import { type ArmFailure, canaryFailureEProcess } from "../../stats/canary-failure-e-process.js";
import type { ReleaseView } from "./release-view.js";

/** Conversations that the router took away from the canary before it counts as down: one may be a blip. */
const LEAST_FALLBACKS = 3;
const FALLBACK_SHARE = 0.01;
/** A burst is at least this many more failed conversations in the canary than in stable, as a share. */
const BURST = 0.05;
/** How much oftener a canary in a burst fails. */
const BURST_RATIOS = [4, 10, 30];

/** Why the release must go back at once, whatever its rules say; `null`: nothing. */
export function hardRule(view: ReleaseView): string | null {
  return criticalViolation(view) ?? armDown(view) ?? errorBurst(view);
}

function criticalViolation({ evidence }: ReleaseView): string | null {
  const found: { readonly rule: string; readonly id: string }[] = [];
  for (const { arm, violations, id } of evidence.conversations) {
    if (arm !== "canary" || violations.length === 0) continue;
    for (const { severity, verified, rule } of violations) {
      if (severity === "critical" && verified) found.push({ rule, id });
    }
  }
  const [first] = found;
  if (first === undefined) return null;
  const others = found.length > 1 ? ` and ${found.length - 1} more` : "";
  return `critical safety violation of ${first.rule} in conversation ${first.id}${others}: one is enough`;
}

function armDown({ evidence }: ReleaseView): string | null {
  const canary = evidence.arms.find(({ arm }) => arm === "canary");
  if (canary?.isUp === false) return "the canary is down: the router sends it nothing";
  const served = evidence.conversations.filter(({ arm }) => arm === "canary").length;
  const { fallbacks } = evidence;
  if (fallbacks < LEAST_FALLBACKS || fallbacks < FALLBACK_SHARE * (served + fallbacks)) return null;
  return `the canary is down: ${fallbacks} of its ${served + fallbacks} conversations went to stable, since it could not take them`;
}

/** Failed conversations by who served them, in the order of their first failure. */
function errorBurst(view: ReleaseView): string | null {
  const failures: (ArmFailure & { readonly at: number })[] = [];
  const failed = { canary: 0, stable: 0 };
  const all = { canary: 0, stable: 0 };
  for (const { arm, share, records } of view.units) {
    if (share === null) continue;
    all[arm] += 1;
    let at = Number.POSITIVE_INFINITY;
    for (const { requests } of records)
      for (const request of requests) if (!request.ok) at = Math.min(at, request.at);
    if (at === Number.POSITIVE_INFINITY) continue;
    failed[arm] += 1;
    failures.push({ arm: arm === "canary" ? "canary" : "baseline", share, at });
  }
  const excess = failed.canary / Math.max(1, all.canary) - failed.stable / Math.max(1, all.stable);
  if (excess < BURST) return null;
  failures.sort((a, b) => a.at - b.at);
  const { rejectedAt } = canaryFailureEProcess(failures, { riskRatios: BURST_RATIOS, alpha: view.alpha });
  if (rejectedAt === null) return null;
  return `burst of errors: ${failed.canary} of ${all.canary} conversations of the canary failed, ${failed.stable} of ${all.stable} of stable`;
}
