import type Database from "better-sqlite3";
import type { Fact, FactKind, MemoryScope, NewFact } from "./fact.js";

export interface FactRow {
  readonly key: number;
  readonly space: string;
  readonly tenant: string;
  readonly user: string;
  readonly id: string;
  readonly kind: FactKind;
  readonly subject: string;
  readonly attribute: string;
  /** Subject and attribute without regard to case and white space: of each, one fact is current. */
  readonly about: string;
  readonly text: string;
  readonly source: string;
  readonly observed_at: number;
  readonly expires_at: number | null;
  readonly retired_at: number | null;
  readonly replaced_by: string | null;
}

const OF_SCOPE = "space = @space AND tenant = @tenantId AND user = @userId";
const ALIVE = "(expires_at IS NULL OR expires_at > @now)";
const NEWEST_FIRST = "ORDER BY observed_at DESC, key DESC";

/**
 * Every statement on facts, prepared once.
 *
 * @internal Its return type has no name outside the types of the driver.
 */
export function memoryStatements(database: Database.Database) {
  return {
    insert: database.prepare<
      MemoryScope & NewFact & Pick<FactRow, "about"> & Pick<Fact, "retiredAtMs" | "replacedBy">
    >(
      `INSERT INTO facts (space, tenant, user, id, kind, subject, attribute, about, text, source, observed_at, expires_at,
         retired_at, replaced_by)
       VALUES (@space, @tenantId, @userId, @id, @kind, @subject, @attribute, @about, @text, @source, @observedAtMs,
         @expiresAtMs, @retiredAtMs, @replacedBy)`,
    ),
    current: database.prepare<MemoryScope & { now: number; limit: number }, FactRow>(
      `SELECT * FROM facts WHERE ${OF_SCOPE} AND retired_at IS NULL AND ${ALIVE} ${NEWEST_FIRST} LIMIT @limit`,
    ),
    history: database.prepare<MemoryScope & { now: number }, FactRow>(
      `SELECT * FROM facts WHERE ${OF_SCOPE} AND ${ALIVE} ${NEWEST_FIRST}`,
    ),
    currentAbout: database.prepare<MemoryScope & { about: string }, FactRow>(
      `SELECT * FROM facts WHERE ${OF_SCOPE} AND about = @about AND retired_at IS NULL`,
    ),
    olderAbout: database
      .prepare<MemoryScope & { about: string; until: number }, number>(
        `SELECT key FROM facts WHERE ${OF_SCOPE} AND about = @about AND observed_at <= @until`,
      )
      .pluck(),
    confirm: database.prepare<{ key: number; observedAtMs: number; expiresAtMs: number | null }>(
      `UPDATE facts SET observed_at = max(observed_at, @observedAtMs),
         expires_at = CASE WHEN @expiresAtMs IS NULL OR expires_at IS NULL THEN NULL
                           ELSE max(expires_at, @expiresAtMs) END
       WHERE key = @key`,
    ),
    retire: database.prepare<MemoryScope & { id: string; at: number; by: string | null }>(
      `UPDATE facts SET retired_at = @at, replaced_by = @by WHERE ${OF_SCOPE} AND id = @id AND retired_at IS NULL`,
    ),
    matching: database.prepare<
      MemoryScope & { kind: string | null; ids: string | null },
      Pick<FactRow, "key" | "about" | "observed_at">
    >(
      `SELECT key, about, observed_at FROM facts WHERE ${OF_SCOPE} AND (@kind IS NULL OR kind = @kind)
         AND (@ids IS NULL OR id IN (SELECT value FROM json_each(@ids)))`,
    ),
    owner: database.prepare<[string], Pick<FactRow, "space" | "tenant" | "user">>(
      "SELECT space, tenant, user FROM facts WHERE id = ? AND space = ''",
    ),
    sources: database
      .prepare<MemoryScope, string>(`SELECT DISTINCT source FROM facts WHERE ${OF_SCOPE} ORDER BY source`)
      .pluck(),
    vectors: database.prepare<MemoryScope & { model: string }, { id: string; vector: Buffer }>(
      `SELECT id, vector FROM facts JOIN vectors ON fact = key WHERE ${OF_SCOPE} AND model = @model`,
    ),
    putVector: database.prepare<MemoryScope & { id: string; model: string; vector: Buffer }>(
      `INSERT OR REPLACE INTO vectors (fact, model, vector)
       SELECT key, @model, @vector FROM facts WHERE ${OF_SCOPE} AND id = @id`,
    ),
    deleteVectors: database.prepare<[number]>("DELETE FROM vectors WHERE fact = ?"),
    deleteFact: database.prepare<[number]>("DELETE FROM facts WHERE key = ?"),
    deleteSpace: database.prepare<[string]>("DELETE FROM facts WHERE space = ?"),
    sweep: database.prepare<[number]>("DELETE FROM facts WHERE expires_at <= ?"),
  };
}

export function factOf(row: FactRow): Fact {
  return {
    scope: { space: row.space, tenantId: row.tenant, userId: row.user },
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    attribute: row.attribute,
    text: row.text,
    source: row.source,
    observedAtMs: row.observed_at,
    expiresAtMs: row.expires_at,
    retiredAtMs: row.retired_at,
    replacedBy: row.replaced_by,
  };
}
