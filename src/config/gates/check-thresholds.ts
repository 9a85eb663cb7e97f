import type { Direction, MetricUnit } from "../../core/score.js";
import type { Finding } from "../describe-issues.js";
import { numberOf, type PlacedRule, textOf } from "./rule-places.js";

/** Unit of a metric; `undefined` where nobody knows it, and nothing is checked. */
export type UnitOf = (metric: string) => MetricUnit | undefined;

/** Which way a metric is good; `undefined` where nobody knows it. */
export type DirectionOf = (metric: string) => Direction | undefined;

/** What a unit measures, in words, and its ends. */
const UNIT_RANGES: Readonly<
  Record<MetricUnit, { readonly noun: string; readonly min: number; readonly max: number }>
> = {
  proportion: { noun: "a proportion", min: 0, max: 1 },
  score: { noun: "a score", min: 0, max: 1 },
  ms: { noun: "a time", min: 0, max: Number.POSITIVE_INFINITY },
  usd: { noun: "a cost", min: 0, max: Number.POSITIVE_INFINITY },
  count: { noun: "a count", min: 0, max: Number.POSITIVE_INFINITY },
  tokens: { noun: "a number of tokens", min: 0, max: Number.POSITIVE_INFINITY },
  rating: { noun: "a rating", min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY },
};

/** Thresholds and margins that no value can reach or miss. */
export function checkThresholds(placed: PlacedRule, unitOf: UnitOf, directionOf: DirectionOf): Finding[] {
  const { rule, path } = placed;
  // The unit of a coverage is that of its kind, not of the metric that it names.
  const findings =
    textOf(rule, "coverage") === undefined
      ? [
          ...emptyRange(placed),
          ...outOfRange(placed, unitOf),
          ...senselessMargin(placed, unitOf),
          ...wholeShare(placed, directionOf),
        ]
      : [];
  return findings.map((finding) => ({ ...finding, path: [...path, ...finding.path] }));
}

function unitIn({ rule }: PlacedRule, unitOf: UnitOf): MetricUnit | undefined {
  const metric = textOf(rule, "metric");
  return metric === undefined ? undefined : unitOf(metric);
}

function outOfRange(placed: PlacedRule, unitOf: UnitOf): Finding[] {
  const unit = unitIn(placed, unitOf);
  if (unit === undefined) return [];
  const { noun, min, max } = UNIT_RANGES[unit];
  return (["min", "max"] as const).flatMap((side) => {
    const threshold = numberOf(placed.rule, side);
    if (threshold === undefined || (threshold >= min && threshold <= max)) return [];
    const message =
      max === 1
        ? `\`${side}\` ${threshold} is outside 0 to 1, the range of ${noun}${asShare(threshold, "%")}`
        : `\`${side}\` ${threshold} is below 0, the least that ${noun} can be`;
    return [{ path: [side], message }];
  });
}

/** What a number that was meant as a percentage should have been. */
function asShare(number: number, noun: "%" | "points"): string {
  if (number < 1 || number > 100) return "";
  const shown = noun === "points" && number === 1 ? "point" : noun;
  return `; write ${Number((number / 100).toPrecision(12))} for ${number} ${shown}`;
}

function senselessMargin(placed: PlacedRule, unitOf: UnitOf): Finding[] {
  const unit = unitIn(placed, unitOf);
  if (unit === undefined) return [];
  const { noun, max } = UNIT_RANGES[unit];
  const margin = numberOf(placed.rule, "margin");
  if (margin !== undefined && margin >= max) {
    const message = `\`margin\` ${margin} is the whole range of ${noun} or more, so that it excludes nothing${asShare(margin, "points")}`;
    return [{ path: ["margin"], message }];
  }
  if (unit !== "rating" || textOf(placed.rule, "margin") === undefined) return [];
  const message =
    "`margin` is a share, which a rating does not have: its scale need not begin at 0; write it in grades, such as 0.2";
  return [{ path: ["margin"], message }];
}

/** Of what is good when there is much of it, no more than all can be lost. */
function wholeShare({ rule }: PlacedRule, directionOf: DirectionOf): Finding[] {
  const share = textOf(rule, "margin");
  const metric = textOf(rule, "metric");
  if (share === undefined || metric === undefined || textOf(rule, "no_worse_than") === undefined) return [];
  if (directionOf(metric) !== "higher" || !(Number.parseFloat(share) >= 100)) return [];
  const message = `\`margin\` ${share} is all that ${metric} can lose or more, so that it excludes nothing; write a share below 100%`;
  return [{ path: ["margin"], message }];
}

function emptyRange({ rule }: PlacedRule): Finding[] {
  const min = numberOf(rule, "min");
  const max = numberOf(rule, "max");
  if (min === undefined || max === undefined || min <= max) return [];
  const message = `\`min\` ${min} is above \`max\` ${max}, so no value can pass; swap them or drop one`;
  return [{ path: ["min"], message }];
}
