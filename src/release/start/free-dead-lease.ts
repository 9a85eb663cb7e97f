import { setTimeout } from "node:timers/promises";
import type { Clock } from "../../core/clock.js";
import type { ReleaseJournal } from "../journal/journal.js";
import { hasHolderEnded } from "../journal/lease-holder.js";

/** No command takes a lease for longer. */
const LONGEST_LEASE_MS = 60_000;
/** A controller that lives renews its lease three times as often. */
const SILENCE_MS = 30_000;

/** What freeing a lease needs. */
export interface FreeLease {
  readonly journal: Pick<ReleaseJournal, "lease" | "releaseLease">;
  readonly clock: Pick<Clock, "now">;
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
  /** How long a lease that ends too late is watched, milliseconds. */
  readonly silenceMs?: number;
}

/**
 * Frees the lease of a controller that is no more, so that nobody has to wait until it ends: its process has ended on this
 * machine; or it ends later than any lease lasts, since a clock was moved, and nobody renews it for as long as one lasts.
 * Of two that free it at once one gets it: a lease is given back by its epoch.
 */
export async function freeDeadLease(
  service: string,
  { journal, clock, note, signal, silenceMs = SILENCE_MS }: FreeLease,
): Promise<void> {
  const lease = journal.lease(service);
  if (lease === null) return;
  const leftMs = lease.expiresAt - clock.now();
  if (leftMs <= 0) return;
  if (hasHolderEnded(lease.holder)) {
    note(`${lease.holder}, which controlled it, has ended: taken over`);
    journal.releaseLease(lease);
    return;
  }
  if (leftMs <= LONGEST_LEASE_MS) return;
  note(
    `the lease of ${lease.holder} ends in ${Math.round(leftMs / 60_000)} min, and none lasts that long: a clock was moved; ` +
      `watched for ${Math.round(silenceMs / 1000)} s`,
  );
  await setTimeout(silenceMs, undefined, { signal }).catch(() => undefined);
  const later = journal.lease(service);
  if (signal.aborted || later?.epoch !== lease.epoch || later.expiresAt !== lease.expiresAt) return;
  note(`${lease.holder} did not renew its lease: taken over`);
  journal.releaseLease(lease);
}
