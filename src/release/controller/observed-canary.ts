import type { ArmCounts } from "../routers/router.js";
import { stepLogs } from "./history.js";
import type { Turn } from "./turn.js";

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
 *
 * @param since - when 0 was read back, milliseconds since the Unix epoch
 * @param before - what the router had counted then
 */
export async function observedCanary(
  turn: Turn,
  since: number,
  before: readonly ArmCounts[],
): Promise<ObservedCanary> {
  const { ports, desk, signal } = turn;
  const { conversations, unreadable, arms } = await ports.evidence.read(
    desk.release,
    stepLogs(desk.rows, desk.release.plan),
    signal,
  );
  if (unreadable.length === 0 && conversations.length > 0) {
    const late = conversations.filter(
      ({ arm, requests }) =>
        arm === "canary" && requests.some(({ at, latencyMs }) => at - latencyMs > since + SLACK_MS),
    ).length;
    return late === 0
      ? { isZero: true, reason: "no request to the new version in the events since the split is 0" }
      : { isZero: false, reason: "requests still reach the new version, though the split is 0" };
  }
  const was = requestsOf(before);
  const is = requestsOf(arms);
  if (was === null || is === null)
    return { isZero: true, reason: "the split is 0; neither events nor counts of the router can be read" };
  return is <= was
    ? { isZero: true, reason: "the router counts no request to the new version since the split is 0" }
    : { isZero: false, reason: "the router still counts requests to the new version, though the split is 0" };
}

function requestsOf(counts: readonly ArmCounts[]): number | null {
  return counts.find(({ arm }) => arm === "canary")?.requests ?? null;
}
