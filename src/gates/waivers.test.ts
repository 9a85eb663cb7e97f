import { describe, expect, it } from "vitest";
import { gatesSchema } from "../config/gates/gates-schema.js";
import { judgeGates } from "./judge-gates.js";
import { COMPLETE_RUN, NO_STANDINGS, sampleEstimate, sampleEvidence } from "./testing/gate-samples.js";
import { waiverDaysLeft } from "./waivers.js";

const GOOD = { metric: "good", min: 0.5 };
const BAD = { metric: "bad", min: 0.5 };
const ESTIMATES = [
  sampleEstimate({ metric: "good", value: 0.9 }),
  sampleEstimate({ metric: "bad", value: 0.1 }),
];

function judge(gates: readonly object[], waivers: readonly object[], now = "2026-11-21T10:00:00Z") {
  const rules = gatesSchema.parse({
    version: 1,
    gates,
    waivers: waivers.map((one) => ({ by: "ana", reason: "slow provider", until: "2026-11-30", ...one })),
  });
  const run = { ...COMPLETE_RUN, standings: { ...NO_STANDINGS, now } };
  return judgeGates(rules, sampleEvidence(ESTIMATES, run));
}

describe("a waiver", () => {
  it("takes a gate's say in the verdict, and leaves its own", () => {
    const report = judge([GOOD, BAD], [{ gate: "bad" }]);
    expect(report).toMatchObject({ verdict: "pass", reasons: [] });
    expect(report.results[1]).toMatchObject({ verdict: "fail", waiver: { gate: "bad", by: "ana" } });
    expect(report.notes).toEqual(["bad fails and is waived by ana until 2026-11-30: slow provider"]);
  });

  it("of a critical gate is said aloud", () => {
    const report = judge([GOOD, { ...BAD, severity: "critical" }], [{ gate: "bad" }]);
    expect(report.verdict).toBe("pass");
    expect(report.notes[0]).toBe(
      "the CRITICAL gate bad fails and is waived by ana until 2026-11-30: slow provider",
    );
  });

  it("covers what is inconclusive as well, and no other gate", () => {
    const report = judge([{ metric: "unheard", min: 0 }, BAD], [{ gate: "unheard" }]);
    expect(report.verdict).toBe("fail");
    expect(report.reasons).toEqual(["bad fails: Measured 0.1, wanted at least 0.5."]);
    expect(report.notes[0]).toContain("unheard is inconclusive and is waived by ana");
  });

  it("can be removed when its gate passes", () => {
    const report = judge([GOOD], [{ gate: "good" }]);
    expect(report.verdict).toBe("pass");
    expect(report.results[0]?.waiver).toBeNull();
    expect(report.notes).toEqual(["good passes, so that its waiver by ana can be removed"]);
  });

  it.each([
    ["fails", BAD, "bad"],
    ["passes", GOOD, "good"],
    ["is only a warning", { ...BAD, severity: "minor" }, "bad"],
    ["is skipped", { ...GOOD, when: "suite = other" }, "good"],
  ])("that has expired fails the report, even where its gate %s", (_what, gate, name) => {
    const report = judge(
      [gate, { metric: "good", min: 0.1, name: "other" }],
      [{ gate: name, until: "2026-11-20" }],
    );
    expect(report.verdict).toBe("fail");
    expect(report.reasons).toContain(
      `The waiver of ${name} by ana expired on 2026-11-20 (slow provider); renew it with a new day, or remove it.`,
    );
    expect(report.results.every(({ waiver }) => waiver === null)).toBe(true);
  });

  it("does not make an incomplete run complete", () => {
    const rules = gatesSchema.parse({
      version: 1,
      gates: [BAD],
      waivers: [{ gate: "bad", by: "ana", reason: "r", until: "2026-11-30" }],
    });
    const run = {
      ...COMPLETE_RUN,
      completed: 90,
      standings: { ...NO_STANDINGS, now: "2026-11-21T00:00:00Z" },
    };
    expect(judgeGates(rules, sampleEvidence(ESTIMATES, run)).verdict).toBe("inconclusive");
  });

  it.each([
    ["2026-11-21T10:00:00Z", "2026-11-21", 1],
    ["2026-11-21T00:00:00Z", "2026-11-21", 1],
    ["2026-11-21T23:59:59.999Z", "2026-11-21", 1],
    ["2026-11-22T00:00:00Z", "2026-11-21", 0],
    ["2026-11-22T00:00:00.001Z", "2026-11-21", 0],
    ["2026-11-21T10:00:00Z", "2026-12-01", 11],
    ["", "2026-12-01", 0],
  ])("at %s until %s has %i days left", (now, until, days) => {
    expect(waiverDaysLeft({ until }, now) + 0).toBe(days);
  });
});

describe("a condition", () => {
  const judgeWith = (gates: readonly object[], changed: boolean | null) =>
    judgeGates(
      gatesSchema.parse({ version: 1, gates }),
      sampleEvidence(ESTIMATES, COMPLETE_RUN, { changed: () => changed }),
    );

  it("that does not hold leaves its gate out, with the reason", () => {
    const report = judgeWith([GOOD, { ...BAD, when: "changed(prompt)" }], false);
    expect(report.verdict).toBe("pass");
    expect(report.results.map(({ name }) => name)).toEqual(["good"]);
    expect(report.skipped).toEqual([
      { name: "bad", reason: "Its condition does not hold: changed(prompt)." },
    ]);
  });

  it.each([true, null])("that holds or that nobody knows leaves it in (%s)", (changed) => {
    const report = judgeWith([GOOD, { ...BAD, when: "changed(prompt)" }], changed);
    expect(report.verdict).toBe("fail");
    expect(report.skipped).toEqual([]);
    expect(report.notes).toEqual(
      changed === null
        ? ["nobody knows whether the condition of bad holds (changed(prompt)), so it was judged"]
        : [],
    );
  });

  it("keeps the run from passing when it leaves nothing that decides", () => {
    const skipped = { ...GOOD, when: "changed(prompt)" };
    expect(judgeWith([skipped], false)).toMatchObject({
      verdict: "inconclusive",
      reasons: ["No gate was judged: the condition of good does not hold."],
    });
    expect(judgeWith([skipped, { ...GOOD, name: "warning", severity: "minor" }], false)).toMatchObject({
      verdict: "inconclusive",
      reasons: ["No critical or major gate was judged: the condition of good does not hold."],
    });
  });

  it("asks the run for its suite, tags, provider, model and agent", () => {
    const { run } = sampleEvidence([]).own;
    const holds = (when: string) => judgeWith([GOOD, { ...BAD, when }], null).skipped.length === 0;
    expect(holds(`suite = ${run.suite} and provider = ${run.provider} and agent = ${run.agentName}`)).toBe(
      true,
    );
    expect(holds(`model = "${run.model}"`)).toBe(true);
    expect(holds("tag = nowhere")).toBe(false);
    expect(holds("suite = other")).toBe(false);
  });
});
