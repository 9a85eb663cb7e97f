import { RouterError } from "../../core/errors.js";
import type { ReleaseEvent } from "../machine/release-event.js";
import { HAND_OVER, isPromoted } from "./history.js";
import { observedCanary, zeroPoint } from "./observed-canary.js";
import type { ProbeResult } from "./ports.js";
import { confirmed, isSplit, readSplit, setSplit } from "./split.js";
import { AT_ONCE, backOffMs, type Outcome, type Turn, type ZeroPoint } from "./turn.js";

/** Between the zero that was read back and the look for traffic that came all the same. */
const SETTLE_MS = 1000;

/**
 * ABORTING: 0 wins over whatever split is there, is read back, and no traffic of the new version may be seen after it.
 * It needs no figures, and never gives up. Traffic goes back only onto a stable version that answers.
 */
export async function abort(turn: Turn): Promise<Outcome> {
  const { desk, memory } = turn;
  const found = await readSplit(turn);
  const isZero = found.ok && isSplit(found.split, 0, desk.release.plan.salt);
  if (isZero && memory.zero !== null) return confirm(turn, memory.zero);
  if (!isZero) {
    const held = await holdIfStableIsDown(turn);
    if (held) return AT_ONCE;
  }
  const zero = { bps: 0, reason: "rollback: no traffic to the new version" };
  const set = await setSplit(turn, zero, found.ok ? found.split : null, false);
  if (!set.ok) return again(turn, set.reason);
  desk.write([confirmed(set.split)]);
  memory.attempts = 0;
  memory.zero = await zeroPoint(turn);
  return { nextInMs: SETTLE_MS, decision: null };
}

/** ROLLBACK_HELD: traffic stays on the new version while the old one does not answer. */
export async function waitForStable(turn: Turn): Promise<Outcome> {
  const { desk, ports, memory, signal } = turn;
  const stable = await ports.prober.arm("stable", signal);
  memory.passedProbes = stable.ok ? memory.passedProbes + 1 : 0;
  if (memory.passedProbes < PROBES_TO_GO_ON)
    return { nextInMs: Math.min(turn.mostMs, SETTLE_MS), decision: null };
  memory.passedProbes = 0;
  desk.apply({ type: "abort-requested", actor: "controller", reason: "the stable arm answers again" });
  return AT_ONCE;
}

/** One answer may be luck. */
const PROBES_TO_GO_ON = 3;

/** Two probes of each arm: one that fails by accident must not keep traffic on a version that is to go. */
async function holdIfStableIsDown(turn: Turn): Promise<boolean> {
  const { ports, desk, signal } = turn;
  let stable: ProbeResult = await ports.prober.arm("stable", signal);
  if (!stable.ok) stable = await ports.prober.arm("stable", signal);
  if (stable.ok) return false;
  const canary = await ports.prober.arm("canary", signal);
  if (!canary.ok) return false;
  const reason = `the stable arm does not answer (${stable.reason}), and the canary arm does`;
  desk.apply({ type: "stable-down", reason });
  return true;
}

async function confirm(turn: Turn, zero: ZeroPoint): Promise<Outcome> {
  const { desk, memory, ports } = turn;
  const promoted = await promotedReason(turn);
  if (promoted !== null) return again(turn, promoted);
  const seen = await observedCanary(turn, zero);
  if (!seen.isZero) {
    memory.zero = await zeroPoint(turn);
    return again(turn, seen.reason);
  }
  const asked = ports.journal.requests(desk.release.id).find(({ event }) => event.type === "superseded");
  const event: ReleaseEvent = asked?.event ?? { type: "rollback-confirmed" };
  desk.apply(event, {
    rows: [{ kind: "note", event: "observed-zero", reason: seen.reason }],
    ...(isPromoted(desk.rows) ? { stable: desk.release.plan.stable } : {}),
  });
  if (asked !== undefined) ports.journal.answered(asked.id, desk.epoch);
  return AT_ONCE;
}

/** Why 0 does not bring the old version back: the hand-over was told to the router, and took effect there. */
async function promotedReason({ desk, ports, signal }: Turn): Promise<string | null> {
  const { router } = ports;
  if (router.isPromoted === undefined || !desk.rows.some(({ event }) => event === HAND_OVER)) return null;
  const { stable, canary } = desk.release.plan;
  try {
    if (!(await router.isPromoted(signal))) return null;
  } catch (error) {
    if (!(error instanceof RouterError)) throw error;
    return error.message;
  }
  return (
    `too late for the split: the router has made ${canary.url}, the new version, its stable address, and everybody meets it. ` +
    `Take \`arms.canary\` out of gateway.yaml, see that \`arms.stable\` is ${stable.url}, and restart the gateway; ` +
    "the rollback then goes on by itself"
  );
}

function again({ desk, memory }: Turn, reason: string): Outcome {
  memory.attempts += 1;
  // Two of the same in the journal tell no more than one.
  if (desk.rows.findLast(({ event }) => event === "rollback-failed")?.reason !== reason)
    desk.apply({ type: "rollback-failed", reason });
  return { nextInMs: backOffMs(memory.attempts), decision: null };
}
