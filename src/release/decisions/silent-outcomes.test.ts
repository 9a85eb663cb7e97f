import { describe, expect, it } from "vitest";
import { alternating, decideHalf } from "./testing/decide-half.js";
import { rule } from "./testing/simulated-traffic.js";

/** Two arms of 1,000 conversations, of which only some arms ever hear an outcome. */
function resolutionWith(told: readonly ("canary" | "stable")[]) {
  const conversations = alternating(2000, (arm, index) => ({
    resolved: told.includes(arm) ? { value: index % 10 > 1, at: 1 } : null,
  }));
  return decideHalf(conversations, [rule("resolution_rate", "-2% vs control")]);
}

describe("outcomes that nobody tells", () => {
  it.each([
    { told: [], silent: "canary and stable" },
    { told: ["canary" as const], silent: "stable" },
  ])("are no pass: told of $told", ({ told, silent }) => {
    const decision = resolutionWith(told);
    expect(decision.verdict).toBe("inconclusive");
    expect(decision.reason).toContain(`nobody told an outcome of ${silent}: silence is no figure`);
  });

  it("do not hold up a release whose outcomes are told", () => {
    expect(resolutionWith(["canary", "stable"]).rules[0]?.reason).not.toContain("silence");
  });
});
