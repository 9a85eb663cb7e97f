import type { ArmCounts } from "../routers/router.js";
import { stepLogs } from "./history.js";
import type { Turn, ZeroPoint } from "./turn.js";

/** A router may route what it had accepted; clocks of two machines differ. */
const SLACK_MS = 1000;

/** Whether traffic of the new version was seen since the split was 0, and by what that is known. */
export interface ObservedCanary {
  readonly isZero: boolean;
  readonly reason: string;
}

/**
 * Looks for requests that went to the new version although the split was 0: in the events of live traffic, else in the
 * counts of the router. Where neither can be read, the split that was read back must do.
 */
export async function observedCanary(turn: Turn, zero: ZeroPoint): Promise<ObservedCanary> {
  const { evidence, late } = await readLate(turn, zero.at);
  if (late !== null) {
    return late <= zero.ahead
      ? { isZero: true, reason: "no request to the new version in the events since the split is 0" }
      : { isZero: false, reason: "requests still reach the new version, though the split is 0" };
  }
  const was = requestsOf(zero.counts);
  const is = requestsOf(evidence.arms);
  if (was === null || is === null)
    return { isZero: true, reason: "the split is 0; neither events nor counts of the router can be read" };
  return is <= was
    ? { isZero: true, reason: "the router counts no request to the new version since the split is 0" }
    : { isZero: false, reason: "the router still counts requests to the new version, though the split is 0" };
}

/** What is known at the moment at which 0 was read back. */
export async function zeroPoint(turn: Turn): Promise<ZeroPoint> {
  const at = turn.ports.clock.now();
  const counts = await countsOf(turn);
  const { late } = await readLate(turn, at);
  return { at, counts, ahead: late ?? 0 };
}

/** Requests to the new version that began after a moment, as events tell; `null`: there are no events to tell it. */
async function readLate({ ports, desk, signal }: Turn, since: number) {
  const steps = stepLogs(desk.rows, desk.release.plan);
  const evidence = await ports.evidence.read(desk.release, steps, signal);
  const isUnread = evidence.unreadable.some(({ source }) => source === "events");
  if (isUnread || evidence.conversations.length === 0) return { evidence, late: null };
  let late = 0;
  for (const { arm, requests } of evidence.conversations) {
    if (arm !== "canary") continue;
    late += requests.filter(({ at, latencyMs }) => at - latencyMs > since + SLACK_MS).length;
  }
  return { evidence, late };
}

async function countsOf({ ports, signal }: Turn): Promise<readonly ArmCounts[]> {
  try {
    return await ports.router.stats(signal);
  } catch {
    // The counts only support what was read back; a router that keeps them to itself must not stop a rollback.
    return [];
  }
}

function requestsOf(counts: readonly ArmCounts[]): number | null {
  return counts.find(({ arm }) => arm === "canary")?.requests ?? null;
}
