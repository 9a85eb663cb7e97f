import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { StoreError } from "../../core/errors.js";
import { storeFailure } from "../../store/sqlite-failure.js";

const SCHEMA_VERSION = 1;
const BUSY_TIMEOUT_MS = 10_000;
const WAL_RETRY_MS = 20;
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
  try {
    if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
    const database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    try {
      enterWal(database);
      database.pragma(`synchronous = ${synchronous}`);
      database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
      database.pragma("foreign_keys = ON");
      // What is deleted is overwritten: a person may have asked for it.
      database.pragma("secure_delete = ON");
      createTables(database, file);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw storeFailure(file, "open the conversations", error);
  }
}

/** Writes what was deleted out of the journal of the file as well. */
export function truncateJournal(database: Database.Database): void {
  database.pragma("wal_checkpoint(TRUNCATE)");
}

/** SQLite does not wait for its busy timeout when two processes switch a new file to WAL at once. */
function enterWal(database: Database.Database): void {
  for (let waitedMs = 0; ; waitedMs += WAL_RETRY_MS) {
    try {
      database.pragma("journal_mode = WAL");
      return;
    } catch (error) {
      const isBusy = error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
      if (!isBusy || waitedMs >= BUSY_TIMEOUT_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAL_RETRY_MS);
    }
  }
}

function createTables(database: Database.Database, file: string): void {
  database
    .transaction(() => {
      const version = database.pragma("user_version", { simple: true }) as number;
      if (version > SCHEMA_VERSION) {
        throw new StoreError(`${file}: expected schema version ${SCHEMA_VERSION}, found ${version}`, {
          nextStep: "Update agentctl: a newer one wrote this file.",
        });
      }
      if (version === SCHEMA_VERSION) return;
      database.exec(SCHEMA);
      database.pragma(`user_version = ${SCHEMA_VERSION}`);
    })
    .immediate();
}
