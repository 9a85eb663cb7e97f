import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { StoreError } from "../core/errors.js";
import { enterWal } from "./sqlite-wal.js";

/**
 * Statements that lead from each schema version to the next; the index is the version they start from.
 * A migration that was released is never edited: add one.
 */
const migrations = [
  // A plan and the bodies of trials stand in tables of their own, so that lists and counts never read them.
  `
  CREATE TABLE runs (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    suite TEXT NOT NULL,
    created_at TEXT NOT NULL,
    finished_at TEXT,
    status TEXT NOT NULL,
    planned INTEGER NOT NULL,
    header TEXT NOT NULL
  ) STRICT;
  CREATE INDEX runs_by_time ON runs (created_at, key);
  CREATE TABLE plans (
    run INTEGER PRIMARY KEY REFERENCES runs (key) ON DELETE CASCADE,
    plan TEXT NOT NULL
  ) STRICT;
  CREATE TABLE tags (
    run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (run, tag)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tags_by_name ON tags (tag, run);
  CREATE TABLE trials (
    run INTEGER NOT NULL REFERENCES runs (key),
    case_id TEXT NOT NULL,
    trial INTEGER NOT NULL,
    status TEXT NOT NULL,
    passed INTEGER,
    body INTEGER NOT NULL,
    PRIMARY KEY (run, case_id, trial)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE bodies (
    id INTEGER PRIMARY KEY,
    scores TEXT NOT NULL,
    trial TEXT NOT NULL
  ) STRICT;
  CREATE TABLE cases (
    hash TEXT NOT NULL PRIMARY KEY,
    content TEXT NOT NULL
  ) STRICT;
  CREATE TABLE responses (
    key TEXT NOT NULL PRIMARY KEY,
    reply TEXT NOT NULL
  ) STRICT;
  `,
  // Which process executes a run, so that no second one pays for its trials again.
  `
  CREATE TABLE claims (
    run INTEGER PRIMARY KEY REFERENCES runs (key) ON DELETE CASCADE,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL
  ) STRICT;
  `,
  // Scores apart from the texts of trials: a comparison reads those of a whole run, five to a page rather than one.
  `
  CREATE TABLE scores (
    body INTEGER PRIMARY KEY,
    row TEXT NOT NULL
  ) STRICT;
  INSERT INTO scores (body, row) SELECT id, scores FROM bodies ORDER BY id;
  ALTER TABLE bodies DROP COLUMN scores;
  `,
  // What the rows of a run repeat: names of metrics, and why there is no score.
  `
  CREATE TABLE words (
    run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (run, number),
    UNIQUE (run, word)
  ) STRICT, WITHOUT ROWID;
  `,
] as const;

const SCHEMA_VERSION = migrations.length;

/** Opens the file, creates it and its folder when missing, and brings its schema up to date. */
export function openDatabase(file: string, busyTimeoutMs: number): Database.Database {
  mkdirSync(dirname(file), { recursive: true });
  const database = new Database(file, { timeout: busyTimeoutMs });
  try {
    refuseNewerSchema(database, file);
    enterWal(database, busyTimeoutMs);
    // NORMAL keeps every commit through a kill of the process; a power cut may lose the last ones.
    database.pragma("synchronous = NORMAL");
    database.pragma("foreign_keys = ON");
    migrate(database, file);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function versionOf(database: Database.Database): number {
  return database.pragma("user_version", { simple: true }) as number;
}

function refuseNewerSchema(database: Database.Database, file: string): void {
  const version = versionOf(database);
  if (version <= SCHEMA_VERSION) return;
  throw new StoreError(`${file}: expected schema version ${SCHEMA_VERSION} or older, found ${version}`, {
    nextStep: "Update agentctl (a newer one wrote this store), or point `store` of agentctl.yaml elsewhere.",
  });
}

function migrate(database: Database.Database, file: string): void {
  if (versionOf(database) === SCHEMA_VERSION) return;
  database
    .transaction(() => {
      // Another process may have migrated, even to a newer schema, while this one waited for the lock.
      refuseNewerSchema(database, file);
      for (const migration of migrations.slice(versionOf(database))) database.exec(migration);
      database.pragma(`user_version = ${SCHEMA_VERSION}`);
    })
    .immediate();
}
