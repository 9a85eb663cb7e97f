import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LiveEvent } from "../../core/live-event.js";
import { EventFold } from "./fold-events.js";
import { hashConversations } from "./hash-conversations.js";
import { liveEvent, servedEvent } from "./testing/live-events.js";

const START = Date.parse("2026-11-22T00:00:00.000Z");

function fold(events: readonly LiveEvent[]): EventFold {
  const folded = new EventFold({ service: "support", names: ["rel-1", "salt-1"], from: START });
  for (const event of events) folded.add(event, Date.parse(event.timestamp));
  return folded;
}

/** A log with everything that happens to conversations. */
const LOG: readonly LiveEvent[] = [
  servedEvent("1", "c-1", {}, START + 1000),
  servedEvent("2", "c-1", { ok: false, latencyMs: 900, firstTokenMs: null, costUsd: null }, START + 5000),
  servedEvent("3", "c-2", { arm: "stable", key: "user-7" }, START + 1500),
  servedEvent("4", "c-2", { arm: "canary", key: "user-7", bps: 2500 }, START + 9000),
  liveEvent("5", "feedback", "c-1", { kind: "resolution", value: false, source: "crm" }, START + 6000),
  liveEvent("6", "feedback", "c-1", { kind: "resolution", value: true, source: "crm" }, START + 7000),
  liveEvent("7", "feedback", "c-2", { kind: "thumb", value: false, source: "user" }, START + 1600),
  liveEvent("8", "feedback", "c-2", { kind: "handoff", value: true, source: "user" }, START + 1700),
  liveEvent("9", "safety_violation", "c-1", { rule: "pii", severity: "soft", verified: false }, START + 1200),
  liveEvent("10", "conversation_scored", "c-1", { metric: "tone", value: 0.2, by: "judge" }, START + 2000),
  liveEvent("11", "conversation_scored", "c-1", { metric: "tone", value: 0.7, by: "judge" }, START + 3000),
  liveEvent("22", "conversation_scored", "c-1", { metric: "grounding", value: 1, by: "judge" }, START + 2500),
  servedEvent("12", "c-3", { route: "override" }, START + 1000),
  servedEvent("13", "c-4", { route: "shadow" }, START + 1000),
  servedEvent("14", "c-5", { route: "no-id", key: null, arm: "stable" }, START + 2000),
  servedEvent("15", "c-6", { route: "fallback", arm: "stable" }, START + 2000),
  servedEvent("16", "c-7", { service: "other" }, START + 2000),
  servedEvent("17", "c-8", { release: "rel-0" }, START + 2000),
  servedEvent("18", "agentctl-probe-1", {}, START + 2000),
  servedEvent("19", "c-9", { release: null, bps: 0, arm: "stable" }, START + 500),
  servedEvent("20", "c-9", { release: "salt-1" }, START + 2500),
  servedEvent("21", "c-1", {}, START - 1),
];

