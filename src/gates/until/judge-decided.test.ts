import { describe, expect, it } from "vitest";
import { gatesSchema } from "../../config/gates/gates-schema.js";
import { nonInferiorityPaired } from "../../stats/non-inferiority-paired.js";
import { SeededRandom } from "../../stats/random.js";
import type { GateEvidence } from "../gate-evidence.js";
import { judgeGates } from "../judge-gates.js";
import { type CaseOutcomes, evidenceOf, type Outcome } from "../testing/run-samples.js";
import { asDecided, isDecided } from "./judge-decided.js";
import { prefixOf } from "./trial-prefix.js";

function rulesOf(...gates: object[]) {
  return gatesSchema.parse({ version: 1, gates });
}

/** Cases of which the first were run, in the order given. */
function cases(outcomes: readonly (0 | 1)[], run: number): CaseOutcomes[] {
  return outcomes.map((outcome, index) => ({
    id: `c${index}`,
    trials: [index < run ? outcome : ("not run" as const)],
  }));
}

function repeat(...runs: readonly (readonly [outcome: 0 | 1, count: number])[]): (0 | 1)[] {
  return runs.flatMap(([outcome, count]) => new Array<0 | 1>(count).fill(outcome));
}

function shuffled(outcomes: readonly (0 | 1)[], random: SeededRandom): (0 | 1)[] {
  return outcomes
    .map((outcome) => ({ outcome, at: random.nextUnit() }))
    .sort((a, b) => a.at - b.at)
    .map(({ outcome }) => outcome);
}

/** Every seventh, then every seventh from the second on, and so on: as if drawn evenly. */
function interleaved<Item>(items: readonly Item[]): Item[] {
  return [0, 1, 2, 3, 4, 5, 6].flatMap((first) => items.filter((_, index) => index % 7 === first));
}

function stoppedAfter(outcomes: readonly (0 | 1)[], run: number): GateEvidence {
  const evidence = evidenceOf(cases(outcomes, run));
  return asDecided(evidence, evidence.own.rows);
}

function verdictOf(rules: ReturnType<typeof rulesOf>, evidence: GateEvidence) {
  return judgeGates(rules, evidence).results[0]?.verdict;
}

describe("a rate", () => {
  const floor = rulesOf({ metric: "task.success", min: 0.8 });

  it("is decided long before the end where it is far from the threshold, either way", () => {
    expect(verdictOf(floor, stoppedAfter(repeat([1, 200]), 60))).toBe("pass");
    expect(verdictOf(floor, stoppedAfter(repeat([0, 200]), 10))).toBe("fail");
    expect(verdictOf(floor, stoppedAfter(repeat([1, 200]), 5))).toBe("inconclusive");
    expect(verdictOf(floor, stoppedAfter(repeat([1, 16], [0, 4], [1, 180]), 20))).toBe("inconclusive");
  });

  it("is decided for certain where the rest cannot change it", () => {
    // 41 failures of 200 leave at most 79.5 %.
    expect(verdictOf(floor, stoppedAfter(repeat([1, 150], [0, 41], [1, 9]), 191))).toBe("fail");
    expect(verdictOf(floor, stoppedAfter(repeat([1, 160], [0, 40]), 160))).toBe("pass");
  });

  it("is the verdict of the whole run, more often than the error rate allows to differ", () => {
    const random = new SeededRandom(11);
    for (const passed of [92, 95, 96, 97, 100]) {
      const whole = verdictOf(floor, evidenceOf(cases(repeat([1, passed], [0, 120 - passed]), 120)));
      let wrong = 0;
      for (let session = 0; session < 60; session += 1) {
        const order = shuffled(repeat([1, passed], [0, 120 - passed]), random);
        for (let run = 10; run <= 120; run += 10) {
          const verdict = verdictOf(floor, stoppedAfter(order, run));
          if (verdict === "inconclusive") continue;
          if (verdict !== whole) wrong += 1;
          break;
        }
      }
      // 5 % of 60, and 3 standard errors.
      expect(wrong).toBeLessThanOrEqual(8);
    }
  });

  it("is judged by the bound that the rule asks for, of the whole run", () => {
    const bound = rulesOf({ metric: "task.success", min: 0.8, bound: "lower" });
    // 100 of 120: Wilson 75.6 %, so the whole run is inconclusive however many trials agree.
    expect(verdictOf(bound, stoppedAfter(repeat([1, 100], [0, 20]), 120))).toBe("inconclusive");
    expect(verdictOf(bound, stoppedAfter(repeat([1, 200]), 100))).toBe("pass");
  });

  it("is left open by trials behind one that is still missing", () => {
    const evidence = evidenceOf(
      Array.from(
        { length: 100 },
        (_, index): CaseOutcomes => ({
          id: `c${index}`,
          trials: [index === 1 ? "not run" : 0],
        }),
      ),
    );
    expect(prefixOf(evidence.own.run.plan, evidence.own.rows).rows).toHaveLength(1);
    expect(verdictOf(floor, asDecided(evidence, evidence.own.rows))).toBe("inconclusive");
  });
});

