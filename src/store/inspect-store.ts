import { statSync } from "node:fs";
import Database from "better-sqlite3";
import type { RunStatus } from "../core/run.js";
import { storeFailure } from "./sqlite-failure.js";
import type { RunOwner } from "./store.js";

/** A run that is not complete. */
export interface UnfinishedRun {
  readonly id: string;
  readonly status: RunStatus;
  /** Who executes it, or did when it was killed; `null` when nobody took it. */
  readonly owner: RunOwner | null;
}

/** How the file of a run history is. */
export interface StoreHealth {
  readonly bytes: number;
  /** Of the write-ahead log beside it. */
  readonly walBytes: number;
  readonly schemaVersion: number;
  /** What SQLite finds wrong in it, at most three sentences; `null` when it was too large to look. */
  readonly damage: readonly string[] | null;
  /** Newest first; empty where the tables are of an older schema. */
  readonly unfinished: readonly UnfinishedRun[];
}

/**
 * Looks at the file of a run history, or another SQLite file of agentctl, without changing it.
 *
 * @param mostBytesToCheck - a larger file is not read through
 * @throws {StoreError} when it cannot be opened
 */
export function inspectStore(file: string, mostBytesToCheck: number): StoreHealth {
  try {
    const database = new Database(file, { readonly: true, fileMustExist: true, timeout: 2000 });
    try {
      const bytes = statSync(file).size;
      const found =
        bytes > mostBytesToCheck
          ? null
          : (database.pragma("quick_check(3)") as { quick_check: string }[]).map((row) => row.quick_check);
      return {
        bytes,
        walBytes: statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0,
        schemaVersion: database.pragma("user_version", { simple: true }) as number,
        damage: found?.filter((line) => line !== "ok") ?? null,
        unfinished: hasTables(database) ? unfinishedRuns(database) : [],
      };
    } finally {
      database.close();
    }
  } catch (error) {
    throw storeFailure(file, "look at the store", error);
  }
}

/** Version of the SQLite library. */
export function sqliteVersion(): string {
  const database = new Database(":memory:");
  try {
    return database.prepare<[], string>("SELECT sqlite_version()").pluck().get() ?? "unknown";
  } finally {
    database.close();
  }
}

function hasTables(database: Database.Database): boolean {
  const tables = database
    .prepare<[], string>("SELECT name FROM sqlite_master WHERE name IN ('runs', 'claims')")
    .pluck()
    .all();
  return tables.length === 2;
}

function unfinishedRuns(database: Database.Database): readonly UnfinishedRun[] {
  return database
    .prepare<[], { id: string; status: RunStatus; host: string | null; pid: number | null }>(
      `SELECT id, status, host, pid FROM runs LEFT JOIN claims ON claims.run = runs.key
       WHERE status <> 'complete' ORDER BY created_at DESC, key DESC`,
    )
    .all()
    .map(({ id, status, host, pid }) => ({
      id,
      status,
      owner: host === null || pid === null ? null : { host, pid },
    }));
}
