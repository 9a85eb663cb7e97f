import { RouterError } from "../../core/errors.js";
import { ALL_BPS } from "../../core/traffic-split.js";
import type { JournalRow } from "../journal/journal.js";
import type { ReleasePlan } from "../plan/release-plan.js";
import type { Split } from "../routers/router.js";
import { hasNoTraffic, SET_SPLIT } from "./history.js";
import type { RowNote } from "./release-desk.js";
import type { Turn } from "./turn.js";

/** What a router was asked for and came to. */
export type SplitResult =
  | { readonly ok: true; readonly split: Split }
  | { readonly ok: false; readonly reason: string; readonly isConflict: boolean };

/** What setting a split touches. */
interface SplitTurn extends Pick<Turn, "desk" | "signal"> {
  readonly ports: Pick<Turn["ports"], "router">;
}

/** Reads the split from the router itself. */
export async function readSplit({ ports, signal }: Turn): Promise<SplitResult> {
  return attempt(() => ports.router.get(signal));
}

/** Whether a router has a split. At 0 the salt draws nothing; a router that cannot tell its salt is believed. */
export function isSplit(found: Split, bps: number, salt: string): boolean {
  return found.bps === bps && (bps === 0 || found.salt === null || found.salt === salt);
}

/** Whether a router has a split, and would have it after a restart. */
export function isKeptSplit(found: Split, bps: number, salt: string): boolean {
  const { afterRestart = found } = found;
  return (
    isSplit(found, bps, salt) && afterRestart !== null && isSplit({ ...found, ...afterRestart }, bps, salt)
  );
}

/**
 * What is to be said of a split that a way back leaves alone: it is another release's, and this one has no traffic.
 *
 * @returns one sentence; `null`: the split is its own, or somebody changed what it had set
 */
export function foreignSplit(
  found: Split,
  { salt }: Pick<ReleasePlan, "salt">,
  rows: readonly JournalRow[],
): string | null {
  const isForeign = found.bps > 0 && found.salt !== null && found.salt !== salt;
  if (!isForeign || !hasNoTraffic(rows)) return null;
  return `no traffic is on this release; the router has ${splitText(found)}, which is another release's and is left alone`;
}

/**
 * Sets an absolute split: intent on the disk, effect, read back. The row of the read-back is for the caller to write,
 * together with the event that follows from it.
 *
 * @param previous - as it was read just before; `null`: it could not be read, and nothing is compared
 */
export async function setSplit(
  turn: SplitTurn,
  target: { readonly bps: number; readonly reason: string; readonly actor?: string },
  previous: Split | null,
  mustCompare = true,
): Promise<SplitResult> {
  const { salt } = turn.desk.release.plan;
  const { bps, reason, actor = "controller" } = target;
  turn.desk.write([
    {
      kind: "intent",
      event: SET_SPLIT,
      reason: previous === null ? reason : `${reason}; router version ${previous.version}`,
      targetBps: bps,
      previousBps: previous?.bps ?? null,
      salt,
      actor,
    },
  ]);
  return attempt(async () => {
    const { router } = turn.ports;
    const compared = previous === null || !mustCompare ? {} : { ifVersion: previous.version };
    await router.set({ bps, salt, ...compared }, turn.signal);
    const found = await router.get(turn.signal);
    if (isSplit(found, bps, salt)) return found;
    throw new RouterError(
      "ROUTER_FAILED",
      `set to ${sharePercent(bps)}, but ${splitText(found)} is read back`,
    );
  });
}

/** The row that says that a split was read back. */
export function confirmed(split: Split, note = ""): RowNote {
  return {
    kind: "readback",
    event: SET_SPLIT,
    reason: `read back ${splitText(split)}${note === "" ? "" : `; ${note}`}`,
    targetBps: split.bps,
    salt: split.salt,
  };
}

/** `5 % (salt rel-41)`, for messages. */
export function splitText({ bps, salt }: Split): string {
  return salt === null || bps === 0 ? sharePercent(bps) : `${sharePercent(bps)} (salt ${salt})`;
}

export function sharePercent(bps: number): string {
  return `${(bps * 100) / ALL_BPS} %`;
}

async function attempt(work: () => Promise<Split>): Promise<SplitResult> {
  try {
    return { ok: true, split: await work() };
  } catch (error) {
    if (!(error instanceof RouterError)) throw error;
    return { ok: false, reason: error.message, isConflict: error.code === "ROUTER_CONFLICT" };
  }
}
