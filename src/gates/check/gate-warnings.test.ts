import { describe, expect, it } from "vitest";
import { gatesSchema } from "../../config/gates/gates-schema.js";
import type { MetricUnit } from "../../core/score.js";
import { wilson } from "../../stats/wilson.js";
import { uniqueNames } from "../gate-kind.js";
import { canaryInWords } from "./canary-words.js";
import { waiverWarnings, warningsOf } from "./gate-warnings.js";
import { ruleInWords } from "./rule-words.js";

const UNITS: Readonly<Record<string, MetricUnit>> = {
  "task.success": "proportion",
  "latency.p95_ms": "ms",
  "cost.per_success_usd": "usd",
  steps: "count",
  "judge.help": "rating",
};
const unitOf = (metric: string) => UNITS[metric];

function parse(gates: readonly object[], slices: readonly object[] = []) {
  return gatesSchema.parse({ version: 1, gates, ...(slices.length > 0 ? { slices } : {}) });
}

function warn(gates: readonly object[], cases: number | null = 500): readonly string[] {
  const rules = parse(gates).gates;
  const names = uniqueNames(rules);
  const ids = cases === null ? null : new Set(Array.from({ length: cases }, (_, index) => `c${index}`));
  return warningsOf(
    rules.map((rule, index) => ({ rule, name: names[index] as string })),
    { unitOf, caseIds: ids, level: 0.95, whyNotCalibrated: () => "The judge is not calibrated." },
  ).map(({ gate, message }) => `${gate}: ${message}`);
}

describe("warnings of gate check", () => {
  it.each([
    [{ metric: "task.success", min: 0 }],
    [{ metric: "task.success", min: 0, max: 1 }],
    [{ metric: "steps", min: 0 }],
    [{ coverage: "reviewed", min: 0 }],
    [
      {
        any: [
          { metric: "task.success", max: 1 },
          { metric: "steps", max: 3 },
        ],
      },
    ],
    [
      {
        all: [
          { metric: "steps", min: 0 },
          { metric: "task.success", max: 1 },
        ],
      },
    ],
  ])("%j can never fail", (gate) => {
    expect(warn([gate]).join()).toContain("can never fail");
  });

  it.each([
    [{ metric: "task.success", min: 0.01 }],
    [{ metric: "steps", min: 0, max: 9 }],
    [{ metric: "judge.help", min: 0 }],
    [{ metric: "task.success", no_worse_than: "main", margin: 0.1 }],
    [{ metric: "task.success", better_than: "main" }],
    [{ budget: "usd", max: 0 }],
    [{ must_pass: "tag = a" }],
    [{ metric: "steps", trend: "not-rising", runs: 3 }],
    [
      {
        all: [
          { metric: "steps", min: 0 },
          { metric: "steps", max: 3 },
        ],
      },
    ],
  ])("%j can", (gate) => {
    expect(warn([gate]).join()).not.toContain("can never fail");
  });

  it("tells a floor that so few cases cannot reach, exactly", () => {
    const gate = { metric: "task.success", min: 0.95, bound: "lower" };
    expect(warn([gate], 72)).toEqual([
      "task.success: cannot pass with one trial of 72 cases: the lower limit reaches 0.95 with 73 cases or more, all of them passed",
    ]);
    expect(warn([gate], 73)).toEqual([]);
    expect(wilson(72, 72).lower).toBeLessThan(0.95);
    expect(wilson(73, 73).lower).toBeGreaterThanOrEqual(0.95);
  });

  it("tells a plain threshold on few cases that chance has a say", () => {
    expect(warn([{ metric: "task.success", min: 0.8 }], 20)[0]).toMatch(
      /chance has a say: with 20 cases the 95 % interval around 0.8 is about \[0.58, 0.92\]/,
    );
    expect(warn([{ metric: "task.success", min: 0.8 }], 500)).toEqual([]);
    expect(warn([{ metric: "task.success", min: 0.8 }], null)).toEqual([]);
  });

  it("tells judges without a calibration, unknown cases, twins, and files that block nothing", () => {
    expect(warn([{ metric: "judge.help", min: 4 }])).toEqual([
      "judge.help: judge.help decides nothing yet. The judge is not calibrated.",
    ]);
    expect(warn([{ must_pass: ["c1", "x", "y"] }], 3)).toEqual([
      "must pass: the golden set has no case x, y",
    ]);
    expect(
      warn([
        { metric: "steps", max: 3 },
        { name: "again", metric: "steps", max: 3 },
      ]),
    ).toEqual(["again: says the same as steps"]);
    expect(warn([{ metric: "steps", max: 3, severity: "minor" }])).toEqual([
      "null: every gate is minor, so that none can block: any complete run passes",
    ]);
  });

  it("tells waivers that end, have ended, or are of a critical gate", () => {
    const waiver = { gate: "g", by: "ana", reason: "r", until: "2026-12-31" };
    const said = (daysLeft: number, severity = "major") =>
      waiverWarnings([{ ...waiver, daysLeft }], () => severity).map(({ message }) => message);
    expect(said(30)).toEqual([]);
    expect(said(7)).toEqual(["its waiver by ana ends on 2026-12-31; from then on every run fails"]);
    expect(said(0)).toEqual([
      "its waiver by ana expired on 2026-12-31: every run fails until it is renewed or removed",
    ]);
    expect(said(30, "critical")).toEqual(["a critical gate is waived by ana until 2026-12-31"]);
  });
});

