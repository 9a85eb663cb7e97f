import type Database from "better-sqlite3";
import { ReleaseError } from "../../core/errors.js";
import type { ControllerLease } from "./journal.js";

interface StoredLease {
  /** `null`: it was given back. */
  readonly holder: string | null;
  readonly epoch: number;
  readonly expires_at: number;
}

/**
 * Who may act on a service.
 *
 * Expiry is wall-clock time of whoever asks, and clocks of machines differ and jump: it only decides when somebody else
 * may take over. What keeps two from acting is the epoch, which grows with every holder and is compared inside the
 * transaction of every write: a holder whose lease was taken, by a clock that is ahead or because its own went back,
 * cannot journal another intent, and so causes no further effect.
 */
export class SqliteLeases {
  private readonly find: Database.Statement<[string], StoredLease>;
  private readonly put: Database.Statement<[string, string | null, number, number]>;

  constructor(database: Database.Database) {
    this.find = database.prepare("SELECT holder, epoch, expires_at FROM leases WHERE service = ?");
    this.put = database.prepare(`
      INSERT INTO leases (service, holder, epoch, expires_at) VALUES (?, ?, ?, ?)
      ON CONFLICT (service) DO UPDATE
      SET holder = excluded.holder, epoch = excluded.epoch, expires_at = excluded.expires_at
    `);
  }

  acquire(service: string, holder: string, now: number, ttlMs: number): ControllerLease {
    const stored = this.find.get(service);
    if (
      stored !== undefined &&
      stored.holder !== null &&
      stored.holder !== holder &&
      stored.expires_at > now
    ) {
      return leaseFrom(service, stored.holder, stored);
    }
    return this.seize(service, holder, now, ttlMs);
  }

  seize(service: string, holder: string, now: number, ttlMs: number): ControllerLease {
    const epoch = this.newest(service) + 1;
    return this.keep({ service, holder, epoch, expiresAt: now + ttlMs });
  }

  renew(lease: ControllerLease, now: number, ttlMs: number): ControllerLease {
    this.fence(lease.service, lease.epoch);
    return this.keep({ ...lease, expiresAt: now + ttlMs });
  }

  read(service: string): ControllerLease | null {
    const stored = this.find.get(service);
    return stored === undefined || stored.holder === null ? null : leaseFrom(service, stored.holder, stored);
  }

  giveBack({ service, epoch }: ControllerLease): void {
    if (this.find.get(service)?.epoch === epoch) this.put.run(service, null, epoch, 0);
  }

  /** 0 before the first. */
  newest(service: string): number {
    return this.find.get(service)?.epoch ?? 0;
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

  private keep(lease: ControllerLease): ControllerLease {
    this.put.run(lease.service, lease.holder, lease.epoch, lease.expiresAt);
    return lease;
  }
}

function leaseFrom(service: string, holder: string, stored: StoredLease): ControllerLease {
  return { service, holder, epoch: stored.epoch, expiresAt: stored.expires_at };
}
