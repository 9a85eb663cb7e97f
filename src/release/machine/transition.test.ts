import { describe, expect, it } from "vitest";
import type { ReleaseCounters } from "../journal/journal.js";
import { allowedRequests, REQUEST_VERBS, type RequestType } from "./allowed.js";
import type { ReleaseEvent } from "./release-event.js";
import { hasEnded, type PauseReason, type ReleaseState, stateText } from "./state.js";
import { everyEvent, machineOf, PAUSE_REASONS } from "./testing/machines.js";
import { NO_COUNTERS, transition } from "./transition.js";

/**
 * Every state with every event that it takes, two steps, the first with an approval, limits of one failure, one
 * inconclusive, one error, two failed shifts. What is not listed is refused; the test walks the whole product.
 * A PAUSED state of any reason takes the line `PAUSED`, and the lines of its own.
 */
const GOLDEN = `
PLANNED: plan-frozen > PREFLIGHT, abort-requested > CANCELLED, superseded > SUPERSEDED
PREFLIGHT: preflight-passed > AWAITING_APPROVAL, preflight-failed > CANCELLED, abort-requested > CANCELLED,
  superseded > SUPERSEDED
AWAITING_APPROVAL: approved > SHIFTING(0), rejected > CANCELLED, approval-expired > CANCELLED,
  abort-requested > CANCELLED, superseded > SUPERSEDED
SHIFTING(i): shift-applied > VERIFYING(i), shift-failed > SHIFTING(i), drift-found > PAUSED(i, drift),
  hard-rule-tripped > ABORTING, pause-requested > PAUSED(i, requested), abort-requested > ABORTING
VERIFYING(i): split-verified > BAKING(i), shift-failed > VERIFYING(i), drift-found > PAUSED(i, drift),
  mismatch-found > PAUSED(i, srm), control-lost > PAUSED(i, control), capacity-short > PAUSED(i, capacity), hard-rule-tripped > ABORTING,
  pause-requested > PAUSED(i, requested), abort-requested > ABORTING
BAKING(i): bake-completed > EVALUATING(i), bake-expired > PAUSED(i, underpowered), drift-found > PAUSED(i, drift),
  mismatch-found > PAUSED(i, srm), control-lost > PAUSED(i, control), capacity-short > PAUSED(i, capacity), hard-rule-tripped > ABORTING,
  evaluated:pass > BAKING(i), evaluated:inconclusive > BAKING(i), evaluated:fail > BAKING(i),
  evaluated:error > BAKING(i), extended > BAKING(i), pause-requested > PAUSED(i, requested),
  abort-requested > ABORTING
EVALUATING(0): evaluated:pass > PAUSED(0, approval)
EVALUATING(1): evaluated:pass > PROMOTING
EVALUATING(i): evaluated:inconclusive > BAKING(i), evaluated:fail > BAKING(i), evaluated:error > BAKING(i),
  drift-found > PAUSED(i, drift), mismatch-found > PAUSED(i, srm), control-lost > PAUSED(i, control), capacity-short > PAUSED(i, capacity),
  hard-rule-tripped > ABORTING, extended > BAKING(i), pause-requested > PAUSED(i, requested),
  abort-requested > ABORTING
PAUSED: resumed > VERIFYING(i), extended > BAKING(i), promotion-forced > PROMOTING, pause-expired > ABORTING,
  hard-rule-tripped > ABORTING, abort-requested > ABORTING
PAUSED(0, approval): approved > SHIFTING(1), rejected > ABORTING
PAUSED(1, approval): approved > PROMOTING, rejected > ABORTING
PROMOTING: promotion-confirmed > WATCHING, promotion-failed > PAUSED(1, promote), drift-found > PAUSED(1, drift),
  hard-rule-tripped > ABORTING, abort-requested > ABORTING
WATCHING: watch-passed > SUCCEEDED, watch-failed > ABORTING, drift-found > PAUSED(1, drift),
  hard-rule-tripped > ABORTING, abort-requested > ABORTING
ABORTING: rollback-confirmed > ROLLED_BACK, rollback-failed > ABORTING, stable-down > ROLLBACK_HELD,
  abort-requested > ABORTING, superseded > SUPERSEDED
ROLLBACK_HELD: abort-requested > ABORTING
SUCCEEDED: abort-requested > SUCCEEDED
ROLLED_BACK: abort-requested > ROLLED_BACK
CANCELLED: abort-requested > CANCELLED
SUPERSEDED: abort-requested > SUPERSEDED
`;

