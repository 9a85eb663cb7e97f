import { describe, expect, it } from "vitest";
import { mcnemarExact } from "./mcnemar-exact.js";
import { mcnemarMidP } from "./mcnemar-mid-p.js";
import { newcombe } from "./newcombe.js";
import { nonInferiorityUnpaired } from "./non-inferiority-unpaired.js";
import type { PairedCounts } from "./paired-counts.js";
import type { PassCount } from "./pass-count.js";
import { SeededRandom } from "./random.js";
import { significantDrop } from "./significant-drop.js";
import { tango } from "./tango.js";
import { wilson } from "./wilson.js";

const RUNS = 6000;
/** Four standard errors of a simulated rate near 5 % (and 95 %). */
const NOISE = 4 * Math.sqrt((0.05 * 0.95) / RUNS);

function share(runs: number, holds: (random: SeededRandom) => boolean): number {
  const random = new SeededRandom(20_261_121);
  let hits = 0;
  for (let run = 0; run < runs; run++) if (holds(random)) hits += 1;
  return hits / runs;
}

function drawArm(random: SeededRandom, rate: number, trials: number): PassCount {
  let successes = 0;
  for (let trial = 0; trial < trials; trial++) if (random.nextUnit() < rate) successes += 1;
  return { successes, trials };
}

/** Pairs of which a share `lost` only the baseline passes, `won` only the current version. */
function drawPairs(random: SeededRandom, lost: number, won: number, n: number): PairedCounts {
  const counts = { bothPass: 0, baselineOnly: 0, currentOnly: 0, bothFail: 0 };
  for (let pair = 0; pair < n; pair++) {
    const unit = random.nextUnit();
    if (unit < lost) counts.baselineOnly += 1;
    else if (unit < lost + won) counts.currentOnly += 1;
    else counts.bothPass += 1;
  }
  return counts;
}

const covers = ({ lower, upper }: { lower: number | null; upper: number | null }, truth: number) =>
  lower! <= truth && truth <= upper!;

describe("95 % intervals hold the truth about 95 times in 100", () => {
  it.each([
    [0.5, 50],
    [0.8, 100],
    [0.95, 200],
  ])("wilson at rate %d, %d trials", (rate, n) => {
    const covered = share(RUNS, (random) => covers(wilson(drawArm(random, rate, n).successes, n), rate));
    expect(covered).toBeGreaterThan(0.93 - NOISE);
    expect(covered).toBeLessThan(0.97 + NOISE);
  });

  it.each([
    [0.9, 0.9, 100, 100],
    [0.95, 0.85, 60, 120],
    [0.6, 0.5, 40, 40],
  ])("newcombe at rates %d and %d, %d and %d trials", (before, after, n, m) => {
    const covered = share(RUNS, (random) =>
      covers(newcombe(drawArm(random, before, n), drawArm(random, after, m)), after - before),
    );
    expect(covered).toBeGreaterThan(0.94 - NOISE);
    expect(covered).toBeLessThan(0.975 + NOISE);
  });

  it.each([
    [0.1, 0.1, 60],
    [0.12, 0.04, 100],
    [0.03, 0.03, 150],
  ])("tango with %d lost, %d won, %d pairs", (lost, won, n) => {
    const covered = share(RUNS, (random) => covers(tango(drawPairs(random, lost, won, n)), won - lost));
    expect(covered).toBeGreaterThan(0.935 - NOISE);
    expect(covered).toBeLessThan(0.975 + NOISE);
  });
});

describe("tests at 5 % cry wolf at most about 5 times in 100", () => {
  const rejected = (test: typeof mcnemarExact, each: number, n: number) =>
    share(RUNS, (random) => {
      const { baselineOnly, currentOnly } = drawPairs(random, each, each, n);
      return test(baselineOnly, currentOnly, "two-sided").p < 0.05;
    });

  it.each([
    [0.1, 60],
    [0.2, 150],
  ])("McNemar with %d discordant each way, %d pairs: exact below 5 %, mid-p nearer", (each, n) => {
    const exact = rejected(mcnemarExact, each, n);
    const mid = rejected(mcnemarMidP, each, n);
    expect(exact).toBeLessThan(0.05 + NOISE);
    expect(mid).toBeLessThan(0.053 + NOISE);
    expect(mid).toBeGreaterThan(exact);
    expect(mid).toBeGreaterThan(0.025);
  });

  it.each([
    [0.9, 0.05, 150],
    [0.95, 0.03, 200],
    [0.7, 0.1, 80],
  ])("a version exactly the margin worse: baseline %d, margin %d, %d per arm", (before, margin, n) => {
    const passed = share(3000, (random) => {
      const result = nonInferiorityUnpaired(drawArm(random, before, n), drawArm(random, before - margin, n), {
        margin,
        alpha: 0.05,
      });
      return result.verdict === "pass";
    });
    expect(passed).toBeLessThan(0.06 + NOISE * Math.SQRT2);
    expect(passed).toBeGreaterThan(0.025);
  });
});

it("the common rule overlooks two of three falls from 98 % to 95 % when each run has 100 cases", () => {
  const found = share(RUNS, (random) => {
    return significantDrop(drawArm(random, 0.98, 100), drawArm(random, 0.95, 100)).regressed === true;
  });
  expect(found).toBeGreaterThan(0.3);
  expect(found).toBeLessThan(0.4);
});
