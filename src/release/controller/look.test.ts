import { expect, it } from "vitest";
import { conversation, HOUR, stepLogs } from "../decisions/testing/simulated-traffic.js";
import { sampleEvidence, samplePlan, sampleRelease } from "../testing/sample-release.js";
import { asEvidence, conversationsOfStep, type Look } from "./look.js";
import type { Turn } from "./turn.js";

it("a router whose clock is an hour ahead fills no later step with the conversations of an earlier one", () => {
  const ahead = conversation("c-1", "canary", 1.5 * HOUR, 100);
  const own = conversation("c-2", "canary", 1.5 * HOUR, 500);
  const seen = { steps: stepLogs([100, 500]), step: 1, evidence: { conversations: [ahead, own] } };
  expect(conversationsOfStep(seen)).toBe(1);
});

it("keeps a look without a text of all its conversations, which a large release has no room for", () => {
  const conversations = [conversation("c-1", "canary", 0, 500), conversation("c-2", "stable", 0, 500)];
  Object.assign(conversations, {
    toJSON: () => {
      throw new Error("too long");
    },
  });
  const evidence = sampleEvidence({ conversations, conversationsHash: () => "ab" });
  const turn = { desk: { release: sampleRelease({ plan: samplePlan() }) } } as unknown as Turn;
  const seen = { at: 1, step: 0, steps: stepLogs([500]), evidence, decision: { verdict: "pass" } };
  const [kept] = asEvidence(turn, seen as unknown as Look, "every rule passes").evidence;
  expect(kept).toMatchObject({ conversationsHash: "ab", counts: { canary: 1, stable: 1 } });
  expect(kept).not.toHaveProperty("conversations");
});