describe("EventFold", () => {
  it("joins what is known of a conversation, by its first arm", () => {
    const [second, third, first] = [1, 2, 0].map((index) => fold(LOG).conversations()[index]);
    expect(first).toMatchObject({
      id: "c-1",
      arm: "canary",
      cluster: "c-1",
      stratum: "acme",
      bps: 500,
      firstAt: START + 600,
      resolved: { value: true, at: START + 7000 },
      handedOff: null,
      thumb: null,
      scores: { grounding: 1, tone: 0.7 },
      violations: [{ rule: "pii", severity: "soft", verified: false, at: START + 1200 }],
    });
    expect(first?.requests.map(({ ok, costUsd }) => [ok, costUsd])).toEqual([
      [true, 0.001],
      [false, null],
    ]);
    expect(second).toMatchObject({
      id: "c-2",
      arm: "stable",
      cluster: "user-7",
      handedOff: true,
      thumb: false,
    });
    expect(second?.requests).toHaveLength(1);
    expect(third).toMatchObject({ id: "c-9", arm: "canary", bps: 500, firstAt: START + 2100 });
  });

  it("leaves out, and counts, what was not assigned at random", () => {
    const folded = fold(LOG);
    expect(folded.conversations().map(({ id }) => id)).toEqual(["c-1", "c-2", "c-9"]);
    expect(folded.counts).toEqual({
      events: 19,
      duplicates: 0,
      others: 3,
      unassigned: { override: 1, probe: 1, shadow: 1 },
      crossed: 1,
    });
    expect([folded.withoutId(START), folded.withoutId(START + 2001)]).toEqual([1, 0]);
    expect([folded.fallbacks(START), folded.fallbacks(START + 2001)]).toEqual([1, 0]);
  });

  it("keeps conversations of two tenants apart that have one id", () => {
    const ofGlobex = (event: LiveEvent): LiveEvent => ({ ...event, tenant_id: "globex" });
    const [first, second, ...others] = fold([
      servedEvent("1", "c-1", {}, START + 1000),
      liveEvent("2", "feedback", "c-1", { kind: "resolution", value: true, source: "crm" }),
      ofGlobex(servedEvent("3", "c-1", {}, START + 1000)),
      ofGlobex(
        liveEvent("4", "safety_violation", "c-1", { rule: "pii", severity: "critical", verified: true }),
      ),
      ofGlobex(liveEvent("5", "feedback", "c-2", { kind: "handoff", value: true, source: "crm" })),
      liveEvent("6", "feedback", "c-2", { kind: "thumb", value: true, source: "crm" }),
    ]).conversations();
    expect(others).toEqual([]);
    expect([first?.isShared, second?.isShared]).toEqual([true, true]);
    expect(first).toMatchObject({
      stratum: "acme",
      cluster: "c-1",
      violations: [],
      resolved: { value: true },
    });
    expect(second).toMatchObject({ stratum: "globex", cluster: "c-1", resolved: null });
    expect(second?.violations).toHaveLength(1);
  });

  it("counts what is told under another tenant, and lets a verified violation find its conversation", () => {
    const ofScanner = (event: LiveEvent): LiveEvent => ({ ...event, tenant_id: "default" });
    const violation = (id: string, verified: boolean) =>
      ofScanner(liveEvent(id, "safety_violation", "c-1", { rule: "pii", severity: "critical", verified }));
    const events = [
      servedEvent("1", "c-1", {}, START + 1000),
      servedEvent("2", "c-2", {}, START + 2000),
      ofScanner(liveEvent("3", "feedback", "c-1", { kind: "resolution", value: true, source: "crm" })),
      violation("4", true),
      violation("5", false),
      ofScanner(liveEvent("6", "feedback", "c-9", { kind: "resolution", value: true, source: "crm" })),
    ];
    for (const folded of [fold(events), fold([...events].reverse())]) {
      const [first, second] = folded.conversations();
      expect(first).toMatchObject({ id: "c-1", stratum: "acme", resolved: null });
      expect(first?.violations).toEqual([expect.objectContaining({ rule: "pii", verified: true })]);
      expect([first?.isShared, second?.violations]).toEqual([undefined, []]);
      expect(folded.astray).toBe(1);
    }
  });

  it("gives the same whatever the order, and however often an event comes", () => {
    const whole = fold(LOG);
    fc.assert(
      fc.property(fc.shuffledSubarray([...LOG, ...LOG], { minLength: 2 * LOG.length }), (events) => {
        const folded = fold(events);
        expect(folded.conversations()).toEqual(whole.conversations());
        expect(hashConversations(folded.conversations())).toBe(hashConversations(whole.conversations()));
        expect(folded.counts).toMatchObject({ events: 19, duplicates: 19, crossed: 1 });
      }),
      { numRuns: 50 },
    );
  });

  it("gives the same in pieces as at once", () => {
    const folded = fold([]);
    for (const event of LOG) {
      folded.add(event, Date.parse(event.timestamp));
      folded.conversations();
    }
    expect(folded.conversations()).toEqual(fold(LOG).conversations());
  });
});