it("a rate of which many trials have no score is that of the whole run", () => {
  const floor = rulesOf({ metric: "task.success", min: 0.9 });
  const random = new SeededRandom(5);
  const outcomes = [
    ...new Array<Outcome>(37).fill(1),
    ...new Array<Outcome>(2).fill(0),
    ...new Array<Outcome>(33).fill("unscored"),
  ];
  let wrong = 0;
  for (let session = 0; session < 100; session += 1) {
    const order = outcomes
      .map((outcome) => ({ outcome, at: random.nextUnit() }))
      .sort((a, b) => a.at - b.at)
      .map(({ outcome }) => outcome);
    for (let run = 4; run < 72; run += 4) {
      const evidence = evidenceOf(
        order.map((outcome, index) => ({ id: `c${index}`, trials: [index < run ? outcome : "not run"] })),
      );
      const verdict = verdictOf(floor, asDecided(evidence, evidence.own.rows));
      if (verdict === "inconclusive") continue;
      if (verdict === "fail") wrong += 1;
      break;
    }
  }
  expect(wrong).toBeLessThanOrEqual(5);
});

it("several rates share the error rate, so that each takes longer", () => {
  const gate = (metric: string) => ({ metric, min: 0.8 });
  const needed = (...metrics: string[]) => {
    const rules = rulesOf(...metrics.map(gate));
    return [...new Array(100).keys()].find(
      (run) => verdictOf(rules, stoppedAfter(repeat([1, 200]), run)) === "pass",
    ) as number;
  };
  const alone = needed("task.success");
  expect(needed("task.success", "task.success")).toBe(alone);
  const withOther = rulesOf(gate("task.success"), {
    metric: "task.success",
    no_worse_than: "main",
    margin: 0.1,
  });
  expect(verdictOf(withOther, stoppedAfter(repeat([1, 200]), alone))).toBe("inconclusive");
});

describe("against a baseline", () => {
  const rules = rulesOf({ metric: "task.success", no_worse_than: "main", margin: 0.05 });
  const before = repeat([1, 150], [0, 50]);
  const against = (after: readonly (0 | 1)[], run: number, baseline: readonly (0 | 1)[]) => {
    const evidence = stoppedAfter(after, run);
    const found = evidenceOf(cases(baseline, baseline.length)).own;
    return { ...evidence, baselineOf: () => ({ found }) };
  };

  it("decides as the whole run would", () => {
    const worse = repeat([1, 90], [0, 60], [1, 10], [0, 40]);
    expect(verdictOf(rules, against(interleaved(worse), 200, interleaved(before)))).toBe("fail");
    expect(verdictOf(rules, against(interleaved(worse), 160, interleaved(before)))).toBe("fail");
    expect(verdictOf(rules, against(interleaved(before), 20, interleaved(before)))).toBe("inconclusive");
    expect(verdictOf(rules, against(interleaved(before), 199, interleaved(before)))).toBe("pass");
  });

  it("relies on that a success more never lowers either limit of Tango's interval", () => {
    for (let n = 1; n <= 14; n += 1) {
      for (let wasPassed = 0; wasPassed <= n; wasPassed += 1) {
        for (let lost = 0; lost <= wasPassed; lost += 1) {
          for (let won = 0; won <= n - wasPassed; won += 1) {
            const limits = limitsOf(n, wasPassed, lost, won);
            const better = [
              ...(lost > 0 ? [limitsOf(n, wasPassed, lost - 1, won)] : []),
              ...(won < n - wasPassed ? [limitsOf(n, wasPassed, lost, won + 1)] : []),
            ];
            for (const one of better) {
              expect(one.lower).toBeGreaterThanOrEqual(limits.lower - 1e-9);
              expect(one.upper).toBeGreaterThanOrEqual(limits.upper - 1e-9);
            }
          }
        }
      }
    }
  });
});

function limitsOf(n: number, wasPassed: number, lost: number, won: number) {
  const { lower, upper } = nonInferiorityPaired(
    {
      bothPass: wasPassed - lost,
      baselineOnly: lost,
      currentOnly: won,
      bothFail: n - wasPassed - won,
    },
    { margin: 0.05, alpha: 0.05 },
  );
  return { lower: lower as number, upper: upper as number };
}

describe("the run as a whole", () => {
  it("may stop at the first gate that fails for certain, and only when all others pass", () => {
    const rules = rulesOf({ metric: "task.success", min: 0.5 }, { must_pass: ["c0"] });
    const decided = (outcomes: readonly (0 | 1)[], run: number) =>
      isDecided(rules, stoppedAfter(outcomes, run), judgeGates);
    expect(decided(repeat([0, 1], [1, 99]), 1)).toBe(true);
    expect(decided(repeat([1, 100]), 3)).toBe(false);
    expect(decided(repeat([1, 100]), 50)).toBe(true);
  });

  it("says what it saved, and passes although trials are missing", () => {
    const report = judgeGates(
      rulesOf({ metric: "task.success", min: 0.5 }),
      stoppedAfter(repeat([1, 100]), 40),
    );
    expect(report).toMatchObject({ verdict: "pass", reasons: [] });
    expect(report.notes).toContain(
      "the run stopped when its verdict was decided, after 40 of 100 trials: 60 (60 %) were saved",
    );
  });

  it("leaves a gate open that only the whole run can decide", () => {
    const rules = rulesOf({ metric: "task.success", trend: "not-falling", runs: 2 });
    expect(isDecided(rules, stoppedAfter(repeat([1, 100]), 99), judgeGates)).toBe(false);
  });

  it("never passes with a trial that could not be executed", () => {
    const evidence = evidenceOf([
      { id: "c0", trials: ["error"] },
      ...cases(repeat([1, 99]), 80).map((one) => ({ ...one, id: `d${one.id}` })),
    ]);
    const stopped = asDecided(evidence, evidence.own.rows);
    expect(isDecided(rulesOf({ metric: "task.success", min: 0.5 }), stopped, judgeGates)).toBe(false);
  });
});
