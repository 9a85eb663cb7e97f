import { describeIssues } from "../config/describe-issues.js";
import { JSON_WORDS } from "../config/found-and-wanted.js";
import type { GoldenCase } from "../core/golden-case.js";
import { fullCaseSchema } from "./golden-case-schema.js";
import type { ProblemList } from "./import/problem-list.js";
import { normaliseFullCase } from "./normalise-case.js";

/** A case of another tool's file in the words of a golden set, not yet checked. */
export interface CaseDraft {
  /** 1-based line in the other tool's file; `undefined` when it is one document. */
  readonly line: number | undefined;
  /** How a message calls the place, e.g. `test 3: `; empty when the line says enough. */
  readonly place: string;
  /** The case as a line of a golden set has it; `undefined` values are left out of the line. */
  readonly value: Readonly<Record<string, unknown>>;
}

/**
 * Checks drafts by the schema of golden sets. What is wrong goes to `problems`, with the place of the draft; a draft
 * that repeats an earlier id is a problem, too.
 *
 * @returns the cases without problems, in order
 */
export function checkDrafts(drafts: readonly CaseDraft[], problems: ProblemList): readonly GoldenCase[] {
  const cases: GoldenCase[] = [];
  const first = new Map<unknown, CaseDraft>();
  for (const draft of drafts) {
    const { id } = draft.value;
    const twin = first.get(id);
    if (twin !== undefined && id !== undefined) {
      problems.add(
        draft.line,
        `${draft.place}expected the case id ${JSON.stringify(id)} once; ${also(twin)}`,
      );
      continue;
    }
    first.set(id, draft);
    const value: unknown = JSON.parse(JSON.stringify(draft.value));
    const result = fullCaseSchema.safeParse(value);
    if (result.success) {
      cases.push(normaliseFullCase(result.data, draft.line ?? cases.length + 1));
      continue;
    }
    const checked = { schema: fullCaseSchema, value, words: JSON_WORDS, whole: "the case" };
    for (const { message } of describeIssues(result.error.issues, checked)) {
      problems.add(draft.line, `${draft.place}${message}`);
    }
  }
  return cases;
}

/** A golden set of checked drafts: one JSON object a line, in order. */
export function datasetText(drafts: readonly CaseDraft[]): string {
  return drafts.map(({ value }) => `${JSON.stringify(value)}\n`).join("");
}

function also({ line, place }: CaseDraft): string {
  return line === undefined ? `also in ${place.replace(/: $/, "")}` : `also on line ${line}`;
}

/**
 * A text as an id, tag or group: control characters and runs of spaces become one space, none remains outside.
 *
 * @returns `null` when nothing is left
 */
export function plainName(text: string, maxLength = 100): string | null {
  const name = text
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, maxLength)
    .trim();
  return name === "" ? null : name;
}
