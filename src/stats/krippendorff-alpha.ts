import type { Label } from "./contingency-table.js";
import { StatisticsError } from "./statistics-error.js";

/** What the values measure, and so how far apart two of them are. */
export type AlphaMetric = "nominal" | "ordinal" | "interval" | "ratio";

/** Agreement of any number of raters. */
export interface KrippendorffAlpha {
  /** 1 = full agreement, 0 = as by chance; `null` without pairable values or when all of them are equal. */
  readonly alpha: number | null;
  /** Ratings in units that at least two raters rated: the data that alpha rests on. */
  readonly pairable: number;
}

type Counts = Map<Label, number>;
type Distance = (a: number, b: number) => number;

/**
 * Krippendorff's alpha over any number of raters, with ratings missing.
 *
 * @param ratings - `ratings[rater][unit]`; `null` where a rater gave none. A unit with a single rating is dropped
 * @param metric - "nominal" takes any label; the others take numbers, "ratio" none below 0
 * @throws {StatisticsError} if the rows differ in length, or a value does not fit the metric
 * @see Krippendorff 2011, Computing Krippendorff's Alpha-Reliability
 */
export function krippendorffAlpha(
  ratings: readonly (readonly (Label | null)[])[],
  metric: AlphaMetric = "nominal",
): KrippendorffAlpha {
  checkRatings(ratings, metric);
  const units = pairableUnits(ratings);
  const totals: Counts = new Map();
  for (const unit of units) for (const [value, count] of unit) add(totals, value, count);
  const pairable = sizeOf(totals);
  if (totals.size < 2) return { alpha: null, pairable };
  const values = [...totals.keys()];
  if (metric !== "nominal") values.sort((a, b) => Number(a) - Number(b));
  const position = new Map(values.map((value, index) => [value, index]));
  const distance = distances(metric, values, totals);
  const pairs = (counts: Counts) => distanceOfPairs(counts, position, distance);
  const observed = units.reduce((sum, unit) => sum + pairs(unit) / (sizeOf(unit) - 1), 0);
  return { alpha: 1 - ((pairable - 1) * observed) / pairs(totals), pairable };
}

function checkRatings(ratings: readonly (readonly (Label | null)[])[], metric: AlphaMetric): void {
  if (!["nominal", "ordinal", "interval", "ratio"].includes(metric)) {
    throw new StatisticsError(`expected metric nominal, ordinal, interval or ratio, found ${String(metric)}`);
  }
  for (const [rater, row] of ratings.entries()) {
    if (row.length !== ratings[0]?.length) {
      throw new StatisticsError(
        `expected ${ratings[0]?.length} units from rater ${rater}, as from rater 0, found ${row.length}`,
      );
    }
    for (const value of row) if (value !== null) checkValue(value, metric);
  }
}

function checkValue(value: Label, metric: AlphaMetric): void {
  const wanted = metric === "ratio" ? "a number of at least 0" : "a finite number";
  const isLabel = ["string", "number", "boolean"].includes(typeof value);
  const fits = typeof value === "number" ? Number.isFinite(value) : isLabel && metric === "nominal";
  if (!fits || (metric === "ratio" && Number(value) < 0)) {
    throw new StatisticsError(
      `expected each ${metric} rating to be ${wanted} or null, found ${String(value)}`,
    );
  }
}

/** How often each value was given, per unit that at least two raters rated. */
function pairableUnits(ratings: readonly (readonly (Label | null)[])[]): Counts[] {
  const units = (ratings[0] ?? []).map((_, unit) => {
    const counts: Counts = new Map();
    for (const row of ratings) {
      const value = row[unit];
      if (value !== null && value !== undefined) add(counts, value, 1);
    }
    return counts;
  });
  return units.filter((counts) => sizeOf(counts) > 1);
}

function add(counts: Counts, value: Label, count: number): void {
  counts.set(value, (counts.get(value) ?? 0) + count);
}

function sizeOf(counts: Counts): number {
  let size = 0;
  for (const count of counts.values()) size += count;
  return size;
}

/** Sum of the distance over all ordered pairs of different values among the counted ones. */
function distanceOfPairs(counts: Counts, position: ReadonlyMap<Label, number>, distance: Distance): number {
  const entries = [...counts].map(([value, count]) => ({ at: position.get(value) ?? 0, count }));
  let sum = 0;
  for (const [index, first] of entries.entries()) {
    for (let other = 0; other < index; other++) {
      const second = entries[other];
      if (second !== undefined) sum += 2 * first.count * second.count * distance(first.at, second.at);
    }
  }
  return sum;
}

/** Squared distance of two values, given by their positions in ascending order. */
function distances(metric: AlphaMetric, values: readonly Label[], totals: Counts): Distance {
  if (metric === "nominal") return () => 1;
  if (metric === "ordinal") {
    let below = 0;
    const midranks = values.map((value) => {
      const count = totals.get(value) ?? 0;
      below += count;
      return below - count / 2;
    });
    return (a, b) => ((midranks[a] ?? 0) - (midranks[b] ?? 0)) ** 2;
  }
  const largest = values.reduce<number>((most, value) => Math.max(most, Math.abs(Number(value))), 0);
  const scaled = values.map((value) => Number(value) / largest);
  const gap: Distance = (a, b) => (scaled[a] ?? 0) - (scaled[b] ?? 0);
  if (metric === "interval") return (a, b) => gap(a, b) ** 2;
  return (a, b) => (gap(a, b) / ((scaled[a] ?? 0) + (scaled[b] ?? 0))) ** 2;
}
