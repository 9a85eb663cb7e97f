import { openController } from "../controller/controller.js";
import type { ControllerPorts } from "../controller/ports.js";
import type { ReleaseJournal, ReleaseRecord } from "../journal/journal.js";
import { MemoryJournal } from "../journal/memory-journal.js";
import { hasEnded, type ReleaseState } from "../machine/state.js";
import type { ReleasePlan } from "../plan/release-plan.js";
import { ArrivalStream, type Traffic } from "./arrivals.js";
import { MemoryRouter } from "./memory-router.js";
import { SimulatedClock } from "./simulated-clock.js";
import { SimulatedTraffic } from "./simulated-traffic.js";
import { SparseDecide } from "./sparse-decide.js";

/** How one simulated rollout ended. */
export interface RolloutResult {
  /** `paused`: a person would have had to decide. Approvals are given at once. */
  readonly end: "promoted" | "rolled-back" | "paused" | "cancelled";
  /** Measure of the rule that took it back, or why it paused; `null` when it was promoted. */
  readonly cause: string | null;
  /** When it was promoted, rolled back or paused, in milliseconds of the simulated clock since its start. */
  readonly afterMs: number;
  /** Conversations that met the canary until then, and how many of them failed where stable would not have. */
  readonly exposed: number;
  readonly lost: number;
  readonly looks: number;
}

export const START = Date.parse("2026-01-01T00:00:00.000Z");
const SERVICE_HOLDER = "simulation";
/** A simulated controller never dies, so that its lease bounds nothing. */
const LEASE_TTL_MS = 1e12;
/** More ticks than any plan needs: a rollout that does not end is a bug, not a result. */
const MOST_TICKS = 200_000;

/** What the rollouts of one plan share. */
export interface SimulatedRelease {
  readonly plan: ReleasePlan;
  readonly traffic: Traffic;
  /** Looks of a decision in the least bake of a step, at least 1. */
  readonly looksPerBake: number;
}

/** The conversations of one rollout: the same seed gives the same ones. */
export function streamOf({ traffic }: SimulatedRelease, seed: number): ArrivalStream {
  return new ArrivalStream(traffic, { seed, salt: `s${seed}`, start: START });
}

/**
 * One rollout through the real controller, state machine, journal (in memory) and decisions. Clock, router and traffic
 * are simulated; servers answer, nobody edits the router, and whoever is asked to approve does.
 *
 * @param stream - of {@link streamOf}; the same one gives the same rollout
 * @param journal - an empty one; that of the memory holds the contract of the one that releases are kept in
 */
export async function simulateRollout(
  { plan, looksPerBake }: SimulatedRelease,
  stream: ArrivalStream,
  journal: ReleaseJournal = new MemoryJournal(),
): Promise<RolloutResult> {
  const clock = new SimulatedClock(START);
  const router = new MemoryRouter();
  const conversations = new SimulatedTraffic(stream, router);
  const id = "simulated";
  journal.create({ id, plan: { ...plan, salt: stream.salt }, author: SERVICE_HOLDER, at: clock.now() });
  const decisions = new SparseDecide(looksPerBake);
  const ports = portsOf(clock, router, conversations, journal, decisions);
  const controller = openController(id, ports, { holder: SERVICE_HOLDER, leaseTtlMs: LEASE_TTL_MS });
  let promoted: Pick<RolloutResult, "afterMs" | "exposed" | "lost"> | null = null;
  let tripped: string | null = null;
  try {
    for (let tick = 0; tick < MOST_TICKS; tick++) {
      const { release, nextInMs, decision } = await controller.tick();
      const { state } = release;
      if (decision?.abort) tripped = decision.rules.find(({ trips }) => trips)?.measure ?? "hard rule";
      const { exposed, lost } = conversations;
      const now = { afterMs: clock.now() - START, exposed, lost };
      if (state.name === "WATCHING") promoted ??= now;
      const end = endOf(state);
      if (end !== null) {
        const at = end === "promoted" ? (promoted ?? now) : now;
        return { end, cause: causeOf(end, state, tripped), ...at, looks: decisions.looks };
      }
      approve(journal, release, clock.now());
      decisions.mustLook = state.name !== "BAKING";
      if (nextInMs === 0) continue;
      clock.advance(nextInMs);
      conversations.advanceTo(clock.now());
    }
  } finally {
    await controller.close();
  }
  throw new Error(`a simulated rollout did not end within ${MOST_TICKS} ticks`);
}

function endOf(state: ReleaseState): RolloutResult["end"] | null {
  if (state.name === "SUCCEEDED") return "promoted";
  if (state.name === "ROLLED_BACK") return "rolled-back";
  if (state.name === "PAUSED" && state.reason !== "approval") return "paused";
  return hasEnded(state) ? "cancelled" : null;
}

function causeOf(end: RolloutResult["end"], state: ReleaseState, cause: string | null): string | null {
  if (end === "paused" && state.name === "PAUSED") return state.reason;
  return end === "promoted" ? null : (cause ?? "verdict");
}

function approve(journal: ReleaseJournal, { id, state }: ReleaseRecord, now: number): void {
  const isAsked =
    state.name === "AWAITING_APPROVAL" || (state.name === "PAUSED" && state.reason === "approval");
  if (isAsked)
    journal.request(id, now, { type: "approved", actor: "simulated approver", reason: "simulated" });
}

function portsOf(
  clock: SimulatedClock,
  router: MemoryRouter,
  evidence: SimulatedTraffic,
  journal: ReleaseJournal,
  { decide }: SparseDecide,
): ControllerPorts {
  const ok = { ok: true } as const;
  return {
    clock,
    journal,
    router,
    evidence,
    decide,
    prober: { arm: () => Promise.resolve(ok), landing: () => Promise.resolve(ok) },
    notifier: { notify: () => Promise.resolve() },
    aftermath: { promoted: () => Promise.resolve(), rolledBack: () => Promise.resolve() },
  };
}
