import { existsSync } from "node:fs";
import Database from "better-sqlite3";
import { StoreError } from "../../core/errors.js";
import { openSqliteStore } from "../../store/sqlite-store.js";
import type { RunOwner } from "../../store/store.js";
import { isAlive } from "../run/claim-run.js";

const CLAIMS = "SELECT runs.id, host, pid FROM claims JOIN runs ON runs.key = claims.run ORDER BY runs.key";

/**
 * An eval holds in its memory what it read before a deletion, and would write it after.
 *
 * @param history - file of the run history
 * @throws {StoreError} while a process executes a run; nothing was removed by this call then
 */
export function refuseWhileEvalsRun(history: string): void {
  if (!existsSync(history)) return;
  // Brings the tables of an older agentctl up to date.
  openSqliteStore(history).close();
  const database = new Database(history);
  try {
    const running = database.prepare<[], RunOwner & { id: string }>(CLAIMS).all().find(isAlive);
    if (running === undefined) return;
    throw new StoreError(
      `run ${running.id} is being executed by process ${running.pid} on ${running.host}, which may hold texts of the user and write them again`,
      { nextStep: "Wait for it, or stop that process, then repeat: what is done stays done." },
    );
  } finally {
    database.close();
  }
}
