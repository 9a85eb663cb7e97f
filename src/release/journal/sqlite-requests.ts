import type Database from "better-sqlite3";
import { canonicalJson } from "../../core/hash.js";
import { OF_ONE_STATE, type ReleaseRequest } from "./journal.js";

interface StoredRequest {
  readonly id: number;
  readonly release_id: string;
  readonly at: string;
  readonly event: string;
}

/** What people asked for and no controller has answered yet. */
export class SqliteRequests {
  private readonly add: Database.Statement<[string, string, string, string, string]>;
  private readonly open: Database.Statement<[string], StoredRequest>;
  private readonly close: Database.Statement<[number]>;
  private readonly closeStale: Database.Statement<[string, string]>;
  private readonly find: Database.Statement<[number], { release_id: string }>;

  constructor(database: Database.Database) {
    this.add = database.prepare(`
      INSERT INTO requests (release_id, at, event, type, state, is_open) VALUES (?, ?, ?, ?, ?, 1)
      ON CONFLICT DO NOTHING
    `);
    this.open = database.prepare(`
      SELECT id, release_id, at, event FROM requests WHERE release_id = ? AND is_open = 1
      ORDER BY type <> 'abort-requested', id
    `);
    this.close = database.prepare("UPDATE requests SET is_open = 0 WHERE id = ?");
    this.closeStale = database.prepare(`
      UPDATE requests SET is_open = 0
      WHERE release_id = ? AND is_open = 1 AND state <> ? AND type IN (${OF_ONE_STATE.map((type) => `'${type}'`).join(", ")})
    `);
    this.find = database.prepare("SELECT release_id FROM requests WHERE id = ?");
  }

  leave(releaseId: string, at: string, event: ReleaseRequest["event"], state: string): void {
    this.add.run(releaseId, at, canonicalJson(event), event.type, state);
  }

  list(releaseId: string): ReleaseRequest[] {
    return this.open.all(releaseId).map((stored) => ({
      id: stored.id,
      releaseId: stored.release_id,
      at: stored.at,
      event: JSON.parse(stored.event) as ReleaseRequest["event"],
    }));
  }

  /** Takes off the list what was meant for a state that is over. */
  leaveState(releaseId: string, state: string): void {
    this.closeStale.run(releaseId, state);
  }

  releaseOf(requestId: number): string | null {
    return this.find.get(requestId)?.release_id ?? null;
  }

  answer(requestId: number): void {
    this.close.run(requestId);
  }
}
