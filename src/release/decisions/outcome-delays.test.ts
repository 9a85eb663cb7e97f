import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../stats/random.js";
import { decide } from "./decide.js";
import { OutcomeDelays } from "./outcome-delays.js";
import { conversation, evidenceOf, planOf, rule, stepLogs } from "./testing/simulated-traffic.js";

const SECOND = 1000;

function delaysOf(ms: readonly (number | null)[], arm: "canary" | "stable" = "stable"): OutcomeDelays {
  const delays = new OutcomeDelays();
  for (const delay of ms) {
    const resolved = delay === null ? null : { value: true, at: 5000 + delay };
    delays.add(conversation("c", arm, 5000, 100, { resolved }));
  }
  return delays;
}

describe("OutcomeDelays", () => {
  it("waits for nothing while nothing was told, or all of it at once", () => {
    expect(delaysOf([]).ageMs).toBe(0);
    expect(delaysOf([null, null]).ageMs).toBe(0);
    expect(delaysOf([0, 0, -3]).ageMs).toBe(0);
  });

  it("waits for 99 of 100 outcomes of the slower arm, an eighth of an octave too long at most", () => {
    const delays = delaysOf([...Array<number>(99).fill(30 * SECOND), 3600 * SECOND]);
    expect(delays.ageMs).toBeGreaterThanOrEqual(30 * SECOND);
    expect(delays.ageMs).toBeLessThan(30 * SECOND * 2 ** (1 / 8));
    delays.add(conversation("c", "canary", 0, 100, { resolved: { value: false, at: 45 * SECOND } }));
    expect(delays.ageMs).toBeGreaterThanOrEqual(45 * SECOND);
    expect(delays.ageMs).toBeLessThan(50 * SECOND);
  });
});

describe("a version that takes longer, and resolves as much", () => {
  /** Outcomes of stable come after some 120 s, those of the canary after 150. */
  function isAborted(seed: number, windowMs: number): boolean {
    const random = new SeededRandom(seed);
    const told = Array.from({ length: 600 }, (_, index) => {
      const arm = random.nextUnit() < 0.5 ? ("canary" as const) : ("stable" as const);
      const start = index * SECOND;
      const at = start + (arm === "canary" ? 150 : 120) * SECOND * (0.7 + 0.6 * random.nextUnit());
      return { arm, start, at, value: random.nextUnit() < 0.9 };
    });
    const plan = planOf([5000], [rule("resolution_rate", "-2% vs control", { windowMs })]);
    for (let now = 100 * SECOND; now <= 600 * SECOND; now += 25 * SECOND) {
      const seen = told
        .filter(({ start }) => start < now)
        .map(({ arm, start, at, value }) =>
          conversation(`c${start}`, arm, start, 5000, { resolved: at <= now ? { value, at } : null }),
        );
      const moment = { now, step: 0, steps: stepLogs([5000]), phase: "bake" } as const;
      if (decide(evidenceOf(seen), plan, moment).abort !== null) return true;
    }
    return false;
  }
  const aborted = (windowMs: number) =>
    Array.from({ length: 12 }, (_, seed) => isAborted(seed, windowMs)).filter(Boolean).length;

  it("is not taken back for its conversations under way, within the window of the rule", () => {
    expect(aborted(300 * SECOND)).toBe(0);
    // Nobody waits longer than the window: what is told later needs `maturation`.
    expect(aborted(SECOND)).toBeGreaterThan(2);
  });
});
