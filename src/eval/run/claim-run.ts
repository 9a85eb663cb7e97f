import { hostname } from "node:os";
import { StoreError, UsageError } from "../../core/errors.js";
import type { RunOwner, Store } from "../../store/store.js";

/**
 * Takes a run for this process, so that no trial is executed and paid for twice.
 *
 * @returns gives the run back
 * @throws {UsageError} while another process executes it
 */
export function claimRun(store: Store, runId: string): () => void {
  const owner: RunOwner = { host: hostname(), pid: process.pid };
  const holder = store.claimRun(runId, owner, isAlive);
  if (holder === null) return () => release(store, runId, owner);
  throw new UsageError(`run ${runId} is being executed by process ${holder.pid} on ${holder.host}`, {
    nextStep: "wait for it, or stop that process, then resume the run",
  });
}

/** A claim that cannot be given back (the disk is full) ends with this process: it must not hide why. */
function release(store: Store, runId: string, owner: RunOwner): void {
  try {
    store.releaseRun(runId, owner);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  }
}

/** A process of another machine is taken for alive: from here nobody can tell. */
export function isAlive({ host, pid }: RunOwner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
