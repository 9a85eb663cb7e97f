import { join } from "node:path";
import type Database from "better-sqlite3";
import { sha256 } from "../core/hash.js";
import { openSqlite } from "./open-sqlite.js";
import { storeFailure } from "./sqlite-failure.js";

/** Hashes alone: the file says nothing about what is labelled, or by whom. */
const SCHEMA = `
CREATE TABLE leases (
  item TEXT NOT NULL,
  author TEXT NOT NULL,
  owner TEXT NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (item, author)
) STRICT, WITHOUT ROWID;
`;

const BUSY_MS = 10_000;

/** How long an item is kept for whoever looks at it, milliseconds. */
const LEASE_MS = 15 * 60_000;

/** An item of a rubric, and who wants it. */
interface LeaseRequest {
  readonly rubric: string;
  readonly item: string;
  readonly author: string;
}

/**
 * Who looks at which item now, across processes, so that two people do not label the same one by accident. A lease ends
 * when it is released, when its holder closes, or after a quarter of an hour: a process that is killed blocks nobody for long.
 * Every method throws `StoreError` when the file fails.
 */
export interface ItemLeases {
  /**
   * Takes or renews a lease, unless as many others hold one as there are labels missing.
   *
   * @param missing - labels that the item still lacks; asked while no other process can take or release a lease
   * @returns whether the author has the item now
   */
  take(request: LeaseRequest, missing: () => number): boolean;
  release(request: LeaseRequest): void;
  /** Whether another process holds leases of this author. */
  isHeldElsewhere(author: string): boolean;
  /** Releases all that were taken here. */
  close(): void;
}

/** File of leases below the data folder of a project. */
export function leaseFile(dataFolder: string): string {
  return join(dataFolder, "review-leases.db");
}

/**
 * @param owner - unique to the caller
 * @param now - milliseconds since the epoch
 * @throws {StoreError} when the file cannot be opened
 */
export function openItemLeases(file: string, owner: string, now: () => number): ItemLeases {
  const database = openSqlite(file, {
    what: "open the leases of a review",
    schema: SCHEMA,
    version: 1,
    busyTimeoutMs: BUSY_MS,
    pragmas: ["synchronous = OFF"],
  });
  return new SqliteItemLeases(file, database, owner, now);
}

class SqliteItemLeases implements ItemLeases {
  private readonly sql;

  constructor(
    private readonly file: string,
    private readonly database: Database.Database,
    private readonly owner: string,
    private readonly now: () => number,
  ) {
    this.sql = {
      expire: database.prepare<[number]>("DELETE FROM leases WHERE until <= ?"),
      others: database
        .prepare<[string, string], number>("SELECT count(*) FROM leases WHERE item = ? AND author <> ?")
        .pluck(),
      take: database.prepare<[string, string, string, number]>(
        "INSERT OR REPLACE INTO leases (item, author, owner, until) VALUES (?, ?, ?, ?)",
      ),
      release: database.prepare<[string, string, string]>(
        "DELETE FROM leases WHERE item = ? AND author = ? AND owner = ?",
      ),
      elsewhere: database
        .prepare<[string, string, number], number>(
          "SELECT count(*) FROM leases WHERE author = ? AND owner <> ? AND until > ?",
        )
        .pluck(),
      releaseAll: database.prepare<[string]>("DELETE FROM leases WHERE owner = ?"),
    };
  }

  take(request: LeaseRequest, missing: () => number): boolean {
    const item = itemKey(request);
    const author = sha256(request.author);
    return this.attempt("lease an item", () => {
      this.sql.expire.run(this.now());
      if ((this.sql.others.get(item, author) ?? 0) >= missing()) return false;
      this.sql.take.run(item, author, this.owner, this.now() + LEASE_MS);
      return true;
    });
  }

  release(request: LeaseRequest): void {
    this.attempt("release an item", () =>
      this.sql.release.run(itemKey(request), sha256(request.author), this.owner),
    );
  }

  isHeldElsewhere(author: string): boolean {
    return this.attempt(
      "read leases",
      () => (this.sql.elsewhere.get(sha256(author), this.owner, this.now()) ?? 0) > 0,
    );
  }

  close(): void {
    if (!this.database.open) return;
    this.attempt("release items", () => this.sql.releaseAll.run(this.owner));
    this.database.close();
  }

  private attempt<T>(action: string, work: () => T): T {
    try {
      return this.database.transaction(work).immediate();
    } catch (error) {
      throw storeFailure(this.file, action, error);
    }
  }
}

function itemKey({ rubric, item }: LeaseRequest): string {
  return sha256(JSON.stringify([rubric, item]));
}
