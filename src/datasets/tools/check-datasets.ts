import type { Dataset } from "../../core/golden-case.js";
import { type DatasetFinding, findingOf, type PlacedCase } from "./dataset-finding.js";
import { labelCoverage, statesSomething } from "./expectation-kinds.js";
import { findDuplicates, findGroupLeaks, findTextLeaks } from "./find-duplicates.js";
import { fingerprintCases } from "./near-duplicates.js";
import type { SimilarityOptions } from "./similarity-index.js";
import { type Tally, tallyRisks, tallySplits, tallyTags } from "./tally.js";

/** A slice of fewer cases is told: when 4 of 4 pass, the 95 % interval still reaches down to 51 %. */
const SMALL_SLICE = 5;

/** One file of a check. */
export interface CheckedFile {
  readonly path: string;
  readonly hash: string;
  readonly cases: number;
  /** Independent clusters: distinct groups. */
  readonly clusters: number;
  readonly splits: readonly Tally[];
  readonly risks: readonly Tally[];
  readonly tags: readonly Tally[];
  /** By key of `expect`. */
  readonly expectations: readonly Tally[];
}

/** What `agentctl dataset check` finds. */
export interface DatasetCheck {
  readonly files: readonly CheckedFile[];
  readonly similarity: SimilarityOptions;
  readonly findings: readonly DatasetFinding[];
  readonly problems: number;
  readonly warnings: number;
}

/**
 * Checks golden sets that are used together: duplicates and leaks are looked for across all files, groups and
 * slices within each.
 *
 * @param datasets - at least one, each with at least one case
 */
export function checkDatasets(datasets: readonly Dataset[], similarity: SimilarityOptions): DatasetCheck {
  const placed = datasets.flatMap((dataset) =>
    dataset.cases.map((goldenCase): PlacedCase => ({ file: dataset.path, goldenCase })),
  );
  const fingerprints = fingerprintCases(
    placed.map((one) => one.goldenCase),
    similarity,
  );
  const findings = [
    ...findTextLeaks(placed, fingerprints),
    ...findGroupLeaks(placed),
    ...findDuplicates(placed, fingerprints),
    ...findUnlabelled(placed),
    ...datasets.flatMap(findSmallSlices),
  ];
  const ordered = [
    ...findings.filter((one) => one.severity === "problem"),
    ...findings.filter((one) => one.severity === "warning"),
  ];
  const problems = ordered.filter((one) => one.severity === "problem").length;
  return {
    files: datasets.map(describeFile),
    similarity,
    findings: ordered,
    problems,
    warnings: ordered.length - problems,
  };
}

/** Whether a check lets a set pass: without problems, and, when strict, without warnings. */
export function isClean({ problems, warnings }: DatasetCheck, isStrict: boolean): boolean {
  return problems === 0 && (!isStrict || warnings === 0);
}

function describeFile({ path, hash, cases }: Dataset): CheckedFile {
  return {
    path,
    hash,
    cases: cases.length,
    clusters: new Set(cases.map((one) => one.group)).size,
    splits: tallySplits(cases),
    risks: tallyRisks(cases),
    tags: tallyTags(cases),
    expectations: labelCoverage(cases),
  };
}

function findUnlabelled(placed: readonly PlacedCase[]): readonly DatasetFinding[] {
  const each = (
    code: "nothing-expected" | "unreviewed-high-risk" | "rejected",
    message: (one: PlacedCase) => string,
    isMeant: (one: PlacedCase) => boolean,
  ) => placed.filter(isMeant).map((one) => findingOf(code, message(one), [one]));
  return [
    ...each(
      "unreviewed-high-risk",
      ({ goldenCase: { risk, review } }) =>
        `has risk ${risk} and ${review === null ? "no review" : `a review that is ${review.status}`}`,
      ({ goldenCase: { risk, review } }) =>
        (risk === "high" || risk === "critical") && (review === null || review.status === "pending"),
    ),
    ...each(
      "rejected",
      () => "was rejected by its reviewer and is still in the set",
      ({ goldenCase: { review } }) => review?.status === "rejected",
    ),
    ...each(
      "nothing-expected",
      () => "states nothing to check, so it is run and never scored",
      ({ goldenCase }) => !statesSomething(goldenCase),
    ),
  ];
}

function findSmallSlices({ path, cases }: Dataset): readonly DatasetFinding[] {
  const small = (key: string, tallies: readonly Tally[]) =>
    tallies
      .filter((tally) => tally.value !== null && tally.cases < SMALL_SLICE)
      .map((tally) =>
        findingOf(
          "small-slice",
          `${key} \`${tally.value}\` has ${tally.cases} of ${cases.length} cases, too few to judge by`,
          cases
            .filter((one) =>
              key === "risk" ? one.risk === tally.value : one.tags.includes(tally.value ?? ""),
            )
            .map((goldenCase) => ({ file: path, goldenCase })),
        ),
      );
  return [...small("risk", tallyRisks(cases)), ...small("tag", tallyTags(cases))];
}
