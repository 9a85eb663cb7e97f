import type { Verdict } from "../../src/core/score.js";
import { exactNonInferiority, exactSignificantDrop } from "../../src/gates/plan/exact-chances.js";
import type { VerdictChances } from "../../src/gates/plan/gate-plan.js";
import { SeededRandom } from "../../src/stats/random.js";
import { judgePair, type PairRules, rowsOf } from "./judge-pair.js";
import { airlineCases, type RealCase, type RealTrial, tau2Cases } from "./real-runs.js";

/** One figure that the gate is held to. */
export interface Claim {
  readonly what: string;
  /** What was promised, or the most that is allowed. */
  readonly promised: number;
  readonly observed: number;
  /** Monte Carlo standard error of `observed`; 0 for a single decision. */
  readonly error: number;
  readonly bound: "equal" | "most" | "least";
  readonly holds: boolean;
}

const ALPHA = 0.05;
const MARGIN = 0.05;
const NO_WORSE = "no worse by 5 points";
const DROP = "significant drop";
const BETTER = "better";
const LATENCY = "p95 no worse by 20 %";
const QUALITY_RULES: PairRules = [
  { name: NO_WORSE, metric: "task.success", no_worse_than: "baseline", margin: MARGIN },
  { name: DROP, metric: "task.success", no_worse_than: "baseline", rule: "significant-drop" },
  { name: BETTER, metric: "task.success", better_than: "baseline" },
];
const LATENCY_RULES: PairRules = [
  { name: NO_WORSE, metric: "task.success", no_worse_than: "baseline", margin: MARGIN },
  { name: LATENCY, metric: "latency.p95_ms", no_worse_than: "baseline", margin: "20%" },
];
/** Cases of a drawn pair: drawn with return from the 50 real ones. */
const CASES = 200;
/** Standard errors that an observed share may lie from a promise: one claim in 2,000 misses by chance. */
const TOLERANCE = 3.5;

/** Judges as many drawn pairs, and counts the verdicts of each rule. */
class Tally {
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly replications: number,
    rules: PairRules,
    draw: () => readonly [baseline: readonly RealCase[], candidate: readonly RealCase[]],
  ) {
    for (let round = 0; round < replications; round += 1) {
      const [baseline, candidate] = draw();
      for (const [name, verdict] of judgePair(rules, rowsOf(baseline), rowsOf(candidate))) {
        const key = `${name}: ${verdict}`;
        this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
      }
    }
  }

  share(name: string, verdict: Verdict): number {
    return (this.counts.get(`${name}: ${verdict}`) ?? 0) / this.replications;
  }

  claim(what: string, observed: number, bound: Claim["bound"], promised: number): Claim {
    // The error under the promise, and never none: half a draw could have gone the other way.
    const kept = Math.min(1 - 0.5 / this.replications, Math.max(0.5 / this.replications, promised));
    const error = Math.sqrt((kept * (1 - kept)) / this.replications);
    const distance = (observed - promised) / error;
    const holds =
      bound === "most"
        ? distance <= TOLERANCE
        : bound === "least"
          ? distance >= -TOLERANCE
          : Math.abs(distance) <= TOLERANCE;
    return { what, promised, observed, error, bound, holds };
  }
}

/**
 * Equally good pairs: the trials of each real case in random order, some for the baseline, as many for the candidate.
 */
export function aaClaims(replications: number, seed: number): Claim[] {
  return [1, 2].flatMap((trials) => {
    const random = new SeededRandom(seed + trials);
    const tally = new Tally(replications, QUALITY_RULES, () => splitPair(airlineCases(), trials, random));
    const label = `A/A, tau-bench airline, 50 cases x ${trials} ${trials === 1 ? "trial" : "trials"}`;
    return [
      tally.claim(`${label}: no worse fails`, tally.share(NO_WORSE, "fail"), "most", ALPHA),
      tally.claim(`${label}: significant drop fails`, tally.share(DROP, "fail"), "most", ALPHA),
      tally.claim(`${label}: better passes`, tally.share(BETTER, "pass"), "most", ALPHA),
    ];
  });
}

