import Database from "better-sqlite3";
import { StoreError } from "../../core/errors.js";
import { storeFailure } from "../../store/sqlite-failure.js";

const WITHOUT =
  "To take traffic off meanwhile: agentctl canary rollback --force --reason, which needs no journal.";

/** A failure of the journal's file, with what to do: a new one must not be made in its place while a release is live. */
export function journalFailure(file: string, action: string, error: unknown): Error {
  const failure = storeFailure(file, action, error);
  const cause = failure instanceof StoreError ? failure.cause : null;
  const nextStep = cause instanceof Database.SqliteError ? nextStepOf(cause, file) : null;
  return nextStep === null ? failure : new StoreError(failure.message, { cause, nextStep });
}

function nextStepOf(
  { code, message }: InstanceType<typeof Database.SqliteError>,
  file: string,
): string | null {
  if (code === "SQLITE_FULL" || code === "SQLITE_IOERR_WRITE")
    return `Nothing of this write was kept. Free space on that disk, then repeat the command. ${WITHOUT}`;
  if (code.startsWith("SQLITE_BUSY"))
    return `A controller that hangs keeps it locked: end that process, which agentctl canary status names, then repeat. ${WITHOUT}`;
  if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB")
    return `Restore a copy of ${file}, with its -wal file: a new one knows nothing of a live release. ${WITHOUT}`;
  if (code.startsWith("SQLITE_READONLY") || code === "SQLITE_PERM" || code === "SQLITE_CANTOPEN")
    return `Make ${file} and its folder writable. ${WITHOUT}`;
  if (message.startsWith("no such table"))
    return `${file} is a database of something else: correct \`journal\` in release.yaml. ${WITHOUT}`;
  return null;
}
