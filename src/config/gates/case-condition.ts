import type { GoldenCase } from "../../core/golden-case.js";
import { didYouMean, listNames } from "../../core/nearest.js";
import { tenantsOf } from "../../core/tenant-tag.js";
import { quoteName } from "../found-and-wanted.js";
import {
  type BooleanExpression,
  evaluateExpression,
  type Parsed,
  parseBooleanExpression,
  type Token,
} from "./boolean-expression.js";

/** What stands for a key that a case does not state. */
const NOT_STATED = "none";

/** What a condition can ask of a case, and the values that it can have; `null`: any. */
const FIELDS = {
  id: null,
  tag: null,
  tenant: null,
  group: null,
  environment: null,
  risk: ["low", "medium", "high", "critical", NOT_STATED],
  split: ["dev", "test", "holdout"],
  review: ["approved", "rejected", "pending", NOT_STATED],
} as const satisfies Readonly<Record<string, readonly string[] | null>>;

type CaseField = keyof typeof FIELDS;

const FIELD_NAMES = Object.keys(FIELDS) as readonly CaseField[];

/** `isNegated`: none of the values. */
interface CaseClaim {
  readonly field: CaseField;
  readonly values: readonly string[];
  readonly isNegated: boolean;
}

/** Which cases of a golden set are meant. */
export interface CaseCondition {
  readonly matches: (goldenCase: GoldenCase) => boolean;
}

type ClaimReading = { readonly claim: CaseClaim; readonly taken: number } | { readonly problem: string };

/**
 * Reads a condition on cases, such as `risk = high and tag = refund`, `risk in (high, critical)`,
 * `not (split = holdout or id = "a b")`.
 *
 * A case has several tags: `tag = x` holds when one of them is x, `tag != x` when none is. `tenant = x` is short for
 * `tag = tenant:x`. `none` is the risk, review
 * or environment of a case that states none. Values are compared exactly, and letters in their case.
 *
 * @returns the condition, or one phrase that says what is wrong with the text
 */
export function parseCaseCondition(text: string): Parsed<CaseCondition> {
  const parsed = parseBooleanExpression(text, readClaim);
  return "problem" in parsed ? parsed : { value: conditionOf(parsed.value) };
}

function conditionOf(expression: BooleanExpression<CaseClaim>): CaseCondition {
  return {
    matches: (goldenCase) =>
      evaluateExpression(expression, ({ field, values, isNegated }) => {
        const own = valuesOf(goldenCase, field);
        return own.some((value) => values.includes(value)) !== isNegated;
      }) === true,
  };
}

function valuesOf(goldenCase: GoldenCase, field: CaseField): readonly string[] {
  switch (field) {
    case "tag":
      return goldenCase.tags;
    case "tenant":
      return tenantsOf(goldenCase);
    case "review":
      return [goldenCase.review?.status ?? NOT_STATED];
    default:
      return [goldenCase[field] ?? NOT_STATED];
  }
}

function readClaim(tokens: readonly Token[]): ClaimReading {
  const [first, second, third] = tokens;
  const name = first?.text ?? "";
  const field = first?.kind === "word" ? FIELD_NAMES.find((one) => one === name) : undefined;
  if (field === undefined) {
    const nextStep = didYouMean(name, FIELD_NAMES) || `; known: ${listNames(FIELD_NAMES)}`;
    return { problem: `asks of ${quoteName(name)}, which no case says${nextStep}` };
  }
  if (isWord(second, "in")) return readList(field, tokens, 2, false);
  if (isWord(second, "not") && isWord(third, "in")) return readList(field, tokens, 3, true);
  if (second?.kind !== "sign" || (second.text !== "=" && second.text !== "!=") || !isValue(third)) {
    const found = tokens.slice(1, 3).map(({ text }) => text);
    const shown = found.length === 0 ? "nothing" : quoteName(found.join(" "));
    return {
      problem: `wants a value after \`${name}\`: \`= VALUE\`, \`!= VALUE\` or \`in (A, B)\`; found ${shown}`,
    };
  }
  return claimOf(field, [third.text], second.text === "!=", 3);
}

function readList(
  field: CaseField,
  tokens: readonly Token[],
  open: number,
  isNegated: boolean,
): ClaimReading {
  const problem = `wants values in parentheses after \`${field} in\`, such as \`${field} in (A, B)\``;
  if (!isSign(tokens[open], "(")) return { problem };
  const values: string[] = [];
  for (let at = open + 1; ; at += 2) {
    const value = tokens[at];
    if (!isValue(value)) return { problem };
    values.push(value.text);
    if (isSign(tokens[at + 1], ")")) return claimOf(field, values, isNegated, at + 2);
    if (!isSign(tokens[at + 1], ",")) return { problem };
  }
}

function claimOf(
  field: CaseField,
  values: readonly string[],
  isNegated: boolean,
  taken: number,
): ClaimReading {
  const known: readonly string[] | null = FIELDS[field];
  const unknown = values.find((value) => known !== null && !known.includes(value));
  if (known === null || unknown === undefined) return { claim: { field, values, isNegated }, taken };
  const nextStep = didYouMean(unknown, known) || `; known: ${listNames(known)}`;
  return { problem: `asks for ${field} ${quoteName(unknown)}, which no case has${nextStep}` };
}

function isWord(token: Token | undefined, text: string): boolean {
  return token?.kind === "word" && token.text === text;
}

function isSign(token: Token | undefined, text: string): boolean {
  return token?.kind === "sign" && token.text === text;
}

function isValue(token: Token | undefined): token is Token {
  return token !== undefined && token.kind !== "sign" && token.text !== "";
}
