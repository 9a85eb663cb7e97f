import { RouterError } from "../../core/errors.js";
import { ALL_BPS } from "../../core/traffic-split.js";
import { abortIfTripped, pauseIfDrifted } from "./hard-stops.js";
import { HAND_OVER, rowsSinceState } from "./history.js";
import { asEvidence, type Look, look } from "./look.js";
import { confirmed, isSplit, readSplit } from "./split.js";
import { AT_ONCE, backOffMs, type Outcome, type Turn } from "./turn.js";

const UNDECIDED = "watch-undecided";
/** How much longer than planned an outcome that decides nothing is watched. */
const LONGEST_WATCH = 2;

/**
 * WATCHING: everybody has the new version, the old one stays up; late outcomes may still take it back. Figures that
 * cannot be read never end it; outcomes that decide nothing do, after twice the time and not without being said.
 *
 * @param passedMs - time since the last tick that counts
 */
export async function watch(turn: Turn, passedMs: number): Promise<Outcome> {
  const { desk, memory } = turn;
  if (isHandingOver(turn)) return handOver(turn);
  const held = await pauseIfDrifted(turn, ALL_BPS);
  const seen = await look(turn, "watch");
  const { decision } = seen;
  if (abortIfTripped(turn, seen) || held === "paused") return { nextInMs: 0, decision };
  if (decision.verdict === "fail") {
    desk.apply({ type: "watch-failed", reason: decision.reason }, asEvidence(turn, seen, decision.reason));
    return { nextInMs: 0, decision };
  }
  const wait = { nextInMs: Math.min(turn.mostMs, Math.max(100, desk.release.plan.watchMs / 20)), decision };
  if (held !== "as-set") return wait;
  desk.keepBaked(desk.release.bakedMs + passedMs);
  if (memory.isFirst || !isOver(turn, seen)) return wait;
  if (desk.release.plan.watchMs > 0) noteEnd(turn, seen);
  return { ...(await handOver(turn)), decision };
}

function isOver({ desk }: Turn, { decision }: Look): boolean {
  const { bakedMs, plan } = desk.release;
  if (bakedMs < plan.watchMs) return false;
  if (plan.watchMs === 0 || decision.verdict === "pass") return true;
  return decision.verdict === "inconclusive" && bakedMs >= LONGEST_WATCH * plan.watchMs;
}

function noteEnd(turn: Turn, seen: Look): void {
  const { decision } = seen;
  const isSettled = decision.verdict === "pass";
  const reason = isSettled
    ? decision.reason
    : `the watch ends undecided, no harm is proven: ${decision.reason}`;
  const { rows, evidence, evidenceHash } = asEvidence(turn, seen, reason);
  turn.desk.write(
    isSettled ? rows : [...rows, { kind: "note", event: UNDECIDED, reason, evidenceHash }],
    evidence,
  );
}

function isHandingOver({ desk }: Turn): boolean {
  return rowsSinceState(desk.rows, HAND_OVER).some(({ kind }) => kind === "intent");
}

/** The router is told that the new version's address is the stable one; where it cannot, that is the platform's work. */
async function handOver(turn: Turn): Promise<Outcome> {
  const { desk, ports, signal } = turn;
  const { router } = ports;
  if (router.promote === undefined) {
    desk.apply({ type: "watch-passed" });
    return AT_ONCE;
  }
  const before = await readSplit(turn);
  if (!before.ok) return handOverLater(turn);
  const { version } = before.split;
  // At every try: after it nobody else has taken over, and whoever does so later changes the version.
  const reason = `the new version's address becomes the stable one, the split 0; router version ${version}`;
  desk.write([{ kind: "intent", event: HAND_OVER, reason, targetBps: 0, previousBps: before.split.bps }]);
  const { salt } = desk.release.plan;
  try {
    // A split of 0 is no sign that it was told: that is also what a router comes to whose lease ran out.
    await router.promote({ ifVersion: version }, signal);
  } catch (error) {
    if (!(error instanceof RouterError)) throw error;
    return handOverLater(turn);
  }
  const after = await readSplit(turn);
  if (!after.ok || !isSplit(after.split, 0, salt)) return handOverLater(turn);
  desk.apply({ type: "watch-passed" }, { rows: [{ ...confirmed(after.split), event: HAND_OVER }] });
  return AT_ONCE;
}

function handOverLater({ memory }: Turn): Outcome {
  memory.attempts += 1;
  return { nextInMs: backOffMs(memory.attempts), decision: null };
}
