import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { StoreError } from "../core/errors.js";
import { storeFailure } from "./sqlite-failure.js";
import { enterWal } from "./sqlite-wal.js";

/** What is kept in a file, and how. */
export interface SqliteFile {
  /** What a message calls it: "open the memory". */
  readonly what: string;
  /** Statements that make the tables of a new file. */
  readonly schema: string;
  /** Of the schema, kept in the file; an integer of at least 1. */
  readonly version: number;
  /** How long a writer waits for another one, milliseconds. */
  readonly busyTimeoutMs: number;
  /** Set for the connection, each as `name = value`. */
  readonly pragmas: readonly string[];
}

/**
 * Opens a SQLite file with a write-ahead log, creating it, its folder and its tables when missing; `:memory:` keeps it in
 * the process. What is deleted in it is overwritten: a person may have asked for it.
 *
 * @throws {StoreError} when it cannot be opened, is damaged, or was written by a newer agentctl
 */
export function openSqlite(
  file: string,
  { what, schema, version, busyTimeoutMs, pragmas }: SqliteFile,
): Database.Database {
  try {
    if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
    const database = new Database(file, { timeout: busyTimeoutMs });
    try {
      enterWal(database, busyTimeoutMs);
      for (const pragma of ["foreign_keys = ON", "secure_delete = ON", ...pragmas]) database.pragma(pragma);
      createTables(database, file, schema, version);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw storeFailure(file, what, error);
  }
}

/** A file that has its tables is opened without the lock of a writer: one that hangs must not keep readers out. */
function createTables(database: Database.Database, file: string, schema: string, wanted: number): void {
  if (versionOf(database) === wanted) return;
  database
    .transaction(() => {
      const version = versionOf(database);
      if (version > wanted) {
        throw new StoreError(`${file}: expected schema version ${wanted}, found ${version}`, {
          nextStep: "Update agentctl: a newer one wrote this file.",
        });
      }
      if (version === wanted) return;
      database.exec(schema);
      database.pragma(`user_version = ${wanted}`);
    })
    .immediate();
}

function versionOf(database: Database.Database): number {
  return database.pragma("user_version", { simple: true }) as number;
}
