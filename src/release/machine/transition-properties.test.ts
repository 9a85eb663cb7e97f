import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReleaseEvent } from "./release-event.js";
import { hasEnded, type ReleaseState, stateText } from "./state.js";
import { everyEvent, machineOf } from "./testing/machines.js";
import { type Machine, transition } from "./transition.js";

interface Move {
  readonly from: ReleaseState;
  readonly event: ReleaseEvent;
  readonly to: ReleaseState;
}

/** Lead on; they come more often, so that long ways are walked too. */
const LEADING = new Set([
  "plan-frozen",
  "preflight-passed",
  "approved",
  "shift-applied",
  "split-verified",
  "bake-completed",
  "promotion-confirmed",
  "watch-passed",
  "resumed",
]);
const EVENTS = everyEvent().map((event) => ({
  event,
  isLeading: LEADING.has(event.type) || (event.type === "evaluated" && event.verdict === "pass"),
}));
/** Each number chooses among the events that the state then takes. */
const courses = fc.array(
  fc.record({ choice: fc.nat(), isLeading: fc.nat(9).map((draw) => draw > 0), isAny: fc.nat(40) }),
  {
    minLength: 10,
    maxLength: 60,
    size: "max",
  },
);
const machines = fc
  .record({
    steps: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
    limits: fc.record({
      applyFailures: fc.integer({ min: 1, max: 3 }),
      failures: fc.integer({ min: 0, max: 2 }),
      inconclusive: fc.integer({ min: 0, max: 3 }),
      consecutiveErrors: fc.integer({ min: 0, max: 3 }),
    }),
    needsApproval: fc.boolean(),
    onTimeout: fc.constantFrom("abort", "hold"),
  })
  .map(({ steps, ...plan }) => {
    const step = { bps: 100, bakeMs: 1, maxBakeMs: 4, minConversations: 1 };
    return machineOf(
      { name: "PLANNED" },
      { plan: { ...plan, steps: steps.map((needsApproval) => ({ ...step, needsApproval })) } },
    );
  });

describe("any course of events", () => {
  it("never promotes without a pass of every step, or a recorded force", () => {
    let promoted = 0;
    property((moves, { plan }) => {
      if (!moves.some(({ to }) => to.name === "WATCHING")) return;
      promoted += 1;
      if (moves.some(({ event }) => event.type === "promotion-forced")) return;
      const passed = new Set(
        moves.flatMap(({ from, event }) =>
          from.name === "EVALUATING" && event.type === "evaluated" && event.verdict === "pass"
            ? [from.step]
            : [],
        ),
      );
      expect([...passed].sort()).toEqual(plan.steps.map((_, index) => index));
    });
    expect(promoted).toBeGreaterThan(50);
  });

  it("never goes forward after it began to abort", () => {
    const backward = ["ABORTING", "ROLLBACK_HELD", "ROLLED_BACK", "SUPERSEDED"];
    property((moves) => {
      const first = moves.findIndex(({ to }) => to.name === "ABORTING");
      if (first === -1) return;
      for (const { to } of moves.slice(first)) expect(backward).toContain(to.name);
    });
  });

  it("aborts on the failure above the limit, wherever it stands", () => {
    property((moves, { plan }) => {
      const failures = moves.filter(({ event }) => event.type === "evaluated" && event.verdict === "fail");
      expect(failures.length).toBeLessThanOrEqual(plan.limits.failures + 1);
      const last = failures[plan.limits.failures];
      if (last !== undefined) expect(last.to.name).toBe("ABORTING");
    });
  });

  it("takes more traffic only step by step", () => {
    property((moves) => {
      let step = -1;
      for (const { to } of moves) {
        if (to.name !== "SHIFTING") continue;
        expect(to.step - step).toBeLessThanOrEqual(1);
        step = Math.max(step, to.step);
      }
    });
  });

  it("ends for good, and an abort always leads there or to an abort", () => {
    property((moves, machine) => {
      const end = moves.findIndex(({ to }) => hasEnded(to));
      if (end !== -1) {
        const ended = moves.slice(end).map(({ to }) => stateText(to));
        expect(new Set(ended).size).toBe(1);
      }
      const { to } = moves.at(-1) ?? { to: machine.state };
      const aborted = transition(
        { ...machine, state: to },
        { type: "abort-requested", actor: "a", reason: "r" },
      );
      if (!("to" in aborted)) throw new Error(aborted.refused);
      expect(aborted.to.name === "ABORTING" || hasEnded(aborted.to)).toBe(true);
    });
  });
});

function property(check: (moves: readonly Move[], machine: Machine) => void): void {
  fc.assert(
    fc.property(machines, courses, (machine, course) => check(walk(machine, course), machine)),
    { numRuns: 300, seed: 7 },
  );
}

interface Choice {
  readonly choice: number;
  readonly isLeading: boolean;
  /** 0: any event, also one that the state refuses. */
  readonly isAny: number;
}

/** The moves that were taken; refused events move nothing. */
function walk(start: Machine, course: readonly Choice[]): Move[] {
  const moves: Move[] = [];
  let machine = start;
  for (const { choice, isLeading, isAny } of course) {
    const taken = EVENTS.filter(({ event }) => isAny === 0 || "to" in transition(machine, event));
    const preferred = taken.filter((entry) => entry.isLeading === isLeading);
    const from = preferred.length === 0 ? taken : preferred;
    const event = from[choice % from.length]?.event;
    if (event === undefined) continue;
    const next = transition(machine, event);
    if ("refused" in next) continue;
    moves.push({ from: machine.state, event, to: next.to });
    machine = { ...machine, state: next.to, counters: next.counters };
  }
  return moves;
}
