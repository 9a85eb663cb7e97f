import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { ReleaseError } from "../../core/errors.js";
import type { Artefact } from "../plan/release-plan.js";

/**
 * Refuses a release behind a gateway whose canary is the server that was promoted last: the gateway has made it the stable
 * arm, so that whatever is put there meets everybody at once. Other routers leave addresses to the platform.
 *
 * @param promoted - what the journal calls stable; `null` before the first promotion
 * @throws {ReleaseError} `RELEASE_REFUSED`
 */
export function refuseSameAddress(
  promoted: Pick<Artefact, "url" | "model"> | null,
  { router, canary, service }: Pick<ReleaseConfig, "router" | "canary" | "service">,
): void {
  if (router.type !== "gateway" || promoted === null) return;
  if (promoted.url !== canary.url || promoted.model !== (canary.model ?? null)) return;
  throw new ReleaseError(
    "RELEASE_REFUSED",
    `\`canary.url\` is ${canary.url}, which serves everybody of ${service} since it was promoted; expected another server`,
    {
      nextStep:
        "Make it the stable arm in release.yaml and gateway.yaml, put the new version elsewhere, and restart the gateway.",
    },
  );
}
