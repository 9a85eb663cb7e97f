import { isRecord } from "./table-kind.js";

type Fields = Readonly<Record<string, unknown>>;

/** What assertions of a test say in the words of a golden set, and what they say beyond that. */
export interface MappedAssertions {
  /** Keys of `expect`; empty when nothing could be mapped. */
  readonly expect: Fields;
  /** Types that a golden set has no word for, in order, once for each assertion. */
  readonly unmapped: readonly string[];
  /** Types that were mapped to something nearly the same, likewise. */
  readonly near: readonly string[];
}

interface Draft {
  readonly include: string[];
  readonly exclude: string[];
  readonly unmapped: string[];
  readonly near: string[];
  answer?: string;
  schema?: Fields;
  refusal?: boolean;
}

/** Types whose value is a reference that the answer is compared with in another way than by equality. */
const REFERENCES = new Set([
  "similar",
  "factuality",
  "model-graded-factuality",
  "levenshtein",
  "rouge-n",
  "bleu",
  "gleu",
  "meteor",
]);

/**
 * The expectation that assertions make.
 *
 * @param render - fills the variables of a test into a text; `null` where something remains
 */
export function mapAssertions(
  assertions: readonly unknown[],
  render: (text: string) => string | null,
): MappedAssertions {
  const draft: Draft = { include: [], exclude: [], unmapped: [], near: [] };
  for (const assertion of flatten(assertions)) mapOne(assertion, render, draft);
  const { include, exclude, answer, schema, refusal, unmapped, near } = draft;
  return {
    expect: {
      ...(include.length > 0 && { must_include: [...new Set(include)] }),
      ...(exclude.length > 0 && { must_not_include: [...new Set(exclude)] }),
      ...(answer !== undefined && { answer }),
      ...(schema !== undefined && { schema }),
      ...(refusal !== undefined && { refusal }),
    },
    unmapped,
    near,
  };
}

/** A set of assertions that must all hold is those assertions. */
function flatten(assertions: readonly unknown[]): readonly Fields[] {
  return assertions.filter(isRecord).flatMap((assertion): readonly Fields[] => {
    const { type, assert, threshold } = assertion;
    return type === "assert-set" && Array.isArray(assert) && threshold === undefined
      ? flatten(assert)
      : [assertion];
  });
}

function mapOne(assertion: Fields, render: (text: string) => string | null, draft: Draft): void {
  const type = String(assertion.type ?? "without type");
  if (assertion.weight === 0 || assertion.metricOnly === true) {
    draft.unmapped.push(`${type} of weight 0`);
    return;
  }
  const value = rendered(assertion.value, render);
  if (value === undefined) draft.unmapped.push(`${type} with a template or file`);
  else if (!isMapped(type, value, draft)) draft.unmapped.push(type);
}

function isMapped(type: string, value: unknown, draft: Draft): boolean {
  const negated = type.startsWith("not-");
  const phrases = phrasesOf(value, type);
  switch (type.replace(/^(not-)?i?/, "")) {
    case "contains":
    case "contains-all":
    case "contains-any": {
      const needsOne = negated ? type.endsWith("-all") : type.endsWith("-any");
      if (phrases.length === 0 || (needsOne && phrases.length > 1)) return false;
      (negated ? draft.exclude : draft.include).push(...phrases);
      if (/^(not-)?contains/.test(type)) draft.near.push(type);
      return true;
    }
    default:
      break;
  }
  if (type === "is-refusal" || type === "not-is-refusal") {
    if (draft.refusal === negated) return false;
    draft.refusal = !negated;
    return true;
  }
  if (type === "is-json") {
    if (draft.schema !== undefined) return false;
    const schema = value === null ? {} : schemaOf(value);
    if (schema === null) return false;
    draft.schema = schema;
    return true;
  }
  const text = textOf(value);
  if (text === "" || (draft.answer !== undefined && draft.answer !== text)) return false;
  if (type === "equals") {
    draft.answer = text;
    return true;
  }
  if (!REFERENCES.has(type) || Array.isArray(value)) return false;
  draft.answer = text;
  draft.near.push(type);
  return true;
}

/** The value with the test's variables in it; `undefined` where a template or file remains. */
function rendered(value: unknown, render: (text: string) => string | null): unknown {
  if (typeof value === "string")
    return value.startsWith("file://") ? undefined : (render(value) ?? undefined);
  if (!Array.isArray(value)) return value ?? null;
  const items = value.map((item: unknown) => rendered(item, render));
  return items.includes(undefined) ? undefined : items;
}

/** As promptfoo does, a text is split at commas where several phrases are wanted. */
function phrasesOf(value: unknown, type: string): readonly string[] {
  const isList = type.endsWith("-all") || type.endsWith("-any");
  const items = Array.isArray(value)
    ? value.map(textOf)
    : isList
      ? textOf(value)
          .split(",")
          .map((part) => part.trim())
      : [textOf(value)];
  return items.filter((item) => item !== "");
}

/** A variable or value as a text; `null` is empty. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function schemaOf(value: unknown): Fields | null {
  if (isRecord(value)) return value;
  try {
    const parsed: unknown = JSON.parse(textOf(value));
    return isRecord(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

const KNOWN_PREFIX = /^((?:not-)?[a-z]+(?:[-:][a-z]+)*?)(?:\(([^)]*)\))?(?::\s*([\s\S]*))?$/;
const STRING_TYPES =
  /^(not-)?(equals|i?contains(-all|-any)?|contains-json|contains-sql|contains-xml|is-json|is-sql|is-xml|is-refusal|regex|starts-with|similar|levenshtein|rouge-n|bleu|gleu|meteor|cost|latency|perplexity(-score)?|llm-rubric|model-graded-closedqa|model-graded-factuality|factuality|g-eval|answer-relevance|context-recall|context-relevance|context-faithfulness|classifier|moderation|javascript|python|webhook|is-valid-openai-tools-call|is-valid-function-call|trajectory:[a-z-]+)$/;
const SHORTHANDS: Readonly<Record<string, string>> = {
  fn: "javascript",
  eval: "javascript",
  grade: "llm-rubric",
  python: "python",
};

/** An assertion as a cell of CSV writes it: `type: value`, `type(threshold): value`, or the expected text itself. */
export function assertionOfText(text: string): Fields {
  const match = KNOWN_PREFIX.exec(text.trim());
  const [, word = "", threshold, value] = match ?? [];
  const type = (value !== undefined && SHORTHANDS[word]) || word;
  if (!STRING_TYPES.test(type)) return { type: "equals", value: text };
  return {
    type,
    ...(value !== undefined && { value }),
    ...(threshold !== undefined && { threshold: Number(threshold) }),
  };
}
