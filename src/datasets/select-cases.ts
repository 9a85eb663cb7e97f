import { UsageError } from "../core/errors.js";
import type { GoldenCase } from "../core/golden-case.js";
import { didYouMean, listNames } from "../core/nearest.js";

/** Which cases of a dataset to run. Every part that is given must hold. */
export interface CaseSelection {
  /** Regular expression, upper and lower case alike, searched in the id and the text of the input. */
  readonly pattern?: string;
  /** Cases that have at least one of these tags. */
  readonly tags?: readonly string[];
  readonly caseIds?: readonly string[];
  /** Ids of cases that failed in an earlier run; those that the dataset no longer has are left out. */
  readonly failingIds?: ReadonlySet<string>;
  /** At most this many, in file order, after all other parts; a whole number from 1. */
  readonly limit?: number;
}

/**
 * The selected cases, in file order; may be empty, then {@link noCaseSelected} says why.
 *
 * @throws {UsageError} if a case id is not in the dataset, the pattern is no regular expression, or the limit
 *   is not a whole number from 1
 */
export function selectCases(cases: readonly GoldenCase[], selection: CaseSelection): readonly GoldenCase[] {
  const { tags, caseIds, failingIds, limit } = selection;
  const pattern = selection.pattern === undefined ? null : compilePattern(selection.pattern);
  if (caseIds !== undefined) refuseUnknownIds(cases, caseIds);
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 1)) {
    throw new UsageError(`--limit expected a whole number from 1, found ${limit}`);
  }
  const wantedIds = caseIds === undefined ? null : new Set(caseIds);
  const selected = cases.filter(
    (each) =>
      (wantedIds?.has(each.id) ?? true) &&
      (failingIds?.has(each.id) ?? true) &&
      (tags === undefined || tags.length === 0 || tags.some((tag) => each.tags.includes(tag))) &&
      (pattern === null || pattern.test(each.id) || pattern.test(textOf(each))),
  );
  return limit === undefined ? selected : selected.slice(0, limit);
}

/** The error for a selection that leaves no case: names each filter, and the tag that was probably meant. */
export function noCaseSelected(cases: readonly GoldenCase[], selection: CaseSelection): UsageError {
  const known = [...new Set(cases.flatMap((each) => each.tags))];
  const filters: string[] = [];
  if (selection.pattern !== undefined) filters.push(`--filter-pattern ${selection.pattern}`);
  for (const tag of selection.tags ?? []) {
    filters.push(
      `--filter-tag ${tag}${known.includes(tag) ? "" : ` (no case has this tag${didYouMean(tag, known)})`}`,
    );
  }
  if (selection.caseIds !== undefined) filters.push(`--case-id ${selection.caseIds.join(", ")}`);
  if (selection.failingIds !== undefined)
    filters.push(`--filter-failing (${selection.failingIds.size} failing)`);
  const among = `none of the ${cases.length} cases is selected`;
  return new UsageError(filters.length === 0 ? among : `${among} by ${filters.join(" and ")}`, {
    nextStep: "loosen a filter, or pass --pass-with-no-tests",
  });
}

function compilePattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "i");
  } catch (error) {
    throw new UsageError(`--filter-pattern expected a regular expression, found ${JSON.stringify(pattern)}`, {
      cause: error,
      nextStep: "put a backslash before characters such as ( [ + * ? that stand for themselves",
    });
  }
}

function refuseUnknownIds(cases: readonly GoldenCase[], wanted: readonly string[]): void {
  const known = new Set(cases.map((each) => each.id));
  const unknown = wanted.filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  const lines = unknown.map((id) => {
    const suggestion = didYouMean(id, known) || `; the dataset has ${listNames([...known], 5)}`;
    return `--case-id ${id} is not in the dataset${suggestion}`;
  });
  throw new UsageError(lines.join("\n"));
}

function textOf({ input }: GoldenCase): string {
  switch (input.kind) {
    case "text":
      return input.text;
    case "messages":
      return input.messages.map((message) => message.content).join("\n");
    case "user":
      return [input.goal, ...(input.script ?? [])].join("\n");
  }
}
