import { describe, expect, it } from "vitest";
import type { Arm } from "../../core/traffic-split.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import { decide } from "./decide.js";
import { alternating, decideHalf } from "./testing/decide-half.js";
import { evidenceOf, HOUR, planOf, rule, stepLogs } from "./testing/simulated-traffic.js";

const RESOLUTION = rule("resolution_rate", "-2% vs control");
const HANDOFF = rule("handoff_rate", "+2% vs control");
const WATCHED = { maturationMs: HOUR / 4, watchMs: HOUR };

/** Two arms of 1,000 conversations, of which only some arms ever hear an outcome. */
function outcomesOf(told: readonly Arm[]): ConversationRecord[] {
  return alternating(2000, (arm, index) => ({
    resolved: told.includes(arm) ? { value: index % 10 > 1, at: 1 } : null,
  }));
}

/** Two arms of 1,000 conversations, of which so many were handed off, and nothing is told of the others. */
function handoffsOf(canary: number, stable: number): ConversationRecord[] {
  const told = { canary, stable };
  return alternating(2000, (arm, index) => ({ handedOff: index < told[arm] ? true : null }));
}

/** The decision at the first of two steps with a control, where an open rule may wait. */
function earlyDecision(conversations: readonly ConversationRecord[], rules: (typeof RESOLUTION)[]) {
  const plan = planOf([5000, 6000], rules, WATCHED);
  const moment = { now: HOUR, step: 0, steps: stepLogs([5000]), phase: "bake" } as const;
  return decide(evidenceOf(conversations), plan, moment);
}

describe("outcomes that nobody tells", () => {
  it.each([
    { told: [], silent: "canary and stable" },
    { told: ["canary" as const], silent: "stable" },
    { told: ["stable" as const], silent: "canary" },
  ])("are no pass and no harm: told of $told", ({ told, silent }) => {
    const decision = decideHalf(outcomesOf(told), [RESOLUTION]);
    expect(decision).toMatchObject({ verdict: "inconclusive", abort: null });
    expect(decision.reason).toContain(`no figures for ${silent}: nobody told an outcome`);
  });

  it("do not hold up a release whose outcomes are told", () => {
    expect(decideHalf(outcomesOf(["canary", "stable"]), [RESOLUTION]).rules[0]?.reason).not.toContain(
      "no figures",
    );
  });

  it("of the canary alone are not left to a later step or to the watch, unless they are too young", () => {
    const silent = outcomesOf(["stable"]);
    expect(earlyDecision(silent, [RESOLUTION])).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringContaining("no figures for canary"),
    });
    const young = silent.map((one) => ({ ...one, firstAt: one.arm === "canary" ? HOUR : one.firstAt }));
    expect(earlyDecision(young, [RESOLUTION]).verdict).toBe("pass");
  });
});

describe("handoffs", () => {
  it.each([
    ["of no arm", 0, 0, "canary and stable"],
    ["of the canary, though stable has many", 0, 50, "canary"],
  ])("that nobody tells %s are no pass and no harm", (_, canary, stable, silent) => {
    const decision = decideHalf(handoffsOf(canary, stable), [HANDOFF]);
    expect(decision).toMatchObject({ verdict: "inconclusive", abort: null });
    expect(decision.reason).toContain(`no figures for ${silent}: nobody told whether it was handed off`);
  });

  it("may be none where few happen, and where somebody says so", () => {
    expect(decideHalf(handoffsOf(0, 3), [HANDOFF]).verdict).toBe("pass");
    const denied = handoffsOf(0, 50).map((one) => ({ ...one, handedOff: one.handedOff ?? false }));
    expect(decideHalf(denied, [HANDOFF]).verdict).toBe("pass");
  });

  it("that are told of the canary are harm, whoever is silent about stable", () => {
    const { abort } = decideHalf(handoffsOf(300, 0), [HANDOFF]);
    expect(abort).toContain("handoff_rate: canary 30 %");
  });
});
