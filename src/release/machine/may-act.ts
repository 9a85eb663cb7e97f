import { isSameName, readsLike } from "../../core/person-name.js";
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
 * Names of managers are compared without regard to case, width, space and how accents are encoded. A second person is one
 * whose name no reader takes for the author's.
 */
export function mayAct(
  request: RequestType,
  actor: string,
  release: { readonly author: string; readonly plan: Pick<ReleasePlan, "fourEyes" | "releaseManagers"> },
): Permission {
  const { fourEyes, releaseManagers } = release.plan;
  const verb = REQUEST_VERBS[request];
  if (actor.trim() === "")
    return { forbidden: `${verb} wants the name of a person, found none; give --actor` };
  if (
    OF_MANAGERS.has(request) &&
    releaseManagers.length > 0 &&
    !releaseManagers.some((manager) => isSameName(manager, actor))
  ) {
    const meant = releaseManagers.find((manager) => readsLike(manager, actor));
    const why = meant === undefined ? "" : `, which reads like ${meant} and is written with other letters`;
    return {
      forbidden: `${verb} wants a release manager (${releaseManagers.join(", ")}), found ${actor}${why}`,
    };
  }
  if (fourEyes && OF_SECOND_EYES.has(request)) {
    const { author } = release;
    if (isSameName(author, actor)) {
      return { forbidden: `${verb} wants a second person: ${actor} is the author of this release` };
    }
    if (readsLike(author, actor)) {
      const found = `${actor} reads like ${author}, the author of this release`;
      return { forbidden: `${verb} wants a second person: ${found}; give a fuller name by --actor` };
    }
  }
  return { forbidden: null };
}
