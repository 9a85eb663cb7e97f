import { rateAlternatives } from "../src/release/decisions/alternatives.js";
import { compareMeans } from "../src/release/decisions/compare-means.js";
import { decide } from "../src/release/decisions/decide.js";
import {
  type CanaryEffect,
  evidenceOf,
  HOUR,
  planOf,
  rule,
  simulatedTraffic,
  stepLogs,
} from "../src/release/decisions/testing/simulated-traffic.js";
import { cellsOf } from "../src/release/decisions/testing/value-cells.js";
import type { UnitValue } from "../src/release/decisions/unit-values.js";
import type { ConversationRecord } from "../src/release/evidence/conversation-record.js";
import { assignmentLogRatio } from "../src/stats/assignment-log-ratio.js";
import { mixtureRadius } from "../src/stats/mixture-radius.js";
import { SeededRandom } from "../src/stats/random.js";
import { sprtDifference } from "../src/stats/sprt-difference.js";

/**
 * Operating characteristics of the canary's decisions: `npx tsx bench/canary-decisions.ts [runs] [rollouts]`. The first
 * table compares rules for a drop of 2 points of 80 %, looked at every 100 conversations of the canary; then
 * how often harm is wrongly ruled out, and `decide` itself over four steps of an hour, looked at 10 times each.
 */
const RUNS = Number(process.argv[2] ?? 2000);
const ROLLOUTS = Number(process.argv[3] ?? 200);

const MARGIN = 0.02;
const ALPHA = 0.05;
const LOOK = 100;

interface Look {
  readonly n: number;
  readonly canary: number;
  readonly stable: number;
  readonly stableUnits: number;
  readonly harm: number;
  readonly variance: number;
}

/** `abort`, `accept`, or neither yet. */
type Rule = {
  readonly name: string;
  readonly cap: number;
  readonly judge: (look: Look) => "abort" | "accept" | null;
};

const z = ({ harm, variance }: Look) => harm / Math.sqrt(variance);

function rules(share: number, rate: number): Rule[] {
  const alternatives = rateAlternatives(-1, MARGIN);
  const unit: UnitValue["unit"] = { arm: "stable", share, place: 0, at: 0, stratum: 0, records: [] };
  for (let index = 0; index < 4000; index++) {
    alternatives.learn({ unit, value: Number(index / 4000 < rate), weight: 1, samples: [] });
  }
  const ratios = (alternatives.next()?.ratios ?? []).map(
    (levels) => [levels[0] ?? 1, levels[8] ?? 1] as const,
  );
  const evidence = ({ n, canary, stable, stableUnits }: Look) =>
    Math.log(
      ratios.reduce((sum, [failed, passed], index) => {
        const log =
          assignmentLogRatio({ canary, baseline: stable }, share, passed) +
          assignmentLogRatio({ canary: n - canary, baseline: stableUnits - stable }, share, failed);
        return sum + (alternatives.weights[index] ?? 0) * Math.exp(log);
      }, 0),
    );
  const tightAt = MARGIN ** 2 / 6.1826;
  return [
    {
      name: "fixed, N=2,700",
      cap: 2700,
      judge: (look) => (look.n === 2700 && z(look) > 1.645 ? "abort" : null),
    },
    { name: "naive peeking", cap: 2700, judge: (look) => (z(look) > 1.645 ? "abort" : null) },
    {
      name: "O'Brien–Fleming shape, 27 looks",
      cap: 2700,
      judge: (look) => (z(look) > 1.805 * Math.sqrt(2700 / look.n) ? "abort" : null),
    },
    {
      name: "normal-mixture sequence, N=5,400",
      cap: 5400,
      judge: (look) =>
        look.harm > mixtureRadius(look.variance, { tightAt, alpha: 2 * ALPHA }) ? "abort" : null,
    },
    {
      name: "SPRT, cap 8,000",
      cap: 8000,
      judge: ({ harm, variance }) => {
        const { verdict } = sprtDifference(harm, variance, { margin: MARGIN, alpha: ALPHA, beta: 0.2 });
        return verdict === "harmful" ? "abort" : verdict === "harmless" ? "accept" : null;
      },
    },
    {
      name: "assignment e-process (chosen), N=5,400",
      cap: 5400,
      judge: (look) => (look.harm >= MARGIN && evidence(look) >= -Math.log(ALPHA) ? "abort" : null),
    },
    {
      name: "assignment e-process, N=8,000",
      cap: 8000,
      judge: (look) => (look.harm >= MARGIN && evidence(look) >= -Math.log(ALPHA) ? "abort" : null),
    },
  ];
}