/** All pairs of the single trials of the airline: real runs as they were. */
export function pairingClaims(): Claim[] {
  const cases = airlineCases();
  const pairs = [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].filter((b) => b !== a).map((b) => [a, b] as const));
  const run = (trial: number) => cases.map((trials) => [trials[trial] as RealTrial]);
  const failed = pairs.filter(([a, b]) => {
    const verdicts = judgePair(QUALITY_RULES, rowsOf(run(a)), rowsOf(run(b)));
    return verdicts.get(NO_WORSE) === "fail" || verdicts.get(DROP) === "fail";
  }).length;
  return [
    {
      what: `A/A, all ${pairs.length} ordered pairs of the 4 airline runs: failed`,
      promised: 0,
      observed: failed / pairs.length,
      error: 0,
      bound: "most",
      holds: failed === 0,
    },
  ];
}

/** Planted drops, promised by the plan from rate and discordance of the real trials alone. */
export function plantedClaims(replications: number, seed: number): Claim[] {
  const { cases, facts } = airlineFacts();
  return [0, 0.02, 0.05, 0.1].flatMap((drop, index) => {
    const random = new SeededRandom(seed + 100 + index);
    const tally = new Tally(replications, QUALITY_RULES, () => {
      const [baseline, candidate] = splitPair(drawCases(cases, CASES, random), 1, random);
      return [
        baseline,
        candidate.map((trials) => trials.map((one) => worsened(one, drop / facts.rate, random))),
      ];
    });
    const promised = exactNonInferiority(facts, "higher", MARGIN, ALPHA, drop);
    const promisedDrop = exactSignificantDrop(facts, "higher", 0.02, ALPHA, drop);
    const label = `${drop * 100} points planted on ${CASES} airline cases`;
    const blocked = (chances: VerdictChances) => 1 - chances.pass;
    const claims = [
      tally.claim(`${label}: no worse blocks`, 1 - tally.share(NO_WORSE, "pass"), "equal", blocked(promised)),
      tally.claim(`${label}: no worse fails`, tally.share(NO_WORSE, "fail"), "equal", promised.fail),
      tally.claim(`${label}: significant drop fails`, tally.share(DROP, "fail"), "equal", promisedDrop.fail),
    ];
    return drop < MARGIN
      ? claims
      : [...claims, tally.claim(`${label}: no worse passes`, tally.share(NO_WORSE, "pass"), "most", ALPHA)];
  });
}

/**
 * k of n outcomes of real runs turned over. As many each time, so that chance has less of a say than in the plan: what it
 * promises is the least.
 */
export function flipClaims(replications: number, seed: number): Claim[] {
  const { cases, facts } = airlineFacts();
  return [0.05, 0.1].map((drop, index) => {
    const flips = Math.round(drop * CASES);
    const random = new SeededRandom(seed + 200 + index);
    const tally = new Tally(replications, QUALITY_RULES, () => {
      const [baseline, candidate] = splitPair(drawCases(cases, CASES, random), 1, random);
      return [baseline, flipped(candidate, flips, random)];
    });
    const promised = 1 - exactNonInferiority(facts, "higher", MARGIN, ALPHA, drop).pass;
    return tally.claim(
      `${flips} of ${CASES} airline outcomes turned over: no worse blocks`,
      1 - tally.share(NO_WORSE, "pass"),
      "least",
      promised,
    );
  });
}

/** Slower, not worse; and better, with a tail twice as long. Times are those of tau2-bench with some jitter. */
export function latencyClaims(replications: number, seed: number): Claim[] {
  const real = [...tau2Cases("retail", "gpt-4.1").values(), ...tau2Cases("airline", "gpt-4.1").values()];
  const times = real
    .flatMap((trials) => trials.map(({ durationMs }) => durationMs ?? 0))
    .sort((a, b) => a - b);
  const tail = times[Math.floor(0.9 * times.length)] as number;
  const tallyOf = (stream: number, change: (ms: number) => number, better: number) => {
    const random = new SeededRandom(seed + stream);
    return new Tally(replications, LATENCY_RULES, () => {
      const drawn = drawCases(real, CASES, random);
      const candidate = timed(drawn, (ms) => jittered(change(ms), random));
      return [timed(drawn, (ms) => jittered(ms, random)), improved(candidate, better)];
    });
  };
  const same = tallyOf(300, (ms) => ms, 0);
  const slower = tallyOf(301, (ms) => 1.5 * ms, 0);
  const doubled = tallyOf(302, (ms) => (ms >= tail ? 2 * ms : ms), 8);
  return [
    same.claim("equal times: the latency gate fails", same.share(LATENCY, "fail"), "most", ALPHA),
    same.claim("equal times: the latency gate passes", same.share(LATENCY, "pass"), "least", 0.8),
    slower.claim("all times x 1.5: the latency gate fails", slower.share(LATENCY, "fail"), "least", 0.8),
    slower.claim("all times x 1.5: the quality gate passes", slower.share(NO_WORSE, "pass"), "least", 1),
    doubled.claim(
      "quality up, tail doubled: the latency gate blocks",
      1 - doubled.share(LATENCY, "pass"),
      "least",
      0.95,
    ),
    doubled.claim(
      "quality up, tail doubled: the quality gate passes",
      doubled.share(NO_WORSE, "pass"),
      "least",
      1,
    ),
  ];
}

