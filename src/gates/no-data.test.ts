import { describe, expect, it } from "vitest";
import { gatesSchema } from "../config/gates/gates-schema.js";
import type { RunStatus } from "../core/run.js";
import { exitCodeFor } from "./exit-code.js";
import type { GateEvidence } from "./gate-evidence.js";
import { judgeGates } from "./judge-gates.js";
import { type CaseOutcomes, evidenceOf, type Outcome } from "./testing/run-samples.js";

const METRIC = "task.success";

const RULES = {
  "threshold on the estimate": { metric: METRIC, min: 0 },
  "threshold on a bound": { metric: METRIC, min: 0, bound: "lower" },
  "ceiling on a bound": { metric: METRIC, max: 1, bound: "upper" },
  "no worse": { metric: METRIC, no_worse_than: "baseline", margin: 0.5 },
  "no worse by a share": { metric: METRIC, no_worse_than: "baseline", margin: "50%" },
  "no significant drop": { metric: METRIC, no_worse_than: "baseline", rule: "significant-drop" },
  better: { metric: METRIC, better_than: "baseline" },
  "slices by threshold": { by: ["risk"], metric: METRIC, min: 0 },
  "slices against a baseline": { by: ["risk"], metric: METRIC, no_worse_than: "baseline", margin: 0.5 },
  trend: { metric: METRIC, trend: "not-falling", runs: 2 },
  "coverage of scores": { coverage: "scored", metric: METRIC, min: 0.01 },
  "must pass": { must_pass: ["c0"], trials: "any" },
  "must pass by condition": { must_pass: "id = c0" },
  "of another metric": { metric: "faithfulness", min: 0 },
  all: { all: [{ metric: METRIC, min: 0 }] },
  any: {
    any: [
      { metric: METRIC, min: 0 },
      { metric: "faithfulness", min: 0 },
    ],
  },
} as const;

const cases = (outcome: Outcome): CaseOutcomes[] =>
  Array.from({ length: 12 }, (_, index) => ({ id: `c${index}`, trials: [outcome] }));

const RUNS: Readonly<Record<string, readonly CaseOutcomes[]>> = {
  "no case": [],
  "no trial that was run": cases("not run"),
  "errors alone": cases("error"),
  "no score": cases("unscored"),
};

function judged(rule: object, evidence: GateEvidence) {
  const list = "by" in rule ? { slices: [rule] } : { gates: [rule] };
  return judgeGates(gatesSchema.parse({ version: 1, ...list }), evidence);
}

/** Against a baseline of which everything is known. */
function against(evidence: GateEvidence, baseline: readonly CaseOutcomes[] = cases(1)): GateEvidence {
  const { own } = evidenceOf(baseline);
  return { ...evidence, baselineOf: () => ({ found: own }) };
}

describe.each(Object.entries(RULES))("no data is no pass: %s", (name, rule) => {
  it.each(Object.keys(RUNS))("of %s", (run) => {
    const report = judged(rule, against(evidenceOf(RUNS[run] ?? [])));
    const [result] = report.results;
    expect([run, result?.verdict]).not.toEqual([run, "pass"]);
    expect(result?.reason).toMatch(/\.$/);
    expect(report.verdict).not.toBe("pass");
    expect(exitCodeFor(report.verdict)).toBe(run === "no score" ? 1 : 3);
  });

  it.each([
    "interrupted",
    "running",
    "budget_exhausted",
    "failed_fast",
  ] as const satisfies readonly RunStatus[])("of a run that is %s", (status) => {
    const half = cases(1).map((one, index) => (index < 6 ? one : { ...one, trials: ["not run" as const] }));
    const evidence = against(evidenceOf(half));
    const open = { ...evidence, judged: { ...evidence.judged, status } };
    expect(judged(rule, open).verdict).not.toBe("pass");
  });

  it("against a baseline without data", () => {
    if (!("no_worse_than" in rule || "better_than" in rule)) return;
    for (const baseline of [[], cases("unscored"), cases("not run")]) {
      expect([name, judged(rule, against(evidenceOf(cases(1)), baseline)).results[0]?.verdict]).toEqual([
        name,
        "inconclusive",
      ]);
    }
    expect(judged(rule, evidenceOf(cases(1))).results[0]?.verdict).toBe("inconclusive");
  });

  it("of one case is none where an interval is asked for", () => {
    if (!("no_worse_than" in rule || "better_than" in rule)) return;
    const one = cases(1).slice(0, 1);
    const verdict = judged(rule, against(evidenceOf(one), one)).results[0]?.verdict;
    // The significant drop passes for want of proof, and says so.
    expect([name, verdict]).toEqual([name, "rule" in rule ? "pass" : "inconclusive"]);
  });
});
