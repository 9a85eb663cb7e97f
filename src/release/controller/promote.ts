import { contentHash, type Json } from "../../core/hash.js";
import { ALL_BPS } from "../../core/traffic-split.js";
import { driftReason } from "./drift.js";
import { confirmedBps, lastTransition, rowsSinceState } from "./history.js";
import { confirmed, isSplit, readSplit, setSplit } from "./split.js";
import { AT_ONCE, backOffMs, type Outcome, type Turn } from "./turn.js";

/** The word of rows about failed attempts. */
const FAILED = "promote-failed";

/**
 * PROMOTING: all traffic to the new version, read back, and then the pointer to the stable version; old stable stands in
 * the journal before, so that a way back has an address, and stays up. What fails leaves the split as it is.
 */
export async function promote(turn: Turn): Promise<Outcome> {
  const { desk, ports, signal } = turn;
  const { plan } = desk.release;
  rememberOldStable(turn);
  const found = await readSplit(turn);
  if (!found.ok) return failed(turn, found.reason);
  const known = confirmedBps(desk.rows);
  const isKnown = [known, ALL_BPS].some((bps) => isSplit(found.split, bps, plan.salt));
  if (!isKnown && !isForced(turn)) {
    desk.apply({ type: "drift-found", reason: driftReason(found.split, known) });
    return AT_ONCE;
  }
  const canary = await ports.prober.arm("canary", signal);
  if (!canary.ok) return failed(turn, `the canary arm does not answer as it should: ${canary.reason}`);
  const all = { bps: ALL_BPS, reason: "promotion: all traffic" };
  const set = isSplit(found.split, ALL_BPS, plan.salt) ? found : await setSplit(turn, all, found.split);
  if (!set.ok && set.isConflict) {
    desk.apply({ type: "drift-found", reason: set.reason });
    return AT_ONCE;
  }
  if (!set.ok) return failed(turn, set.reason);
  desk.apply({ type: "promotion-confirmed" }, { rows: [confirmed(set.split)], stable: plan.canary });
  return AT_ONCE;
}

/** Whoever promotes a paused release wants all traffic on it, whatever the router has now. */
function isForced({ desk }: Turn): boolean {
  return lastTransition(desk.rows)?.event === "promotion-forced";
}

function rememberOldStable({ desk, ports }: Turn): void {
  if (rowsSinceState(desk.rows, "promote").length > 0) return;
  const { plan } = desk.release;
  const pointer = ports.journal.stable(plan.service);
  const evidence = JSON.parse(
    JSON.stringify({ service: plan.service, oldStable: plan.stable, pointer }),
  ) as Json;
  const reason = `the pointer goes from ${plan.stable.agentVersion} to ${plan.canary.agentVersion}`;
  desk.write([{ kind: "intent", event: "promote", reason, evidenceHash: contentHash(evidence) }], [evidence]);
}

function failed({ desk }: Turn, reason: string): Outcome {
  const failures = rowsSinceState(desk.rows, FAILED).length + 1;
  if (failures >= desk.release.plan.limits.applyFailures) {
    desk.apply({ type: "promotion-failed", reason });
    return AT_ONCE;
  }
  desk.write([{ kind: "note", event: FAILED, reason }]);
  return { nextInMs: backOffMs(failures), decision: null };
}
