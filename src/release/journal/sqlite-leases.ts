import type Database from "better-sqlite3";
import type { KeptLease, LeaseTable } from "./journal-leases.js";

/** Leases in a table of SQLite. */
export class SqliteLeases implements LeaseTable {
  private readonly finding: Database.Statement<[string], KeptLease>;
  private readonly putting: Database.Statement<[string, string | null, number, number]>;

  constructor(database: Database.Database) {
    this.finding = database.prepare(
      "SELECT holder, epoch, expires_at AS expiresAt FROM leases WHERE service = ?",
    );
    this.putting = database.prepare(`
      INSERT INTO leases (service, holder, epoch, expires_at) VALUES (?, ?, ?, ?)
      ON CONFLICT (service) DO UPDATE
      SET holder = excluded.holder, epoch = excluded.epoch, expires_at = excluded.expires_at
    `);
  }

  find(service: string): KeptLease | undefined {
    return this.finding.get(service);
  }

  put(service: string, { holder, epoch, expiresAt }: KeptLease): void {
    this.putting.run(service, holder, epoch, expiresAt);
  }
}
