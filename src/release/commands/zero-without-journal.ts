import { setTimeout } from "node:timers/promises";
import type { Clock } from "../../core/clock.js";
import { RouterError } from "../../core/errors.js";
import type { CanaryRollback } from "../../report/schemas/canary-command.js";
import type { Split, TrafficRouter } from "../routers/router.js";

/** Of a router that never had one; at 0 it draws nothing. */
const ANY_SALT = "rollback";
const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 10_000;

/** What taking traffic back without a journal needs. */
export interface ZeroParts {
  readonly actor: string;
  readonly reason: string;
  /** Why there is no journal, one sentence. */
  readonly problem: string;
  readonly openRouter: () => TrafficRouter;
  readonly clock: Pick<Clock, "monotonic">;
  /** Milliseconds; left out: for ever. */
  readonly timeoutMs?: number | undefined;
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Sets the split to 0 and reads it back, again and again until that is confirmed, though nothing of it can be recorded: a
 * full disk or a lost journal must not keep traffic on a version that is to go. Asks no arm whether it answers.
 *
 * @throws {RouterError} when it is not confirmed in time
 */
export async function zeroWithoutJournal(parts: ZeroParts): Promise<CanaryRollback> {
  const { actor, reason, problem, clock, timeoutMs = Number.POSITIVE_INFINITY, note, signal } = parts;
  const start = clock.monotonic();
  const router = parts.openRouter();
  try {
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(MOST_WAIT_MS, 2 * waitMs)) {
      const result = await attempt(router, signal);
      if (typeof result !== "string") {
        const notes = [
          `it was ${result.bps / 100} %; nothing of this stands in the journal, which cannot be used: ${problem}`,
          "a controller that still runs finds another split than its own, and pauses; repeat the command when the journal is back",
        ];
        const untold = { releaseId: null, state: null, stable: null };
        return { ...untold, outcome: "rolled-back", by: "command", actor, reason, splitBps: 0, notes };
      }
      if (clock.monotonic() - start + waitMs > timeoutMs) {
        throw new RouterError(
          "ROUTER_FAILED",
          `rollback not confirmed within ${timeoutMs / 1000} s: ${result}`,
          {
            nextStep: "Repeat the command, or set the split to 0 at the router by hand.",
          },
        );
      }
      note(`not yet: ${result}; repeated until it is confirmed`);
      await setTimeout(waitMs, undefined, { signal });
    }
  } finally {
    await router.close();
  }
}

/** @returns what it was, or one sentence of what went wrong */
async function attempt(router: TrafficRouter, signal: AbortSignal): Promise<Split | string> {
  try {
    const before = await router.get(signal);
    await router.set(
      { bps: 0, salt: before.salt === null || before.salt === "" ? ANY_SALT : before.salt },
      signal,
    );
    const after = await router.get(signal);
    return after.bps === 0 ? before : `set to 0 %, but ${after.bps / 100} % is read back`;
  } catch (error) {
    if (!(error instanceof RouterError)) throw error;
    return error.message;
  }
}
