import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TrialRow } from "../../metrics/metric.js";
import { type CaseOutcomes, evidenceOf, judgeRule, type Outcome } from "../testing/run-samples.js";

function caseOf(id: string, row: Partial<TrialRow>, outcome: Outcome = 1): CaseOutcomes {
  return { id, trials: [outcome], row };
}

function judge(rule: object, cases: readonly CaseOutcomes[]) {
  return judgeRule(rule, evidenceOf(cases));
}

const tokens = (value: number) => ({ scores: { "tokens.total": { value } } });

describe("a budget in dollars", () => {
  const known = [caseOf("a", { costUsd: 0.1 }), caseOf("b", { costUsd: 0.2 }, "error")];

  it("sums what every trial cost, broken ones included", () => {
    expect(judge({ budget: "usd", max: 0.3 }, known)).toMatchObject({
      verdict: "pass",
      required: "<= $0.3 over the whole run",
      reason: "The trials took $0.3, wanted at most $0.3.",
      estimate: { value: 0.1 + 0.2, unit: "usd", n: 2 },
      metric: null,
    });
    expect(judge({ budget: "usd", max: 0.2999 }, known).verdict).toBe("fail");
  });

  it("does not take an unknown cost for none", () => {
    const cases = [...known, caseOf("c", {})];
    expect(judge({ budget: "usd", max: 1 }, cases)).toMatchObject({
      verdict: "inconclusive",
      reason: "The trials took at least $0.3, wanted at most $1; unknown of 1 of 3: 1 (the cost is unknown).",
      estimate: { value: null, unscored: { "the cost is unknown": 1 } },
      toSettle: "what 1 more trials took",
    });
    expect(judge({ budget: "usd", max: 0.25 }, cases).verdict).toBe("fail");
  });

  it("does not pass before the run is over, nor without a trial", () => {
    expect(judge({ budget: "usd", max: 1 }, [...known, caseOf("c", {}, "not run")])).toMatchObject({
      verdict: "inconclusive",
      estimate: { unscored: { "not run": 1 } },
    });
    expect(judge({ budget: "usd", max: 1 }, [])).toMatchObject({
      verdict: "inconclusive",
      reason: "Of no trial it is known what it took, wanted at most $1.",
    });
    expect(judge({ budget: "usd", max: 0 }, [caseOf("a", { costUsd: 0 })]).verdict).toBe("pass");
  });
});

describe("a budget in tokens", () => {
  it("sums tokens.total", () => {
    const cases = [caseOf("a", tokens(1200)), caseOf("b", tokens(800))];
    expect(judge({ budget: "tokens", max: 2000 }, cases)).toMatchObject({
      verdict: "pass",
      reason: "The trials took 2000 tokens, wanted at most 2000.",
      estimate: { value: 2000, unit: "tokens" },
    });
    expect(judge({ budget: "tokens", max: 1999 }, cases).verdict).toBe("fail");
    expect(judge({ budget: "tokens", max: 2000 }, [...cases, caseOf("c", {})])).toMatchObject({
      verdict: "inconclusive",
      estimate: { unscored: { "tokens.total was not measured": 1 } },
    });
  });
});

describe("a budget in seconds", () => {
  const cases = [
    caseOf("a", { durationMs: 1500, startedAtMs: 10_000 }),
    caseOf("b", { durationMs: 2500, startedAtMs: 10_500 }),
  ];

  it("sums the time of trials that ran side by side, and says how long that was", () => {
    expect(judge({ budget: "seconds", max: 4 }, cases)).toMatchObject({
      verdict: "pass",
      required: "<= 4 seconds over the whole run",
      reason:
        "The trials took 4000 ms, wanted at most 4000 ms. From the first start to the last end: 3000 ms.",
      estimate: { value: 4000, unit: "ms" },
    });
    expect(judge({ budget: "seconds", max: 3.9 }, cases).verdict).toBe("fail");
  });

  it("does not time what nobody timed", () => {
    const untimed = caseOf("c", { durationMs: 0, untimed: "answered from the response cache" });
    expect(judge({ budget: "seconds", max: 9 }, [...cases, untimed])).toMatchObject({
      verdict: "inconclusive",
      reason:
        "The trials took at least 4000 ms, wanted at most 9000 ms; unknown of 1 of 3: 1 (answered from the response cache).",
    });
    expect(judge({ budget: "seconds", max: 3 }, [...cases, untimed]).verdict).toBe("fail");
  });
});

describe("any budget", () => {
  it("passes only what is known in full, and fails only what is above", () => {
    const costs = fc.array(fc.option(fc.integer({ min: 0, max: 50 })), { maxLength: 8 });
    fc.assert(
      fc.property(costs, fc.integer({ min: 0, max: 200 }), (spent, max) => {
        const cases = spent.map((costUsd, index) => caseOf(`c${index}`, { costUsd }));
        const sum = spent.reduce<number>((total, cost) => total + (cost ?? 0), 0);
        const isKnown = spent.length > 0 && !spent.includes(null);
        const expected = sum > max ? "fail" : isKnown ? "pass" : "inconclusive";
        expect(judge({ budget: "usd", max }, cases).verdict).toBe(expected);
      }),
    );
  });
});
