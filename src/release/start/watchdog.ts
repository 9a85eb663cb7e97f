import type { Clock } from "../../core/clock.js";
import { RouterError } from "../../core/errors.js";
import type { CanaryWatchdog } from "../../report/schemas/canary-watchdog.js";
import type { OpenService } from "../commands/open-service.js";
import { isAlive } from "../commands/release-status.js";
import { ReleaseDesk } from "../controller/release-desk.js";
import { confirmed, foreignSplit, setSplit, sharePercent } from "../controller/split.js";
import { holderName } from "../journal/lease-holder.js";
import type { TrafficRouter } from "../routers/router.js";
import { otherRouter } from "./other-router.js";

const LEASE_TTL_MS = 30_000;

/** What the watchdog looks at. */
interface WatchdogParts {
  readonly service: Pick<OpenService, "config" | "file" | "folder" | "journal">;
  readonly router: TrafficRouter;
  readonly clock: Clock;
  /** How long a lease may have been over. */
  readonly graceMs: number;
  /** Of the looks before this one. */
  readonly silence: Silence;
}

/** For how long nothing was heard of a controller, by the clock that nobody moves. */
export class Silence {
  #last = "";
  #since = 0;

  /** @param heard - what changes as long as it lives */
  ms(heard: string, clock: Pick<Clock, "monotonic">): number {
    if (heard !== this.#last) this.#since = clock.monotonic();
    this.#last = heard;
    return clock.monotonic() - this.#since;
  }
}

/**
 * Takes all traffic off a new version whose controller died: for routers without a lease of their own. It takes the lease,
 * so that the dead controller is fenced when it wakes up, sets 0 with intent and read-back in the journal, and gives the
 * lease back; whoever goes on with the release finds another split than its own, and pauses. A lease that was given back
 * counts from the last row of the journal. One that is not renewed between the looks of this process is over too, whatever the
 * wall clock says: it may have been moved.
 */
export async function watchdogLook(parts: WatchdogParts, signal?: AbortSignal): Promise<CanaryWatchdog> {
  const { service, router, clock, graceMs, silence } = parts;
  const { journal } = service;
  const { service: name } = service.config;
  const release = journal.live(name);
  if (release === null) return { outcome: "nothing-live", reason: "no release is live", releaseId: null };
  const releaseId = release.id;
  const lease = journal.lease(name);
  const last = journal.rows(releaseId).at(-1);
  const silentMs = silence.ms(`${lease?.epoch} ${lease?.expiresAt} ${last?.seq}`, clock);
  const overForMs = Math.max(
    clock.now() - (lease?.expiresAt ?? Date.parse(last?.at ?? release.createdAt)),
    silentMs - LEASE_TTL_MS,
  );
  if (isAlive(lease, clock.now()) && overForMs < 0)
    return { outcome: "alive", reason: `${lease.holder} controls it`, releaseId };
  if (overForMs < graceMs) {
    const reason =
      overForMs < 0
        ? `no controller lives, its lease lasts for another ${seconds(-overForMs)}`
        : `no controller for ${seconds(overForMs)}`;
    return { outcome: "in-grace", reason, releaseId };
  }
  try {
    const problem = await otherRouter(service, release, router, signal);
    if (problem !== null) return { outcome: "failed", reason: problem, releaseId };
    const found = await router.get(signal);
    const foreign = foreignSplit(found, release.plan, journal.rows(releaseId));
    if (foreign !== null) return { outcome: "at-zero", reason: foreign, releaseId };
    if (found.bps === 0) return { outcome: "at-zero", reason: "the split is 0 %", releaseId };
    const taken = journal.seizeLease(name, `${holderName()}:watchdog`, clock.now(), LEASE_TTL_MS);
    try {
      const desk = new ReleaseDesk(journal, clock, releaseId, taken.epoch);
      const reason = `watchdog: no controller for ${seconds(overForMs)}, ${sharePercent(found.bps)} was live`;
      const target = { bps: 0, reason, actor: "watchdog" };
      const set = await setSplit({ ports: { router }, desk, signal }, target, found, false);
      if (!set.ok) return { outcome: "failed", reason: set.reason, releaseId };
      const rows = [{ ...confirmed(set.split), actor: "watchdog" }];
      const drift = { type: "drift-found" as const, reason };
      if (desk.refusalOf(drift) === null) desk.apply(drift, { rows });
      else desk.write(rows);
      return { outcome: "set-to-zero", reason, releaseId };
    } finally {
      journal.releaseLease(taken);
    }
  } catch (error) {
    if (!(error instanceof RouterError)) throw error;
    return { outcome: "failed", reason: error.message, releaseId };
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
