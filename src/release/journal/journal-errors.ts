import { ReleaseError } from "../../core/errors.js";
import { type ReleaseState, stateText } from "../machine/state.js";

/** A service has a release that has not ended. */
export function liveRelease(service: string, live: string, state: ReleaseState): ReleaseError {
  return new ReleaseError(
    "RELEASE_LIVE",
    `${service}: expected no live release, found ${live} in ${stateText(state)}`,
    {
      nextStep:
        "Wait until it has ended, go on with it when nobody controls it (`agentctl canary start --resume`), take it back with `agentctl canary rollback`, or put the new one in its place with `agentctl canary start --supersede`.",
    },
  );
}

/** @param place - the journal, as messages name it */
export function unknownRelease(place: string, id: string): ReleaseError {
  return new ReleaseError("RELEASE_UNKNOWN", `${place}: expected release ${id}, found none of that id`, {
    nextStep: "agentctl canary history lists the releases.",
  });
}