function binomial(random: SeededRandom, n: number, p: number): number {
  if (n <= 200) {
    let count = 0;
    for (let index = 0; index < n; index++) count += Number(random.nextUnit() < p);
    return count;
  }
  const normal = Math.sqrt(-2 * Math.log(1 - random.nextUnit())) * Math.cos(2 * Math.PI * random.nextUnit());
  return Math.min(n, Math.max(0, Math.round(n * p + normal * Math.sqrt(n * p * (1 - p)))));
}

function compareRules(share: number, rate: number): void {
  console.log(`\nshare ${100 * share} %, rate ${rate}, ${RUNS} runs each`);
  console.log("| rule | false abort | power -2 | -5 | -10 | mean n at -2 / -5 / -10 | mean n, healthy |");
  console.log("|---|---|---|---|---|---|---|");
  for (const { name, cap, judge } of rules(share, rate)) {
    const cells = [0, 0.02, 0.05, 0.1].map((drop, at) => {
      const random = new SeededRandom(1000 + at);
      let aborts = 0;
      let total = 0;
      for (let run = 0; run < RUNS; run++) {
        const sums = { n: 0, canary: 0, stable: 0, stableUnits: 0 };
        let end: ReturnType<Rule["judge"]> = null;
        while (sums.n < cap && end === null) {
          // Who is the canary's is chance as well: among so many it has about its share.
          const canaryUnits = LOOK;
          const stableUnits = Math.round((LOOK * (1 - share)) / share);
          sums.n += canaryUnits;
          sums.stableUnits += stableUnits;
          sums.canary += binomial(random, canaryUnits, rate - drop);
          sums.stable += binomial(random, stableUnits, rate);
          const own = sums.canary / sums.n;
          const other = sums.stable / sums.stableUnits;
          const variance = (own * (1 - own)) / sums.n + (other * (1 - other)) / sums.stableUnits;
          end = judge({ ...sums, harm: other - own, variance });
        }
        aborts += Number(end === "abort");
        total += sums.n;
      }
      return { aborts: aborts / RUNS, n: Math.round(total / RUNS) };
    });
    const percent = cells.map(({ aborts }) => `${(100 * aborts).toFixed(1)} %`);
    const mean = cells.map(({ n }) => n.toLocaleString("en-US"));
    console.log(`| ${name} | ${percent.join(" | ")} | ${mean.slice(1).join(" / ")} | ${mean[0]} |`);
  }
}

const SHARES = [100, 500, 2500, 5000];
const PER_HOUR = 2000;
const LOOKS = 10;

