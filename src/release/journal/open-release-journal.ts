import type { ReleaseJournal } from "./journal.js";
import { SqliteJournal } from "./sqlite-journal.js";

/**
 * Opens the journal of releases, creating it when missing. Every confirmed write survives a SIGKILL and a power cut;
 * `:memory:` keeps it in this process instead, for tests.
 *
 * @throws {StoreError} when it cannot be opened, is damaged, or was written by a newer agentctl
 */
export function openReleaseJournal(file: string): ReleaseJournal {
  return new SqliteJournal(file);
}
