import { ReleaseError } from "../../core/errors.js";
import type { ControllerLease } from "./journal.js";

/** A lease as it is kept. */
export interface KeptLease {
  /** `null`: it was given back. */
  readonly holder: string | null;
  readonly epoch: number;
  readonly expiresAt: number;
}

/** Where leases are kept, one for each service. */
export interface LeaseTable {
  find(service: string): KeptLease | undefined;
  put(service: string, lease: KeptLease): void;
}

/**
 * Who may act on a service.
 *
 * Expiry is wall-clock time of whoever asks, and clocks of machines differ and jump: it only decides when somebody else
 * may take over. What keeps two from acting is the epoch, which grows with every holder and is compared inside the
 * transaction of every write: a holder whose lease was taken, by a clock that is ahead or because its own went back,
 * cannot journal another intent, and so causes no further effect.
 */
export class JournalLeases {
  readonly #table: LeaseTable;

  constructor(table: LeaseTable) {
    this.#table = table;
  }

  acquire(service: string, holder: string, now: number, ttlMs: number): ControllerLease {
    const kept = this.read(service);
    if (kept !== null && kept.holder !== holder && kept.expiresAt > now) return kept;
    return this.seize(service, holder, now, ttlMs);
  }

  seize(service: string, holder: string, now: number, ttlMs: number): ControllerLease {
    const epoch = this.newest(service) + 1;
    return this.#keep({ service, holder, epoch, expiresAt: now + ttlMs });
  }

  renew(lease: ControllerLease, now: number, ttlMs: number): ControllerLease {
    this.fence(lease.service, lease.epoch);
    return this.#keep({ ...lease, expiresAt: now + ttlMs });
  }

  read(service: string): ControllerLease | null {
    const kept = this.#table.find(service);
    if (kept === undefined || kept.holder === null) return null;
    return { service, holder: kept.holder, epoch: kept.epoch, expiresAt: kept.expiresAt };
  }

  giveBack({ service, epoch }: ControllerLease): void {
    if (this.#table.find(service)?.epoch !== epoch) return;
    this.#table.put(service, { holder: null, epoch, expiresAt: 0 });
  }

  /** 0 before the first. */
  newest(service: string): number {
    return this.#table.find(service)?.epoch ?? 0;
  }

  /** @throws {ReleaseError} `RELEASE_FENCED` unless the epoch is the newest of the service */
  fence(service: string, epoch: number): void {
    const newest = this.newest(service);
    if (newest === epoch) return;
    throw new ReleaseError(
      "RELEASE_FENCED",
      `${service}: expected to write as epoch ${newest}, the newest, found epoch ${epoch}: somebody else took over`,
      { nextStep: "agentctl canary status names who holds the release now." },
    );
  }

  #keep(lease: ControllerLease): ControllerLease {
    const { service, holder, epoch, expiresAt } = lease;
    this.#table.put(service, { holder, epoch, expiresAt });
    return lease;
  }
}
