import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gatesSchema } from "../../config/gates/gates-schema.js";
import { judgeGates } from "../judge-gates.js";
import { COMPLETE_RUN, sampleEstimate, sampleEvidence } from "../testing/gate-samples.js";

const GOOD = { metric: "good", min: 0.5 };
const BAD = { metric: "bad", min: 0.5 };
const OPEN = { metric: "open", min: 0.5, bound: "lower" };
const ESTIMATES = [
  sampleEstimate({ metric: "good", value: 0.9 }),
  sampleEstimate({ metric: "bad", value: 0.1 }),
  sampleEstimate({
    metric: "open",
    value: 0.6,
    lower: 0.4,
    upper: 0.8,
    n: 40,
    method: "clustered-t",
    clusters: 10,
  }),
];

function judge(...gates: object[]) {
  const rules = gatesSchema.parse({ version: 1, gates });
  return judgeGates(rules, sampleEvidence(ESTIMATES, COMPLETE_RUN));
}

function judgeOne(gate: object) {
  const [result] = judge(gate).results;
  if (result === undefined) throw new Error("no result");
  return result;
}

describe("gates of gates", () => {
  it.each([
    ["all", [GOOD, GOOD], "pass"],
    ["all", [GOOD, OPEN], "inconclusive"],
    ["all", [OPEN, BAD], "fail"],
    ["any", [BAD, GOOD], "pass"],
    ["any", [OPEN, GOOD], "pass"],
    ["any", [OPEN, BAD], "inconclusive"],
    ["any", [BAD, BAD], "fail"],
    ["any", [BAD, { all: [GOOD, GOOD] }], "pass"],
    ["all", [GOOD, { any: [BAD, OPEN] }], "inconclusive"],
    ["all", [GOOD, { any: [BAD, BAD] }], "fail"],
  ] as const)("%s of %j: %s", (kind, parts, verdict) => {
    const result = judgeOne({ [kind]: parts });
    expect(result.verdict).toBe(verdict);
    expect(result.parts).toHaveLength(parts.length);
    expect(result.kind).toBe(kind);
  });

  it("says which parts decide, and what would settle the open ones", () => {
    const whole = judgeOne({ name: "cheap or good", any: [BAD, OPEN] });
    expect(whole).toMatchObject({
      name: "cheap or good",
      required: "one of 2 parts passes",
      reason:
        "0 of 2 parts pass. bad fails: Measured 0.1, wanted at least 0.5. open is inconclusive: The interval [0.4, 0.8] straddles 0.5; about 30 more cases at the same rate would settle it.",
      toSettle: "about 30 more cases at the same rate for open",
    });
    expect(judgeOne({ all: [GOOD, BAD] })).toMatchObject({
      name: "all of good, bad",
      required: "all 2 parts pass",
      reason: "1 of 2 parts pass. bad fails: Measured 0.1, wanted at least 0.5.",
      toSettle: null,
    });
  });

  it("names parts of one name apart, and lets them weigh what the whole weighs", () => {
    const report = judge({ all: [BAD, BAD], severity: "minor" });
    expect(report.verdict).toBe("pass");
    expect(report.results[0]?.parts.map(({ name, severity }) => [name, severity])).toEqual([
      ["bad", "minor"],
      ["bad #2", "minor"],
    ]);
  });

  it("keep a judge that is not calibrated from deciding", () => {
    const result = judgeOne({ any: [{ metric: "judge.help", min: 0 }, BAD] });
    expect(result.verdict).toBe("inconclusive");
  });

  it("any is all with every verdict turned round", () => {
    const parts = fc.array(fc.constantFrom(GOOD, BAD, OPEN), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(parts, (some) => {
        const turned = some.map((part) => (part === GOOD ? BAD : part === BAD ? GOOD : OPEN));
        const swap = { pass: "fail", fail: "pass", inconclusive: "inconclusive", error: "error" } as const;
        expect(swap[judgeOne({ any: some }).verdict]).toBe(judgeOne({ all: turned }).verdict);
      }),
    );
  });
});
