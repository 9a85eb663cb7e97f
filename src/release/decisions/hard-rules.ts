import { errorBurst } from "./error-burst.js";
import type { ReleaseView } from "./release-view.js";

/** Conversations that the router took away from the canary before it counts as down: one may be a blip. */
const LEAST_FALLBACKS = 3;
const FALLBACK_SHARE = 0.01;

/** Why the release must go back at once, whatever its rules say; `null`: nothing. */
export function hardRule(view: ReleaseView): string | null {
  return criticalViolation(view) ?? armDown(view) ?? errorBurst(view);
}

function criticalViolation({ totals }: ReleaseView): string | null {
  const { criticals, firstCritical: first } = totals;
  if (first === null) return null;
  const others = criticals > 1 ? ` and ${criticals - 1} more` : "";
  return `critical safety violation of ${first.rule} in conversation ${first.id}${others}: one is enough`;
}

function armDown({ evidence, totals }: ReleaseView): string | null {
  const canary = evidence.arms.find(({ arm }) => arm === "canary");
  if (canary?.isUp === false) return "the canary is down: the router sends it nothing";
  const served = totals.conversations.canary;
  const { fallbacks } = evidence;
  if (fallbacks < LEAST_FALLBACKS || fallbacks < FALLBACK_SHARE * (served + fallbacks)) return null;
  return `the canary is down: ${fallbacks} of its ${served + fallbacks} conversations went to stable, since it could not take them`;
}
