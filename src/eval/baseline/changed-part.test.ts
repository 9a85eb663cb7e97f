import { describe, expect, it } from "vitest";
import type { RunHeader } from "../../core/run.js";
import { sampleRun } from "../../store/testing/store-samples.js";
import { changedPart } from "./changed-part.js";

const built = { prompt: "p1", model: "m1" };

function changed(part: string, now: Partial<RunHeader>, before: Partial<RunHeader>): boolean | null {
  return changedPart(sampleRun("r2", now), sampleRun("r1", before), part);
}

describe("changedPart", () => {
  it("compares hashes where both runs have them", () => {
    const parts = { ...built, prompt: "p2" };
    expect(changed("prompt", { parts, agentVersion: "b" }, { parts: built })).toBe(true);
    expect(changed("model", { parts, agentVersion: "b" }, { parts: built })).toBe(false);
  });

  it("takes agent, golden set and judges from the header", () => {
    expect(changed("agent", { agentVersion: "b" }, {})).toBe(true);
    expect(changed("agent", {}, {})).toBe(false);
    expect(changed("dataset", { datasetHash: "e" }, {})).toBe(true);
    const judges = [
      { metric: "judge.tone", version: "1" },
      { metric: "judge.help", version: "1" },
    ];
    expect(changed("judges", { judges }, { judges: [...judges].reverse() })).toBe(false);
    expect(changed("judges", { judges }, { judges: judges.slice(1) })).toBe(true);
  });

  it("knows of runs without hashes what follows from their versions", () => {
    expect(changed("prompt", {}, {})).toBe(false);
    expect(changed("tools", { parts: built }, {})).toBe(false);
    expect(changed("tools", { agentVersion: "b" }, {})).toBeNull();
    expect(changed("prompt", { agentVersion: "b", promptVersion: "2" }, {})).toBe(true);
    expect(changed("prompt", { agentVersion: "b" }, {})).toBeNull();
    expect(changed("user_model", { userModel: "openai/gpt" }, {})).toBe(true);
    expect(changed("user_model", {}, {})).toBeNull();
  });

  it("does not take the declared version of a foreign agent for knowledge of its parts", () => {
    const parts = { guardrails: "g" };
    expect(changed("model", { parts }, { parts })).toBeNull();
    expect(changed("guardrails", { parts }, { parts })).toBe(false);
  });
});
