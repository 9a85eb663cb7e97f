import { expect, it } from "vitest";
import { conversation, HOUR, stepLogs } from "../decisions/testing/simulated-traffic.js";
import { conversationsOfStep } from "./look.js";

it("a router whose clock is an hour ahead fills no later step with the conversations of an earlier one", () => {
  const ahead = conversation("c-1", "canary", 1.5 * HOUR, 100);
  const own = conversation("c-2", "canary", 1.5 * HOUR, 500);
  const seen = { steps: stepLogs([100, 500]), step: 1, evidence: { conversations: [ahead, own] } };
  expect(conversationsOfStep(seen)).toBe(1);
});
