import Database from "better-sqlite3";
import { AgentctlError, StoreError } from "../core/errors.js";

interface Explanation {
  readonly what: string;
  readonly nextStep: string;
}

function explain(code: string, file: string): Explanation {
  if (code === "SQLITE_FULL" || code === "SQLITE_IOERR_WRITE") {
    return {
      what: "the disk is full or a size limit was reached",
      nextStep:
        "Free space (agentctl runs rm <run> lets later runs use its space again), then repeat with --resume.",
    };
  }
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
    return {
      what: "another process kept it locked",
      nextStep: `Wait for the other agentctl to finish (fuser ${file} names it), then repeat.`,
    };
  }
  if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB") {
    return {
      what: "the file is damaged or not an SQLite database",
      nextStep: `Move ${file} (with its -wal and -shm files) away or restore a copy; a new store is created at once.`,
    };
  }
  if (code.startsWith("SQLITE_READONLY") || code === "SQLITE_PERM" || code === "SQLITE_AUTH") {
    return {
      what: "the file or its folder cannot be written",
      nextStep: `Make ${file} and its folder writable.`,
    };
  }
  if (code.startsWith("SQLITE_CANTOPEN")) {
    return {
      what: "the file cannot be opened or created",
      nextStep: `Check that ${file} is a file, not a folder, and that you may write to its folder.`,
    };
  }
  if (code.startsWith("SQLITE_IOERR")) {
    return {
      what: "the disk reported an error",
      nextStep: `Check the disk and the file system that hold ${file}.`,
    };
  }
  return { what: "SQLite refused", nextStep: `Run sqlite3 ${file} "PRAGMA integrity_check" and repeat.` };
}

/** A failure of the file system or of SQLite as a `StoreError` that names the file and the next step. */
export function storeFailure(file: string, action: string, error: unknown): Error {
  if (error instanceof AgentctlError) return error;
  if (error instanceof Database.SqliteError) {
    const { what, nextStep } = explain(error.code, file);
    const message = `${file}: cannot ${action}: ${what} (${error.code}: ${error.message})`;
    return new StoreError(message, { cause: error, nextStep });
  }
  if (error instanceof Error && "syscall" in error) {
    return new StoreError(`${file}: cannot ${action}: ${error.message}`, {
      cause: error,
      nextStep: "Check the path `store` of agentctl.yaml and the rights of its folder.",
    });
  }
  return error instanceof Error ? error : new Error(String(error));
}

/** Whether a row was refused because the run that it belongs to is gone. */
export function isForeignKeyFailure(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code === "SQLITE_CONSTRAINT_FOREIGNKEY";
}
