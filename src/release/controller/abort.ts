import { RouterError } from "../../core/errors.js";
import type { ReleaseEvent } from "../machine/release-event.js";
import { HAND_OVER, isPromoted, LEFT_ALONE, rowsSinceState } from "./history.js";
import { observedCanary, zeroPoint } from "./observed-canary.js";
import type { ProbeResult } from "./ports.js";
import type { RowNote } from "./release-desk.js";
import { confirmed, foreignSplit, isSplit, readSplit, setSplit } from "./split.js";
import { AT_ONCE, backOffMs, type Outcome, type Turn, type ZeroPoint } from "./turn.js";

/** The word of rows about a hand-over that is taken back. */
const TAKE_BACK = "router-demote";

const ZERO = { bps: 0, reason: "rollback: no traffic to the new version" };

/** Between the zero that was read back and the look for traffic that came all the same. */
const SETTLE_MS = 1000;

/**
 * ABORTING: 0 wins over whatever split is there, is read back, and no traffic of the new version may be seen after it.
 * It needs no figures, and never gives up. Traffic goes back only onto a stable version that answers. A release without
 * traffic leaves the split of another one alone.
 */
export async function abort(turn: Turn): Promise<Outcome> {
  const { desk, memory } = turn;
  const found = await readSplit(turn);
  const foreign = found.ok ? foreignSplit(found.split, desk.release.plan, desk.rows) : null;
  if (foreign !== null) {
    const note = { kind: "note" as const, event: LEFT_ALONE, reason: foreign };
    return end(turn, { type: "rollback-confirmed", reason: foreign }, note);
  }
  const handedOver = await isHandedOver(turn);
  const isSet = found.ok && isSplit(found.split, 0, desk.release.plan.salt);
  const isZero = isSet && handedOver === false;
  if (isZero && memory.zero !== null) return confirm(turn, memory.zero);
  if (!isZero) {
    const held = await holdIfStableIsDown(turn);
    if (held) return AT_ONCE;
  }
  const setZero = () => setSplit(turn, ZERO, found.ok ? found.split : null, false);
  if (handedOver !== false) {
    const problem = handedOver === true ? await takeBackHandOver(turn) : handedOver;
    if (problem !== null) {
      if (!isSet) await setZero();
      return again(turn, problem);
    }
  }
  const set = await setZero();
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
  const { memory } = turn;
  const seen = await observedCanary(turn, zero);
  if (!seen.isZero) {
    memory.zero = await zeroPoint(turn);
    return again(turn, seen.reason);
  }
  const note = { kind: "note" as const, event: "observed-zero", reason: seen.reason };
  return end(turn, { type: "rollback-confirmed" }, note);
}

/** The way back is over; whoever asked for it to make room for another release is answered. */
function end({ desk, ports }: Turn, event: ReleaseEvent, note: RowNote): Outcome {
  const asked = ports.journal.requests(desk.release.id).find(({ event }) => event.type === "superseded");
  desk.apply(asked?.event ?? event, {
    rows: [note],
    ...(isPromoted(desk.rows) ? { stable: desk.release.plan.stable } : {}),
  });
  if (asked !== undefined) ports.journal.answered(asked.id, desk.epoch);
  return AT_ONCE;
}

/**
 * Whether 0 does not bring the old version back, since the hand-over was told to the router and took effect there; one
 * sentence when the router does not say.
 */
async function isHandedOver({ desk, ports, signal }: Turn): Promise<boolean | string> {
  const { router } = ports;
  if (router.isPromoted === undefined || !desk.rows.some(({ event }) => event === HAND_OVER)) return false;
  try {
    return await router.isPromoted(signal);
  } catch (error) {
    if (!(error instanceof RouterError)) throw error;
    return error.message;
  }
}

/**
 * Gives the old version its address back: intent, effect, read back.
 *
 * @returns one sentence of why it did not work, or `null`
 */
async function takeBackHandOver(turn: Turn): Promise<string | null> {
  const { desk, ports, signal } = turn;
  const { stable, canary } = desk.release.plan;
  const late =
    `too late for the split: the router has made ${canary.url}, the new version, its stable address, and everybody meets it. ` +
    `Make ${stable.url} its stable address again (\`arms.stable\` of gateway.yaml, without \`arms.canary\`), and restart it; ` +
    "the rollback then goes on by itself";
  if (ports.router.demote === undefined) return late;
  const reason = `the hand-over is taken back: ${stable.url} becomes the stable address again`;
  // It never gives up; two of the same tell no more than one.
  if (rowsSinceState(desk.rows, TAKE_BACK).length === 0)
    desk.write([{ kind: "intent", event: TAKE_BACK, reason }]);
  try {
    await ports.router.demote(stable, signal);
  } catch (error) {
    if (!(error instanceof RouterError)) throw error;
    return error.code === "ROUTER_REFUSED" ? `${late}. It says: ${error.message}` : error.message;
  }
  const still = await isHandedOver(turn);
  if (still !== false) return still === true ? late : still;
  desk.write([{ kind: "readback", event: TAKE_BACK, reason: `${stable.url} is the stable address` }]);
  return null;
}

function again({ desk, memory }: Turn, reason: string): Outcome {
  memory.attempts += 1;
  // Two of the same in the journal tell no more than one.
  if (desk.rows.findLast(({ event }) => event === "rollback-failed")?.reason !== reason)
    desk.apply({ type: "rollback-failed", reason });
  return { nextInMs: backOffMs(memory.attempts), decision: null };
}