function timed(cases: readonly RealCase[], change: (ms: number) => number): RealCase[] {
  return cases.map((trials) =>
    trials.map((one) => ({ ...one, durationMs: one.durationMs === null ? null : change(one.durationMs) })),
  );
}

/** Times of one case differ by 7.5 % (one standard deviation). */
function jittered(ms: number, random: SeededRandom): number {
  return ms * Math.exp(0.15 * (random.nextUnit() + random.nextUnit() + random.nextUnit() - 1.5));
}

/** Single trials that were fine, then the two published arms. */
export function publishedVerdicts(): readonly { readonly pair: string; readonly verdicts: string }[] {
  return (["airline", "retail"] as const).map((domain) => {
    const [a, b] = [tau2Cases(domain, "gpt-4.1"), tau2Cases(domain, "gpt-4.1-sft")];
    const shared = [...a.keys()].filter((id) => b.has(id));
    const of = (arm: typeof a) => rowsOf(shared.map((id) => arm.get(id) as RealCase));
    const rules = [...QUALITY_RULES, ...LATENCY_RULES.slice(1)];
    const verdicts = [...judgePair(rules, of(a), of(b))].map(([name, verdict]) => `${name}: ${verdict}`);
    return { pair: `tau2-bench ${domain}, gpt-4.1 against gpt-4.1-sft`, verdicts: verdicts.join("; ") };
  });
}

function splitPair(
  cases: readonly RealCase[],
  trials: number,
  random: SeededRandom,
): readonly [RealCase[], RealCase[]] {
  const shuffled = cases.map((own) => inRandomOrder(own, random));
  return [shuffled.map((own) => own.slice(0, trials)), shuffled.map((own) => own.slice(trials, 2 * trials))];
}

/** What the plan knows of the airline: rate, and how often two trials of a case differ. */
function airlineFacts() {
  const cases = airlineCases();
  const rate = meanOf(cases.map((trials) => meanOf(trials.map(({ passed }) => (passed ? 1 : 0)))));
  return { cases, facts: { cases: CASES, rate, discordant: meanOf(cases.map(discordanceOf)) } };
}

function drawCases(cases: readonly RealCase[], count: number, random: SeededRandom): RealCase[] {
  return Array.from({ length: count }, () => cases[random.nextBelow(cases.length)] as RealCase);
}

function worsened(trial: RealTrial, chance: number, random: SeededRandom): RealTrial {
  return random.nextUnit() < chance ? { ...trial, passed: false } : trial;
}

/** Turns over as many passes, or all there are. */
function flipped(cases: readonly RealCase[], flips: number, random: SeededRandom): RealCase[] {
  const passing = cases.flatMap((trials, index) => (trials[0]?.passed === true ? [index] : []));
  const chosen = new Set(inRandomOrder(passing, random).slice(0, flips));
  return cases.map((trials, index) =>
    chosen.has(index) ? trials.map((one) => ({ ...one, passed: false })) : trials,
  );
}

/** Turns over the first failures. */
function improved(cases: readonly RealCase[], count: number): RealCase[] {
  let left = count;
  return cases.map((trials) =>
    trials.map((one) => {
      if (one.passed || left === 0) return one;
      left -= 1;
      return { ...one, passed: true };
    }),
  );
}

function inRandomOrder<Item>(items: readonly Item[], random: SeededRandom): Item[] {
  const left = [...items];
  return items.map(() => left.splice(random.nextBelow(left.length), 1)[0] as Item);
}

/** Share of pairs of trials of a case that differ. */
function discordanceOf(trials: RealCase): number {
  const passed = trials.filter((one) => one.passed).length;
  return (2 * passed * (trials.length - passed)) / (trials.length * (trials.length - 1));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
