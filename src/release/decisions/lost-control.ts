import { ALL_BPS } from "../../core/traffic-split.js";
import type { ReleaseView } from "./release-view.js";

/**
 * Why nothing can be compared with stable now: it is down, or its newest conversations all failed.
 *
 * @returns one sentence, or `null`: it is there, or has no traffic left that it could serve
 */
export function lostControl({ evidence, outage, steps }: ReleaseView): string | null {
  if (steps.at(-1)?.bps === ALL_BPS) return null;
  if (evidence.arms.some(({ arm, isUp }) => arm === "stable" && !isUp))
    return "the stable version is down, so there is nothing to compare with";
  if (outage === null) return null;
  return `the last ${outage} conversations of the stable version all failed, so there is nothing to compare with`;
}
