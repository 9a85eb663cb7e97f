import Database from "better-sqlite3";
import { StoreError } from "../core/errors.js";

const RETRY_MS = 20;

/** SQLite does not wait for its busy timeout when two processes switch a new file to WAL at once. */
export function enterWal(database: Database.Database, busyTimeoutMs: number): void {
  // Of a file that is locked in another way it does wait, at every try.
  const start = performance.now();
  while (true) {
    try {
      database.pragma("journal_mode = WAL");
      return;
    } catch (error) {
      const isBusy = error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
      if (!isBusy || performance.now() - start >= busyTimeoutMs) throw error;
      pause();
    }
  }
}

/**
 * Leaves nothing in the files of a database of what was deleted from it: neither in free pages, nor in the gaps of
 * others, nor in the journal. The file is written anew, so this takes time and, for a moment, its size again.
 *
 * @throws {StoreError} when other processes keep reading for longer than `waitMs`; nothing is lost then, and it can be
 *   done again
 */
export function eraseDeleted(database: Database.Database, file: string, waitMs: number): void {
  database.pragma("secure_delete = ON");
  // Otherwise the copy that VACUUM makes lies in a temporary file.
  database.pragma("temp_store = MEMORY");
  database.exec("VACUUM");
  for (let waitedMs = 0; ; waitedMs += RETRY_MS) {
    const [outcome] = database.pragma("wal_checkpoint(TRUNCATE)") as [{ busy: number }];
    if (outcome.busy === 0) return;
    if (waitedMs >= waitMs) {
      throw new StoreError(`${file}: another process keeps reading what was deleted`, {
        nextStep: `Wait until it has ended (fuser ${file} names it), then repeat.`,
      });
    }
    pause();
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
}
