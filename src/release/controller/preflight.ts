import { contentHash } from "../../core/hash.js";
import type { Split } from "../routers/router.js";
import { problemOfProof } from "./plan-check.js";
import { confirmed, isSplit, readSplit, setSplit, splitText } from "./split.js";
import { AT_ONCE, type Outcome, type Turn } from "./turn.js";

/** PLANNED: the plan is the one that was hashed, and the gate report is of the version that it releases. */
export function freeze(turn: Turn): Outcome {
  const { release } = turn.desk;
  const problem =
    contentHash(release.plan) === release.planHash
      ? problemOfProof(release.plan)
      : `the plan in the journal is not the one that was frozen (${release.planHash.slice(0, 12)})`;
  turn.desk.apply({ type: "plan-frozen" });
  if (problem !== null) turn.desk.apply({ type: "preflight-failed", reason: problem });
  return AT_ONCE;
}

/** PREFLIGHT: everything that a rollout needs is tried before any traffic moves. */
export async function preflight(turn: Turn): Promise<Outcome> {
  const problem =
    (await problemOfArms(turn)) ??
    (await problemOfFigures(turn)) ??
    (await problemOfRouter(turn)) ??
    (await problemOfWarmUp(turn));
  turn.desk.apply(
    problem === null ? { type: "preflight-passed" } : { type: "preflight-failed", reason: problem },
  );
  return AT_ONCE;
}

async function problemOfArms({ ports, signal }: Turn): Promise<string | null> {
  for (const arm of ["stable", "canary"] as const) {
    const probe = await ports.prober.arm(arm, signal);
    if (!probe.ok) return `the ${arm} arm does not answer as it should: ${probe.reason}`;
  }
  return null;
}

async function problemOfFigures({ ports, desk, signal }: Turn): Promise<string | null> {
  const { unreadable } = await ports.evidence.read(desk.release, [], signal);
  const [first] = unreadable;
  return first === undefined ? null : `figures cannot be read: ${first.source}: ${first.reason}`;
}

async function problemOfWarmUp({ ports, desk, signal }: Turn): Promise<string | null> {
  const warm = await ports.prober.warm?.(signal);
  if (warm === undefined) return null;
  desk.write([{ kind: "note", event: "warm-up", reason: warm.told }]);
  return warm.ok ? null : `the canary arm cannot be warmed up: ${warm.reason}`;
}

/** Split 0 is read, written (a drill that moves nothing) and read again; then probes must land at stable. */
async function problemOfRouter(turn: Turn): Promise<string | null> {
  const { ports, desk, signal } = turn;
  const { salt } = desk.release.plan;
  const before = await readSplit(turn);
  if (!before.ok) return before.reason;
  if (!isSplit(before.split, 0, salt))
    return `the router has ${splitText(before.split)} on the new version already, expected 0 %: ${remedy(turn, before.split)}`;
  const drill = await setSplit(turn, { bps: 0, reason: "write drill: 0 % onto 0 %" }, before.split);
  if (!drill.ok) return drill.reason;
  desk.write([confirmed(drill.split, "write drill")]);
  const landing = await ports.prober.landing({ bps: 0, salt }, signal);
  return landing.ok ? null : `at 0 %: ${landing.reason}`;
}

/** A salt is the name of the release that set it; one that this journal does not know may be live in another. */
function remedy({ ports: { journal } }: Turn, { salt }: Split): string {
  if (salt === null || journal.get(salt) !== null) return "set it to 0 first";
  return `${salt} is no release of this journal; where it goes on, wait for its end or take it back there, else set the split to 0 first`;
}
