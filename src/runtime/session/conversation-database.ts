import { join } from "node:path";
import type Database from "better-sqlite3";
import { openSqlite } from "../../store/open-sqlite.js";

/**
 * Pages in the journal before SQLite moves them into the file, 40 MB. That stops every conversation for some
 * milliseconds, and the more seldom it happens the fewer pages are moved: the same few are written over and over.
 */
const CHECKPOINT_PAGES = 10_000;

/** Few indexes: each costs every step of every conversation a page, and few questions are asked across conversations. */
const SCHEMA = `
CREATE TABLE sessions (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  user TEXT,
  agent TEXT NOT NULL,
  agent_version TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 0,
  turn_open INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  holder_host TEXT,
  holder_pid INTEGER,
  holder_token TEXT,
  holder_until INTEGER
) STRICT;
CREATE INDEX sessions_by_user ON sessions (tenant, user);
CREATE TABLE messages (
  session INTEGER NOT NULL REFERENCES sessions (key) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (session, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE notes (
  session INTEGER NOT NULL REFERENCES sessions (key) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (session, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE inbox (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL REFERENCES sessions (key) ON DELETE CASCADE,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX inbox_by_session ON inbox (session, number);
CREATE TABLE effects (
  number INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  conversation TEXT NOT NULL,
  tenant TEXT NOT NULL,
  user TEXT,
  turn INTEGER NOT NULL,
  step INTEGER NOT NULL,
  call TEXT NOT NULL,
  tool TEXT NOT NULL,
  arguments TEXT NOT NULL,
  compensates TEXT,
  status TEXT NOT NULL,
  outcome TEXT,
  detail TEXT NOT NULL,
  intended_at INTEGER NOT NULL,
  settled_at INTEGER
) STRICT;
CREATE INDEX effects_by_conversation ON effects (conversation, number);
CREATE TABLE flows (
  conversation TEXT NOT NULL,
  turn INTEGER NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (conversation, turn)
) STRICT, WITHOUT ROWID;
`;

/** File of conversations and their side effects below the data folder of a project. */
export function conversationFile(dataFolder: string): string {
  return join(dataFolder, "conversations.db");
}

/**
 * Opens the file of conversations, creating it and its folder when missing. Sessions and the ledger share it, so that
 * what the journal syncs to the disk takes every message before it along.
 *
 * @param synchronous - FULL survives a power cut with every commit; NORMAL a kill of the process
 * @throws {StoreError} when it cannot be opened, is damaged, or was written by a newer agentctl
 */
export function openConversationDatabase(file: string, synchronous: "FULL" | "NORMAL"): Database.Database {
  return openSqlite(file, {
    what: "open the conversations",
    schema: SCHEMA,
    version: 1,
    busyTimeoutMs: 10_000,
    pragmas: [`synchronous = ${synchronous}`, `wal_autocheckpoint = ${CHECKPOINT_PAGES}`],
  });
}

/** Writes what was deleted out of the journal of the file as well. */
export function truncateJournal(database: Database.Database): void {
  database.pragma("wal_checkpoint(TRUNCATE)");
}