function rollouts(name: string, effect: CanaryEffect): void {
  const plan = planOf(SHARES, [
    rule("resolution_rate", "-2% vs control"),
    rule("safety_violations", "+1 per 10K conversations", { windowMs: HOUR / 12 }),
    rule("p95_latency", "+500ms vs baseline", { windowMs: HOUR / 6 }),
    rule("error_rate", "+0.5%", { windowMs: HOUR / 12 }),
  ]);
  let aborted = 0;
  let mismatched = 0;
  let passed = 0;
  let exposed = 0;
  for (let run = 0; run < ROLLOUTS; run++) {
    const random = new SeededRandom(run);
    const conversations: ConversationRecord[] = [];
    const decideAt = (look: number) => {
      const step = Math.floor(look / LOOKS);
      const from = (look * HOUR) / LOOKS;
      const bps = SHARES[step] ?? 0;
      const ms = HOUR / LOOKS;
      conversations.push(...simulatedTraffic(random, { count: PER_HOUR / LOOKS, from, ms, bps }, effect));
      const moment = {
        now: from + ms,
        step,
        steps: stepLogs(SHARES.slice(0, step + 1)),
        phase: "bake",
      } as const;
      return decide(evidenceOf(conversations), plan, moment);
    };
    for (let look = 0; look < SHARES.length * LOOKS; look++) {
      const { abort, mismatch, verdict } = decideAt(look);
      aborted += Number(abort !== null);
      mismatched += Number(abort === null && mismatch !== null);
      if (abort !== null || mismatch !== null) break;
      passed += Number(look === SHARES.length * LOOKS - 1 && verdict === "pass");
    }
    exposed += conversations.filter(({ arm }) => arm === "canary").length;
  }
  const share = (count: number) => `${((100 * count) / ROLLOUTS).toFixed(1)} %`;
  console.log(
    `| ${name} | ${share(aborted)} | ${share(mismatched)} | ${share(passed)} | ${Math.round(exposed / ROLLOUTS)} |`,
  );
}

/** How often harm of just the margin is called ruled out, and how often the limits ever miss the truth. */
function falsePasses(share: number, rate: number, harm: number): void {
  const runs = Math.min(300, RUNS);
  const direction = rate > 0.5 ? -1 : 1;
  let passed = 0;
  let missed = 0;
  for (let run = 0; run < runs; run++) {
    const random = new SeededRandom(run);
    const values: Parameters<typeof cellsOf>[0][number][] = [];
    const ends = { passed: false, missed: false };
    for (let look = 1; look <= 20 && !ends.passed; look++) {
      for (let index = 0; index < 20 / share; index++) {
        const isCanary = random.nextUnit() < share;
        const value = Number(random.nextUnit() < rate + (isCanary ? direction * harm : 0));
        values.push({ arm: isCanary ? "canary" : "stable", value });
      }
      const all = { canary: () => true, stable: () => true, groupOf: () => 0 };
      const tolerance = { direction, marginOf: () => harm, alpha: ALPHA, beta: ALPHA } as const;
      const { isHarmRuledOut, lower, upper } = compareMeans(cellsOf(values), all, tolerance, "rate");
      ends.passed = isHarmRuledOut;
      ends.missed ||= (lower ?? -1) > direction * harm || (upper ?? 1) < direction * harm;
    }
    passed += Number(ends.passed);
    missed += Number(ends.missed);
  }
  const percent = (count: number) => `${((100 * count) / runs).toFixed(1)} %`;
  console.log(
    `| ${100 * share} % | ${100 * rate} % | ${100 * harm} points | ${percent(passed)} | ${percent(missed)} |`,
  );
}

compareRules(0.01, 0.8);
compareRules(0.5, 0.8);
compareRules(0.01, 0.995);
console.log("\nharm of just the margin, 20 looks of 20 conversations of the canary");
console.log("| share | stable | harm | wrongly ruled out | limits ever miss it |");
console.log("|---|---|---|---|---|");
falsePasses(0.5, 0.8, 0.1);
falsePasses(0.05, 0.8, 0.1);
falsePasses(0.5, 0.98, 0.05);
falsePasses(0.5, 0.005, 0.02);
falsePasses(0.1, 0.005, 0.05);
falsePasses(0.5, 0, 0.02);
console.log(
  `\n${ROLLOUTS} rollouts of 1, 5, 25 and 50 %, ${PER_HOUR} conversations an hour, ${LOOKS} looks a step`,
);
console.log("| canary | aborted | split alarm | passed the last step | conversations that met the canary |");
console.log("|---|---|---|---|---|");
rollouts("as good", {});
rollouts("-2 points", { drop: 0.02 });
rollouts("-5 points", { drop: 0.05 });
rollouts("-10 points", { drop: 0.1 });
rollouts("+2 % failed requests", { errors: 0.02 });
rollouts("+600 ms", { slowerMs: 600 });
