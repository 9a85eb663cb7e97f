import type { GoldenCase } from "../../core/golden-case.js";
import { inputText } from "./input-text.js";
import {
  type Fingerprints,
  fingerprint,
  type Match,
  SimilarityIndex,
  type SimilarityOptions,
} from "./similarity-index.js";

/** Fingerprints of what the users of the cases say. */
export function fingerprintCases(cases: readonly GoldenCase[], options: SimilarityOptions): Fingerprints {
  return fingerprint(
    cases.map((one) => inputText(one.input)),
    options,
  );
}

/** A case and the earlier one that it nearly repeats, as positions. */
export interface NearDuplicate extends Match {
  /** Position of the later case. */
  readonly duplicate: number;
}

/**
 * Cases whose input nearly repeats that of an earlier case which is itself no repetition, in order. Leaving all
 * `duplicate`s out keeps the first of each cluster, and no two cases that are kept are nearly the same.
 */
export function nearDuplicates(fingerprints: Fingerprints): readonly NearDuplicate[] {
  const index = new SimilarityIndex(fingerprints);
  const found: NearDuplicate[] = [];
  for (let position = 0; position < fingerprints.sets.length; position++) {
    const match = index.match(position);
    if (match === null) index.add(position);
    else found.push({ ...match, duplicate: position });
  }
  return found;
}

/**
 * Cases whose input nearly repeats one of another split: each `test` case is held against `dev`, each `holdout`
 * case against both. At most one finding a case, the most similar one.
 */
export function crossSplitDuplicates(
  cases: readonly GoldenCase[],
  fingerprints: Fingerprints,
): readonly NearDuplicate[] {
  const positions = (split: GoldenCase["split"]) =>
    cases.flatMap((one, position) => (one.split === split ? [position] : []));
  const [dev, test, holdout] = [positions("dev"), positions("test"), positions("holdout")];
  if ([dev, test, holdout].filter((part) => part.length > 0).length < 2) return [];
  const index = new SimilarityIndex(fingerprints);
  const found: NearDuplicate[] = [];
  const lookUp = (position: number) => {
    const match = index.match(position);
    if (match !== null) found.push({ ...match, duplicate: position });
  };
  for (const position of dev) index.add(position);
  test.forEach(lookUp);
  for (const position of test) index.add(position);
  holdout.forEach(lookUp);
  return found;
}