const STATES: readonly ReleaseState[] = [
  ...(["PLANNED", "PREFLIGHT", "AWAITING_APPROVAL"] as const).map((name) => ({ name })),
  ...[0, 1].flatMap((step) => [
    ...(["SHIFTING", "VERIFYING", "BAKING", "EVALUATING"] as const).map((name) => ({ name, step })),
    ...PAUSE_REASONS.map((reason) => ({ name: "PAUSED" as const, step, reason })),
  ]),
  ...(["PROMOTING", "WATCHING", "ABORTING", "ROLLBACK_HELD"] as const).map((name) => ({ name })),
  ...(["SUCCEEDED", "ROLLED_BACK", "CANCELLED", "SUPERSEDED"] as const).map((name) => ({ name })),
];

describe("transition", () => {
  const golden = readGolden();

  it.each(STATES.map((state) => ({ state, name: stateText(state) })))(
    "$name with every event",
    ({ state }) => {
      const found = everyEvent().map((event) => {
        const next = transition(machineOf(state), event);
        if ("refused" in next) expect(next.refused).toContain(stateText(state));
        return [eventText(event), "to" in next ? stateText(next.to) : "refused"];
      });
      expect(found).toEqual(found.map(([event]) => [event, golden(state, event ?? "") ?? "refused"]));
    },
  );

  it("names the requests that a state takes, and takes no others", () => {
    for (const { state, event } of STATES.flatMap((state) =>
      everyEvent().map((event) => ({ state, event })),
    )) {
      if (!(event.type in REQUEST_VERBS)) continue;
      const isTaken = "to" in transition(machineOf(state), event);
      expect({ state, event: event.type, isTaken }).toEqual({
        state,
        event: event.type,
        isTaken: allowedRequests(state).includes(event.type as RequestType),
      });
    }
  });

  it("says in a refusal what is possible instead", () => {
    const refused = transition(machineOf({ name: "BAKING", step: 1 }), {
      type: "approved",
      actor: "ana",
      reason: "",
    });
    expect(refused).toEqual({
      refused: "approved is not possible in BAKING(1); BAKING(1) takes extend, pause, rollback",
    });
    expect(transition(machineOf({ name: "SUCCEEDED" }), { type: "plan-frozen" })).toEqual({
      refused: "plan-frozen is not possible in SUCCEEDED: the release has ended",
    });
  });
});

