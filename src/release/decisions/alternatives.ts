import type { UnitValue } from "./unit-values.js";

/** What outcomes say for the units of one block. */
interface Alternatives {
  /** 0-based level of a unit's value. */
  readonly levelOf: (value: UnitValue) => number;
  /** By alternative, by level: how many times as likely the level is in a canary that is worse. Positive. */
  readonly ratios: readonly (readonly number[])[];
}

/** Fixes what outcomes say, by what both arms together showed before. */
export interface AlternativesOf {
  /** Of the alternatives, in the order of `ratios`. */
  readonly weights: readonly number[];
  /** For the units that come now; `null` while too little is known: they say nothing. */
  next(): Alternatives | null;
  learn(value: UnitValue): void;
}

/** Harms as multiples of the threshold: the smallest that counts is the likeliest, and a break is far beyond it. */
const MULTIPLES = [1, 2, 4];
const WEIGHTS = [0.4, 0.25, 0.2, 0.15];
/** A break moves a rate by this much at least. */
const BREAK = 0.25;
/** Units that the first guess of a rate counts for. */
const PRIOR_UNITS = 10;
const LEAST_UNITS = 32;
const EIGHTHS = 8;

/**
 * Rates, of 0 and 1 or shares in between.
 *
 * @param direction - 1: a rise is harm; -1: a drop is
 * @param margin - threshold as a proportion
 */
export function rateAlternatives(direction: 1 | -1, margin: number): AlternativesOf {
  let total = direction === 1 ? 0.5 : PRIOR_UNITS - 2;
  let units = PRIOR_UNITS;
  return {
    weights: WEIGHTS,
    learn({ value }) {
      total += value;
      units += 1;
    },
    next() {
      const rate = clamp(total / units, 0.0001, 0.9999);
      const harms = [...MULTIPLES.map((multiple) => multiple * margin), Math.max(BREAK, 10 * margin)];
      // A rate has no room beyond 0 and 1: a large harm stops half way to the end.
      const worse = harms.map((harm) =>
        direction === 1 ? Math.min(rate + harm, rate + (1 - rate) / 2) : Math.max(rate - harm, rate / 2),
      );
      return shareAlternatives(rate, worse, ({ value }) => value);
    },
  };
}

function shareAlternatives(
  rate: number,
  worse: readonly number[],
  shareOf: (value: UnitValue) => number,
): Alternatives {
  return {
    levelOf: (value) => Math.round(shareOf(value) * EIGHTHS),
    ratios: worse.map((other) =>
      Array.from(
        { length: EIGHTHS + 1 },
        (_, level) =>
          (other / rate) ** (level / EIGHTHS) * ((1 - other) / (1 - rate)) ** (1 - level / EIGHTHS),
      ),
    ),
  };
}

/** Rare events that are counted: a unit with any is 2, 4 or 10 times as likely, one without says nothing. */
export function eventAlternatives(): AlternativesOf {
  const ratios = [2, 4, 10].map((ratio) => [1, ratio]);
  const alternatives: Alternatives = { levelOf: ({ value }) => (value > 0 ? 1 : 0), ratios };
  return { weights: [1, 1, 1], learn: () => undefined, next: () => alternatives };
}

/**
 * Means of any numbers, in standard deviations of what was seen so far.
 *
 * @param marginOf - threshold in the measure's unit, given the mean so far
 */
export function meanAlternatives(direction: 1 | -1, marginOf: (mean: number) => number): AlternativesOf {
  let units = 0;
  let mean = 0;
  let squares = 0;
  return {
    weights: [0.4, 0.35, 0.25],
    learn({ value }) {
      units += 1;
      const step = value - mean;
      mean += step / units;
      squares += step * (value - mean);
    },
    next() {
      const deviation = Math.sqrt(squares / Math.max(1, units - 1));
      if (units < LEAST_UNITS || !(deviation > 0)) return null;
      const centre = mean;
      const shift = clamp(marginOf(centre) / deviation, 0.01, 0.5);
      return {
        levelOf: ({ value }) => Math.round((clamp((value - centre) / deviation, -4, 4) + 4) * EIGHTHS),
        ratios: MULTIPLES.map((multiple) =>
          Array.from({ length: 8 * EIGHTHS + 1 }, (_, level) => {
            const tilt = direction * multiple * shift;
            return Math.exp(tilt * (level / EIGHTHS - 4) - (tilt * tilt) / 2);
          }),
        ),
      };
    },
  };
}

/** Quantiles: the share of a unit's samples above the quantile so far, at 1.5, 3 and 8 times its odds. */
export function quantileAlternatives(q: number): AlternativesOf {
  const histogram = new Float64Array(BINS);
  let units = 0;
  return {
    weights: [0.4, 0.35, 0.25],
    learn({ samples }) {
      units += 1;
      for (const sample of samples) histogram[binOf(sample)]! += 1 / samples.length;
    },
    next() {
      if (units * (1 - q) < 2 || units < LEAST_UNITS) return null;
      const { bin, rate } = pointAbout(histogram, q, units);
      const worse = [1.5, 3, 8].map((odds) => (odds * rate) / (1 - rate + odds * rate));
      return shareAlternatives(rate, worse, ({ samples }) => {
        let above = 0;
        for (const sample of samples) if (binOf(sample) > bin) above += 1;
        return above / samples.length;
      });
    },
  };
}

/** Bins of 2 %, from 1 ms to hours: the point need not be the exact quantile, only the same for both arms. */
const BINS = 1024;
const binOf = (sample: number) =>
  Math.min(BINS - 1, Math.max(0, Math.floor(Math.log(Math.max(1, sample)) * 50)));

/**
 * A bin, and the share of samples above it, near 1 - q. Where many samples are alike and nearly none lie above their bin,
 * it is the bin below: a canary whose every answer times out must not hide in the quantile that it moved.
 */
function pointAbout(histogram: Float64Array, q: number, units: number) {
  let bin = 0;
  let below = 0;
  while (bin < BINS - 1 && below + histogram[bin]! < q * units) below += histogram[bin++]!;
  const above = 1 - (below + histogram[bin]!) / units;
  const isHeap = above < (1 - q) / 2;
  return { bin: isHeap ? bin - 1 : bin, rate: clamp(isHeap ? 1 - below / units : above, (1 - q) / 4, 0.9) };
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
