import type Database from "better-sqlite3";
import type { NewSession, SessionOwner } from "./session-store.js";

export interface SessionRow {
  readonly key: number;
  readonly id: string;
  readonly tenant: string;
  readonly user: string | null;
  readonly agent: string;
  readonly agent_version: string;
  readonly version: number;
  readonly turn_open: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly messages: number;
  readonly queued: number;
}

interface HolderRow {
  readonly host: string;
  readonly pid: number;
  readonly token: string;
  readonly until: number;
}

const COLUMNS = `key, id, tenant, user, agent, agent_version, version, turn_open, created_at, updated_at,
  (SELECT count(*) FROM messages WHERE session = sessions.key) AS messages,
  (SELECT count(*) FROM inbox WHERE session = sessions.key) AS queued`;

/** Those of the session, and of its specialists: `<session>/<specialist>`; 0 is the character after the slash. */
const OF_SESSION = `(conversation = @id OR (conversation > @id || '/' AND conversation < @id || '0'
  AND conversation NOT IN (SELECT id FROM sessions)))`;

/** @internal As {@link sessionStatements}. */
export type SessionStatements = ReturnType<typeof sessionStatements>;

/**
 * Every statement on sessions, prepared once.
 *
 * @internal Its return type has no name outside the types of the driver.
 */
export function sessionStatements(database: Database.Database) {
  return {
    create: database.prepare<NewSession & { now: number }>(
      `INSERT INTO sessions (id, tenant, user, agent, agent_version, created_at, updated_at)
       VALUES (@id, @tenantId, @userId, @agentName, @agentVersion, @now, @now)`,
    ),
    find: database.prepare<[string], SessionRow>(`SELECT ${COLUMNS} FROM sessions WHERE id = ?`),
    list: database.prepare<
      { tenant: string | null; anyTenant: number; user: string | null; anyUser: number; limit: number },
      SessionRow
    >(
      `SELECT ${COLUMNS} FROM sessions WHERE (@anyTenant OR tenant = @tenant) AND (@anyUser OR user IS @user)
       ORDER BY updated_at DESC, key DESC LIMIT @limit`,
    ),
    messages: database
      .prepare<[string], string>(
        `SELECT body FROM messages JOIN sessions ON session = sessions.key WHERE id = ? ORDER BY number`,
      )
      .pluck(),
    bodies: database
      .prepare<[number], string>("SELECT body FROM messages WHERE session = ? ORDER BY number")
      .pluck(),
    notes: database.prepare<[number], { readonly name: string; readonly value: string }>(
      "SELECT name, value FROM notes WHERE session = ?",
    ),
    // The row moves on only for the holder that saw its last version.
    step: database.prepare<{ key: number; version: number; token: string; now: number }>(
      `UPDATE sessions SET version = version + 1, updated_at = @now
       WHERE key = @key AND version = @version AND holder_token = @token`,
    ),
    append: database.prepare<[number, number, string]>(
      "INSERT INTO messages (session, number, body) VALUES (?, ?, ?)",
    ),
    setNote: database.prepare<[number, string, string]>(
      `INSERT INTO notes (session, name, value) VALUES (?, ?, ?)
       ON CONFLICT (session, name) DO UPDATE SET value = excluded.value`,
    ),
    removeNote: database.prepare<[number, string]>("DELETE FROM notes WHERE session = ? AND name = ?"),
    turn: database.prepare<[number, number]>("UPDATE sessions SET turn_open = ? WHERE key = ?"),
    enqueue: database.prepare<[number, string]>("INSERT INTO inbox (session, text) VALUES (?, ?)"),
    next: database.prepare<[string], { readonly number: number; readonly text: string }>(
      `SELECT number, text FROM inbox WHERE session = (SELECT key FROM sessions WHERE id = ?)
       ORDER BY number LIMIT 1`,
    ),
    dequeue: database.prepare<[number]>("DELETE FROM inbox WHERE number = ?"),
    holder: database.prepare<[string], HolderRow>(
      `SELECT holder_host AS host, holder_pid AS pid, holder_token AS token, holder_until AS until
       FROM sessions WHERE id = ? AND holder_token IS NOT NULL`,
    ),
    hold: database.prepare<SessionOwner & { key: number; until: number }>(
      `UPDATE sessions SET holder_host = @host, holder_pid = @pid, holder_token = @token, holder_until = @until,
         version = version + 1 WHERE key = @key`,
    ),
    renew: database.prepare<{ id: string; token: string; until: number }>(
      "UPDATE sessions SET holder_until = @until WHERE id = @id AND holder_token = @token",
    ),
    release: database.prepare<{ id: string; token: string }>(
      `UPDATE sessions SET holder_host = NULL, holder_pid = NULL, holder_token = NULL, holder_until = NULL
       WHERE id = @id AND holder_token = @token`,
    ),
    keysOfId: database.prepare<[string], { readonly key: number; readonly id: string }>(
      "SELECT key, id FROM sessions WHERE id = ?",
    ),
    keysOfUser: database.prepare<[string, string], { readonly key: number; readonly id: string }>(
      "SELECT key, id FROM sessions WHERE tenant = ? AND user = ?",
    ),
    deleteMessages: database.prepare<[number]>("DELETE FROM messages WHERE session = ?"),
    deleteNotes: database.prepare<[number]>("DELETE FROM notes WHERE session = ?"),
    deleteQueue: database.prepare<[number]>("DELETE FROM inbox WHERE session = ?"),
    deleteSession: database.prepare<[number]>("DELETE FROM sessions WHERE key = ?"),
    deleteEffects: database.prepare<[{ readonly id: string }]>(`DELETE FROM effects WHERE ${OF_SESSION}`),
    deleteFlows: database.prepare<[{ readonly id: string }]>(`DELETE FROM flows WHERE ${OF_SESSION}`),
    deleteEffectsOfUser: database.prepare<[string, string]>(
      "DELETE FROM effects WHERE tenant = ? AND user = ?",
    ),
    deleteFlowsOfUser: database.prepare<[string, string]>(
      "DELETE FROM flows WHERE conversation IN (SELECT conversation FROM effects WHERE tenant = ? AND user = ?)",
    ),
  };
}
