import { describe, expect, it } from "vitest";
import type { GoldenCase } from "../../core/golden-case.js";
import { checkRecordedTrials, planTrials, remainingTrials } from "./plan.js";

const cases = ["a", "b", "c"].map((id) => ({ id, hash: `hash-${id}` }) as GoldenCase);

describe("planTrials", () => {
  it("covers every case before it repeats one", () => {
    const plan = planTrials(cases, 2, null);
    expect(plan.map((one) => `${one.caseId}${one.trial}`)).toEqual(["a0", "b0", "c0", "a1", "b1", "c1"]);
  });

  it("plans what the recording holds, by its own trial numbers", () => {
    const recorded: Record<string, number[]> = { a: [0, 1], b: [], c: [1] };
    const plan = planTrials(cases, 2, (id) => recorded[id] ?? []);
    expect(plan.map((one) => `${one.caseId}${one.trial}`)).toEqual(["a0", "c1", "a1"]);
  });
});

describe("checkRecordedTrials", () => {
  it("refuses more trials than any case has", () => {
    expect(() => checkRecordedTrials(cases, 2, () => [0], "r.jsonl")).toThrow(
      "r.jsonl holds at most 1 a case",
    );
    expect(() => checkRecordedTrials(cases, 1, () => [0], "r.jsonl")).not.toThrow();
  });

  it("refuses a recording of other cases", () => {
    expect(() => checkRecordedTrials(cases, 1, () => [], "r.jsonl")).toThrow(
      "no trial of the 3 selected cases",
    );
  });
});

describe("remainingTrials", () => {
  const plan = planTrials(cases, 1, null);
  const finished = [
    { caseId: "a", trial: 0, status: "completed" as const },
    { caseId: "b", trial: 0, status: "error" as const },
  ];

  it("repeats nothing that is stored", () => {
    expect(remainingTrials(plan, finished, false).map((one) => one.caseId)).toEqual(["c"]);
  });

  it("repeats errors on request", () => {
    expect(remainingTrials(plan, finished, true).map((one) => one.caseId)).toEqual(["b", "c"]);
  });
});