describe("limits of a transition", () => {
  const baking: ReleaseState = { name: "BAKING", step: 0 };
  const evaluating: ReleaseState = { name: "EVALUATING", step: 0 };
  const verdict = (name: "pass" | "fail" | "inconclusive" | "error"): ReleaseEvent => ({
    type: "evaluated",
    verdict: name,
    reason: "r",
  });
  const go = (state: ReleaseState, counters: Partial<ReleaseCounters>, event: ReleaseEvent) => {
    const moved = transition(machineOf(state, { counters: { ...NO_COUNTERS, ...counters } }), event);
    if ("refused" in moved) throw new Error(moved.refused);
    return { to: stateText(moved.to), ...moved.counters };
  };

  it("aborts on the failure above the limit, in BAKING and in EVALUATING", () => {
    for (const state of [baking, evaluating]) {
      expect(go(state, { failures: 0 }, verdict("fail"))).toMatchObject({ to: "BAKING(0)", failures: 1 });
      expect(go(state, { failures: 1 }, verdict("fail"))).toMatchObject({ to: "ABORTING", failures: 2 });
    }
  });

  it("pauses on the inconclusive evaluation above the limit, and counts none while it bakes", () => {
    expect(go(evaluating, { inconclusive: 1 }, verdict("inconclusive"))).toMatchObject({
      to: "PAUSED(0, inconclusive)",
    });
    expect(go(baking, { inconclusive: 1 }, verdict("inconclusive"))).toMatchObject({
      to: "BAKING(0)",
      inconclusive: 1,
    });
  });

  it("pauses on consecutive errors, and any reading ends their run", () => {
    expect(go(baking, { consecutiveErrors: 1 }, verdict("error"))).toMatchObject({
      to: "PAUSED(0, metrics)",
      consecutiveErrors: 2,
    });
    for (const name of ["pass", "fail", "inconclusive"] as const) {
      for (const state of [baking, evaluating]) {
        expect(go(state, { consecutiveErrors: 1 }, verdict(name)).consecutiveErrors).toBe(0);
      }
    }
  });

  it("aborts on the shift that failed as often as the limit, and forgets failed ones once verified", () => {
    const failed: ReleaseEvent = { type: "shift-failed", reason: "r" };
    expect(go({ name: "SHIFTING", step: 1 }, { applyFailures: 1 }, failed)).toMatchObject({
      to: "ABORTING",
      applyFailures: 2,
    });
    expect(
      go({ name: "VERIFYING", step: 1 }, { applyFailures: 1 }, { type: "split-verified" }),
    ).toMatchObject({ to: "BAKING(1)", applyFailures: 0 });
  });

  it("gives a release that a person resumes or extends a new start, but keeps its failures", () => {
    const worn = { applyFailures: 1, failures: 1, inconclusive: 2, consecutiveErrors: 2 };
    const fresh = { applyFailures: 0, failures: 1, inconclusive: 0, consecutiveErrors: 0 };
    const paused: ReleaseState = { name: "PAUSED", step: 0, reason: "inconclusive" };
    const by = { actor: "ana", reason: "r" };
    expect(go(paused, worn, { type: "resumed", ...by })).toEqual({ to: "VERIFYING(0)", ...fresh });
    expect(go(paused, worn, { type: "extended", byMs: 1, ...by })).toEqual({ to: "BAKING(0)", ...fresh });
  });

  it("holds a paused release that nobody decided on when the policy says so", () => {
    const state: ReleaseState = { name: "PAUSED", step: 0, reason: "srm" };
    const held = transition(machineOf(state, { plan: { onTimeout: "hold" } }), { type: "pause-expired" });
    expect(held).toEqual({ to: state, counters: NO_COUNTERS });
  });

  it("goes without an approval where none is asked for", () => {
    const plan = { needsApproval: false };
    expect(
      transition(machineOf({ name: "PREFLIGHT" }, { plan }), { type: "preflight-passed" }),
    ).toMatchObject({
      to: { name: "SHIFTING", step: 0 },
    });
    const step = machineOf(evaluating).plan.steps[1];
    const steps = step === undefined ? [] : [step, step];
    expect(transition(machineOf(evaluating, { plan: { steps } }), verdict("pass"))).toMatchObject({
      to: { name: "SHIFTING", step: 1 },
    });
  });
});

/** Reads the table; gives what a state and an event go to, `null` for refused. */
function readGolden(): (state: ReleaseState, event: string) => string | null {
  const lines = GOLDEN.trim().replaceAll("\n  ", " ").split("\n");
  const table = new Map<string, Map<string, string>>();
  for (const line of lines) {
    const [, name, entries] = /^([^:]+): (.*)$/.exec(line) ?? [];
    if (name === undefined || entries === undefined) throw new Error(`not a line of the table: ${line}`);
    const pairs = entries.matchAll(/([\w:-]+) > ([A-Z_]+(?:\([^)]*\))?)/g);
    table.set(name, new Map([...pairs].map(([, event, to]) => [event ?? "", to ?? ""])));
  }
  return (state, event) => {
    if (hasEnded(state) && !("step" in state)) return table.get(state.name)?.get(event) ?? null;
    const step = "step" in state ? String(state.step) : "";
    const places = [
      stateText(state),
      state.name === "PAUSED" ? "PAUSED" : `${state.name}${step === "" ? "" : "(i)"}`,
    ];
    const to = places.map((place) => table.get(place)?.get(event)).find((found) => found !== undefined);
    return to?.replace("(i", `(${step}`) ?? null;
  };
}

function eventText(event: ReleaseEvent): string {
  return event.type === "evaluated" ? `evaluated:${event.verdict}` : event.type;
}

it("knows every reason for a pause", () => {
  const all: Record<PauseReason, true> = {
    approval: true,
    drift: true,
    srm: true,
    underpowered: true,
    inconclusive: true,
    metrics: true,
    capacity: true,
    control: true,
    promote: true,
    requested: true,
  };
  expect([...PAUSE_REASONS].sort()).toEqual(Object.keys(all).sort());
});
