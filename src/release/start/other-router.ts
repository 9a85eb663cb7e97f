import { ReleaseError, RouterError } from "../../core/errors.js";
import type { OpenService } from "../commands/open-service.js";
import { SET_SPLIT } from "../controller/history.js";
import type { ReleaseRecord } from "../journal/journal.js";
import type { TrafficRouter } from "../routers/router.js";
import { routerName } from "../routers/router-name.js";

/** A service whose release.yaml names a router now. */
type Service = Pick<OpenService, "file" | "folder"> & {
  readonly config: Pick<OpenService["config"], "router">;
  readonly journal: Pick<OpenService["journal"], "rows">;
};

type Release = Pick<ReleaseRecord, "id" | "plan">;

/**
 * Whether release.yaml names another router than the one that a release moved traffic with: what is set and read back there
 * says nothing of its traffic. From another machine one router may have another name; it is known by the salt of the release
 * that it holds.
 *
 * @param router - the one that release.yaml names
 * @returns one sentence; `null`: it is the same one, or the release moved no traffic yet
 */
export async function otherRouter(
  { config, file, folder, journal }: Service,
  { id, plan }: Release,
  router: TrafficRouter,
  signal?: AbortSignal,
): Promise<string | null> {
  const name = routerName(config.router, folder);
  if (name === plan.router) return null;
  const hasMoved = journal
    .rows(id)
    .some(({ event, targetBps }) => event === SET_SPLIT && (targetBps ?? 0) > 0);
  if (!hasMoved) return null;
  const seen = await saltOf(router, signal);
  if (seen.salt === plan.salt) return null;
  return `${file} names the router ${name}; ${id} moved its traffic with ${plan.router}, and ${seen.told}`;
}

async function saltOf(router: TrafficRouter, signal: AbortSignal | undefined) {
  try {
    const { salt } = await router.get(signal);
    const told = salt === null ? "that one does not tell whose split it has" : "that one has another split";
    return { salt, told };
  } catch (error) {
    if (!(error instanceof RouterError)) throw error;
    return { salt: null, told: `that one cannot be asked: ${error.message}` };
  }
}

/** @throws {ReleaseError} `RELEASE_REFUSED` when it is another router */
export async function refuseOtherRouter(
  service: Service,
  release: Release,
  router: TrafficRouter,
  signal?: AbortSignal,
): Promise<void> {
  const problem = await otherRouter(service, release, router, signal);
  if (problem === null) return;
  throw new ReleaseError("RELEASE_REFUSED", problem, {
    nextStep:
      "Name the router of the release in it again. Where it is gone for good: agentctl canary rollback --force --reason.",
  });
}
