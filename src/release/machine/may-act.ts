import type { ReleasePlan } from "../plan/release-plan.js";
import { REQUEST_VERBS, type RequestType } from "./allowed.js";

/** Whether somebody may ask for something; `forbidden` says why not, and who may. */
export type Permission = { readonly forbidden: null } | { readonly forbidden: string };

const OF_MANAGERS: ReadonlySet<RequestType> = new Set(["approved", "rejected", "promotion-forced"]);
/** What lets a release go on against the doubt that four eyes are there for. */
const OF_SECOND_EYES: ReadonlySet<RequestType> = new Set(["approved", "promotion-forced"]);

/**
 * Roles of a release. Approving, rejecting and a forced promotion are for release managers, and with `fourEyes` neither
 * approval nor forced promotion is for the author. Whatever makes a release safer (pause, rollback) is for everybody.
 *
 * Names are compared without regard to case, width, space and how accents are encoded, so that `Ana` is no second person
 * beside `ana`. Letters of other scripts that look alike are others.
 */
export function mayAct(
  request: RequestType,
  actor: string,
  release: { readonly author: string; readonly plan: Pick<ReleasePlan, "fourEyes" | "releaseManagers"> },
): Permission {
  const { fourEyes, releaseManagers } = release.plan;
  const verb = REQUEST_VERBS[request];
  const name = normal(actor);
  if (name === "") return { forbidden: `${verb} wants the name of a person, found none; give --actor` };
  if (
    OF_MANAGERS.has(request) &&
    releaseManagers.length > 0 &&
    !releaseManagers.some((manager) => normal(manager) === name)
  ) {
    return { forbidden: `${verb} wants a release manager (${releaseManagers.join(", ")}), found ${actor}` };
  }
  if (fourEyes && OF_SECOND_EYES.has(request) && normal(release.author) === name) {
    return { forbidden: `${verb} wants a second person: ${actor} is the author of this release` };
  }
  return { forbidden: null };
}

function normal(name: string): string {
  return name.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();
}
