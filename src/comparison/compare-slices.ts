import type { GoldenCase } from "../core/golden-case.js";
import { tenantsOf } from "../core/tenant-tag.js";
import type { Metric } from "../metrics/metric.js";
import { cochranMantelHaenszel } from "../stats/cochran-mantel-haenszel.js";
import { holm } from "../stats/holm.js";
import type { TwoByTwo } from "../stats/two-by-two.js";
import { type CaseValue, type CaseValues, caseValuesOf } from "./case-values.js";
import { comparePaired, compareUnpaired, type MeanOptions } from "./compare-means.js";
import type { SimpsonReversal, SliceComparison } from "./comparison.js";
import type { AlignedRows } from "./evidence.js";
import { formatChange } from "./sentences.js";
import { verdictOf } from "./verdict.js";

/** Ways to slice a golden set. A case says its tenant by a tag such as `tenant:acme`. */
export type Slicing = "risk" | "tag" | "split" | "group" | "tenant";

/** Cases of a slice below which nothing is said of it. */
const FEWEST_CASES = 2;

/** The cases of a slice while they are gathered. */
interface Members {
  readonly before: Map<string, CaseValue>;
  readonly after: Map<string, CaseValue>;
  /** Cases in either run. */
  cases: number;
}

interface SlicedValues {
  readonly by: Slicing;
  readonly slice: string;
  readonly before: CaseValues;
  readonly after: CaseValues;
}

/** The slices of a case under one slicing: one, or as many as it has tags. */
export function slicesOf(goldenCase: GoldenCase, by: Slicing): readonly string[] {
  switch (by) {
    case "risk":
      return goldenCase.risk === null ? [] : [goldenCase.risk];
    case "tag":
      return goldenCase.tags;
    case "split":
      return [goldenCase.split];
    case "group":
      return goldenCase.group === goldenCase.id ? [] : [goldenCase.group];
    case "tenant":
      return tenantsOf(goldenCase);
  }
}

/** The effect on each slice of the golden set, Holm-adjusted over all of them. Paired: on cases scored in both runs. */
export function compareSlices(
  metric: Metric,
  rows: AlignedRows,
  cases: ReadonlyMap<string, GoldenCase>,
  slicings: readonly Slicing[],
  options: MeanOptions,
): { readonly slices: readonly SliceComparison[]; readonly reversals: readonly SimpsonReversal[] } {
  const [allBefore, allAfter] = [caseValuesOf(metric, rows.baseline), caseValuesOf(metric, rows.candidate)];
  if (allBefore === null || allAfter === null) return { slices: [], reversals: [] };
  const isPaired = rows.design.kind === "paired";
  const before = isPaired ? only(allBefore, allAfter) : allBefore;
  const after = isPaired ? only(allAfter, allBefore) : allAfter;
  const sliced = slicings.flatMap((by) => slicesBy(by, before, after, cases));
  const changes = sliced.map((slice) =>
    isPaired
      ? comparePaired(slice.before, slice.after, options)
      : compareUnpaired(slice.before, slice.after, options),
  );
  const adjusted = holm(changes.map(({ test }) => test?.p ?? null));
  return {
    slices: sliced.map(({ by, slice, before: a, after: b }, index): SliceComparison => {
      const { difference, test } = changes[index] as (typeof changes)[number];
      const adjustedP = adjusted[index] ?? null;
      return {
        by,
        slice,
        baseline: meanOf(a),
        candidate: meanOf(b),
        difference,
        test,
        adjustedP,
        verdict: verdictOf(difference, adjustedP, metric.direction, 1 - options.level),
      };
    }),
    reversals: options.isRate ? slicings.flatMap((by) => reversalOf(by, sliced)) : [],
  };
}

/** Slicings in which the pooled difference of a rate and the one within slices point in opposite directions. */
export function findReversals(
  metric: Metric,
  rows: AlignedRows,
  cases: ReadonlyMap<string, GoldenCase>,
  slicings: readonly Slicing[],
): SimpsonReversal[] {
  const [before, after] = [caseValuesOf(metric, rows.baseline), caseValuesOf(metric, rows.candidate)];
  if (before === null || after === null) return [];
  return slicings.flatMap((by) => reversalOf(by, slicesBy(by, before, after, cases)));
}

/** A slicing with one slice for all cases says nothing new and is left out. */
function slicesBy(
  by: Slicing,
  before: CaseValues,
  after: CaseValues,
  cases: ReadonlyMap<string, GoldenCase>,
): SlicedValues[] {
  const slices = new Map<string, Members>();
  let total = 0;
  const put = (id: string, value: CaseValue, side: "before" | "after", isNew: boolean) => {
    if (isNew) total += 1;
    const goldenCase = cases.get(id);
    if (goldenCase === undefined) return;
    for (const name of slicesOf(goldenCase, by)) {
      let members = slices.get(name);
      if (members === undefined) {
        members = { before: new Map(), after: new Map(), cases: 0 };
        slices.set(name, members);
      }
      const own = members[side];
      if (isNew && !own.has(id)) members.cases += 1;
      own.set(id, value);
    }
  };
  for (const [id, value] of before) put(id, value, "before", true);
  for (const [id, value] of after) put(id, value, "after", !before.has(id));
  return [...slices]
    .filter(([, members]) => members.cases >= FEWEST_CASES && members.cases < total)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([slice, members]) => ({ by, slice, before: members.before, after: members.after }));
}

/** Those of the values whose case the other run has too. */
function only(values: CaseValues, other: CaseValues): CaseValues {
  const kept = [...values].filter(([id]) => other.has(id));
  return kept.length === values.size ? values : new Map(kept);
}

function meanOf(values: CaseValues): number | null {
  const means = [...values.values()].map(({ sum, count }) => sum / count);
  return means.length === 0 ? null : means.reduce((sum, mean) => sum + mean, 0) / means.length;
}

/** Simpson's paradox: counted of outcomes 0 and 1, and possible only where slices do not overlap. */
function reversalOf(by: Slicing, sliced: readonly SlicedValues[]): SimpsonReversal[] {
  const own = sliced.filter((slice) => slice.by === by);
  const ids = own.flatMap(({ before }) => [...before.keys()]);
  if (own.length < 2 || new Set(ids).size < ids.length) return [];
  if (!own.every(({ before, after }) => isOfOutcomes(before) && isOfOutcomes(after))) return [];
  const strata = own.map(({ before, after }): TwoByTwo => [counts(after), counts(before)]);
  const { reversal, pooledDifference, stratifiedDifference } = cochranMantelHaenszel(strata);
  if (!reversal || pooledDifference === null || stratifiedDifference === null) return [];
  const message =
    `by ${by}, the candidate is ${formatChange(stratifiedDifference, "proportion")} within slices but ` +
    `${formatChange(pooledDifference, "proportion")} over all: the runs hold the slices in different shares`;
  return [{ by, pooled: pooledDifference, withinSlices: stratifiedDifference, message }];
}

function isOfOutcomes(values: CaseValues): boolean {
  return [...values.values()].every(({ isBinary }) => isBinary);
}

/** Passed and failed trials. */
function counts(values: CaseValues): readonly [number, number] {
  let passed = 0;
  let all = 0;
  for (const { sum, count } of values.values()) {
    passed += sum;
    all += count;
  }
  return [passed, all - passed];
}
