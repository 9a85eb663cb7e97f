import type { Dataset, GoldenCase } from "../../core/golden-case.js";
import { quantile } from "../../stats/quantile.js";
import { labelCoverage, statesSomething } from "./expectation-kinds.js";
import { inputText } from "./input-text.js";
import { wordsOf } from "./shingle-sets.js";
import { type Tally, tallyOf, tallyRisks, tallySplits, tallyTags } from "./tally.js";

/** Five numbers of a distribution; quantiles of type 7. */
export interface Spread {
  readonly least: number;
  readonly median: number;
  readonly mean: number;
  readonly p95: number;
  readonly most: number;
}

/** What a golden set holds. */
export interface DatasetStats {
  readonly path: string;
  /** Name and first 8 digits of the hash, as runs name it: `starter@b1ffdb55`. */
  readonly datasetVersion: string;
  readonly hash: string;
  readonly cases: number;
  readonly splits: readonly Tally[];
  readonly risks: readonly Tally[];
  readonly tags: readonly Tally[];
  readonly environments: readonly Tally[];
  readonly inputKinds: readonly Tally[];
  /** Words of all that the user says. */
  readonly inputWords: Spread;
  readonly inputCharacters: Spread;
  readonly expectations: readonly Tally[];
  readonly nothingExpected: number;
  /** By review status; `null`: no review. */
  readonly reviews: readonly Tally[];
  readonly groups: {
    /** Independent clusters. */
    readonly count: number;
    readonly size: Spread;
    /** The largest ones, at most 5. */
    readonly largest: readonly { readonly group: string; readonly cases: number }[];
  };
}

/** @param dataset - at least one case */
export function describeDataset({ name, path, hash, cases }: Dataset): DatasetStats {
  const texts = cases.map((one) => inputText(one.input));
  const groups = tallyOf(
    cases.map((one) => one.group),
    cases.length,
  );
  const tally = (pick: (one: GoldenCase) => string | null) => tallyOf(cases.map(pick), cases.length);
  return {
    path,
    datasetVersion: `${name}@${hash.slice(0, 8)}`,
    hash,
    cases: cases.length,
    splits: tallySplits(cases),
    risks: tallyRisks(cases),
    tags: tallyTags(cases),
    environments: tally((one) => one.environment),
    inputKinds: tally((one) => one.input.kind),
    inputWords: spreadOf(texts.map((text) => wordsOf(text).length)),
    inputCharacters: spreadOf(texts.map((text) => Array.from(text).length)),
    expectations: labelCoverage(cases),
    nothingExpected: cases.filter((one) => !statesSomething(one)).length,
    reviews: tally((one) => one.review?.status ?? null),
    groups: {
      count: groups.length,
      size: spreadOf(groups.map((group) => group.cases)),
      largest: groups.slice(0, 5).map(({ value, cases: count }) => ({ group: value ?? "", cases: count })),
    },
  };
}

function spreadOf(values: readonly number[]): Spread {
  const at = (q: number) => quantile(values, q) ?? 0;
  return {
    least: at(0),
    median: at(0.5),
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    p95: at(0.95),
    most: at(1),
  };
}