describe("rules in words", () => {
  it.each([
    [
      { metric: "latency.p95_ms", min: 1, max: 3500, bound: "upper" },
      "the upper limit of latency.p95_ms is at least 1 ms and at most 3500 ms",
    ],
    [
      { metric: "task.success", no_worse_than: "baseline", margin: 0.01 },
      "task.success is shown to be no worse than in main by 1 point",
    ],
    [
      { metric: "task.success", no_worse_than: "v1", rule: "significant-drop", margin: 0.02 },
      "task.success shows no significant loss against v1 of more than 2 points",
    ],
    [
      { metric: "latency.p95_ms", better_than: "main", margin: "10%" },
      "latency.p95_ms is shown to be better than in main by more than 10 % of it",
    ],
    [
      { metric: "steps", trend: "not-rising", runs: 3 },
      "not each of the last 3 runs rises in steps against the one before it",
    ],
    [
      { coverage: "reviewed", where: "risk = high", min: 1 },
      "at least 100 % of the cases with risk = high have an approved review",
    ],
    [{ coverage: "cases", by: "tag", min: 5 }, "there are at least 5 cases, in every tag"],
    [
      { coverage: "scored", metric: "steps", min: 0.9 },
      "at least 90 % of the planned trials of the cases have a score of steps",
    ],
    [{ must_pass: ["a"] }, "the case a passes in every trial"],
    [
      { must_pass: "tag = x", trials: "majority" },
      "every case with tag = x passes in more than half of its trials",
    ],
    [{ budget: "usd", max: 2 }, "all trials together take at most $2"],
    [{ any: [{ budget: "usd", max: 2 }] }, "one of 1 parts passes"],
  ])("%j", (gate, words) => {
    const [rule] = parse([gate]).gates;
    expect(rule && ruleInWords(rule, "main", unitOf)).toBe(words);
  });

  it("of slices", () => {
    const { slices = [] } = parse(
      [],
      [
        { by: ["tag", "risk"], metric: "task.success", no_worse_than: "baseline", margin: 0.05 },
        { by: ["tag"], metric: "task.success", min: 0.8 },
      ],
    );
    expect(slices.map((rule) => ruleInWords(rule, "main", unitOf))).toEqual([
      "in every tag and every risk, task.success is no worse than in main by 5 points",
      "in every tag, task.success is at least 0.8",
    ]);
  });

  it("of a canary", () => {
    const { canary } = gatesSchema.parse({
      version: 1,
      canary: {
        steps: [
          { traffic: "1%", bake: "30m", min_conversations: 300 },
          { traffic: "50%", bake: "36h", approval: "required" },
        ],
        rollback_triggers: { safety_violations: { threshold: "+1 per 10K conversations", window: "90s" } },
      },
    });
    expect(canary && canaryInWords(canary)).toEqual([
      "step 1: 1 % of traffic for at least 30 min and 300 conversations",
      "step 2: 50 % of traffic for at least 36 h, then a person must agree",
      "roll back when safety_violations rises by more than 1 per 10,000 conversations against the control over 90 s",
    ]);
  });
});
