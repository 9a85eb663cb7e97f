import { join } from "node:path";
import type Database from "better-sqlite3";
import { openSqlite } from "../../store/open-sqlite.js";

export const MEMORY_BUSY_MS = 10_000;

const SCHEMA = `
CREATE TABLE facts (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  space TEXT NOT NULL,
  tenant TEXT NOT NULL,
  user TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  attribute TEXT NOT NULL,
  about TEXT NOT NULL,
  text TEXT NOT NULL,
  source TEXT NOT NULL,
  observed_at INTEGER NOT NULL,
  expires_at INTEGER,
  retired_at INTEGER,
  replaced_by TEXT,
  UNIQUE (space, tenant, user, id)
) STRICT;
CREATE UNIQUE INDEX facts_current ON facts (space, tenant, user, about) WHERE retired_at IS NULL;
CREATE INDEX facts_by_time ON facts (space, tenant, user, observed_at) WHERE retired_at IS NULL;
CREATE INDEX facts_by_expiry ON facts (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE vectors (
  fact INTEGER NOT NULL REFERENCES facts (key) ON DELETE CASCADE,
  model TEXT NOT NULL,
  vector BLOB NOT NULL,
  PRIMARY KEY (fact, model)
) STRICT, WITHOUT ROWID;
`;

/** File of what is remembered of users, below the data folder of a project. */
export function memoryFile(dataFolder: string): string {
  return join(dataFolder, "memory.db");
}

/**
 * Opens the file, creating it and its folder when missing; `:memory:` keeps it in the process.
 *
 * @throws {StoreError} when it cannot be opened, is damaged, or was written by a newer agentctl
 */
export function openMemoryDatabase(file: string): Database.Database {
  return openSqlite(file, {
    what: "open the memory",
    schema: SCHEMA,
    version: 1,
    busyTimeoutMs: MEMORY_BUSY_MS,
    pragmas: ["synchronous = NORMAL"],
  });
}
