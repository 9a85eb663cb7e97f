import type { ExpectedToolCall, OfferedTool } from "../../core/golden-case.js";
import type { Json } from "../../core/hash.js";
import type { JsonSchema } from "../../core/message.js";
import type { ToolCallSpan } from "../../core/trace.js";
import { checkAgainstSchema } from "../generation/json-schema-checker.js";
import { anyOfMatches } from "./any-of-arguments.js";
import { jsonSchemaOf } from "./argument-types.js";

/** A call that was made. */
export interface ActualCall extends Pick<ToolCallSpan, "name" | "arguments"> {
  /** Whether its arguments could not be read: such a call matches nothing. */
  readonly isMalformed?: boolean;
}

type Arguments = { readonly [key: string]: Json };

/**
 * Equality of JSON values: numbers by value, keys in any order, arrays in order, no coercion.
 *
 * @param tolerance - largest absolute difference of equal numbers
 */
export function sameJson(a: Json, b: Json, tolerance = 0): boolean {
  if (a === b) return true;
  if (typeof a === "number" && typeof b === "number") return Math.abs(a - b) <= tolerance;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => sameJson(item, b[index], tolerance));
  }
  const left = a as Arguments;
  const right = b as Arguments;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key]!, right[key]!, tolerance))
  );
}

/**
 * Whether a call made is the call expected: the same name, and arguments that agree in the expected call's mode.
 *
 * - `exact`: the same arguments, by value.
 * - `subset`: the expected arguments occur, others may too.
 * - `any_of`: as {@link anyOfMatches}.
 * - `regex`: the same argument names; an expected text is a pattern that must match the whole value, which is itself
 *   when it is a text, else its JSON; other values as in `exact`.
 *
 * With a schema of the arguments, they must satisfy it too; in `any_of` it states the types as BFCL reads them.
 *
 * @param tools - what the case offers: a tool's parameters are the schema in `any_of` where the call states none
 */
export function callMatches(
  expected: ExpectedToolCall,
  actual: ActualCall,
  tools: readonly OfferedTool[] = [],
): boolean {
  if (expected.name !== actual.name || actual.isMalformed === true) return false;
  const { args, argsMode = "exact", argsSchema, tolerance = 0 } = expected;
  if (argsMode === "any_of") {
    const schema = argsSchema ?? tools.find((tool) => tool.name === expected.name)?.parameters ?? null;
    return anyOfMatches(args, actual.arguments, { schema, tolerance, isExact: false });
  }
  if (argsSchema !== undefined && !satisfies(argsSchema, actual.arguments)) return false;
  switch (argsMode) {
    case "exact":
      return sameJson(args, actual.arguments, tolerance);
    case "subset":
      return everyArgument(args, actual.arguments, (a, b) => sameJson(a, b, tolerance));
    case "regex":
      return (
        Object.keys(args).length === Object.keys(actual.arguments).length &&
        everyArgument(args, actual.arguments, (a, b) => patternMatches(a, b, tolerance))
      );
  }
}

/** Whether arguments satisfy a schema; one that cannot be checked against says nothing. */
function satisfies(schema: JsonSchema, args: Arguments): boolean {
  return checkAgainstSchema(jsonSchemaOf(schema), args).kind !== "invalid";
}

function everyArgument(
  expected: Arguments,
  actual: Arguments,
  same: (expected: Json, actual: Json) => boolean,
): boolean {
  return Object.entries(expected).every(
    ([name, value]) => Object.hasOwn(actual, name) && same(value, actual[name]!),
  );
}

function patternMatches(expected: Json, actual: Json, tolerance: number): boolean {
  if (typeof expected !== "string") return sameJson(expected, actual, tolerance);
  const pattern = patternOf(expected);
  const text = typeof actual === "string" ? actual : JSON.stringify(actual);
  return pattern?.test(text) === true;
}

/** @returns `null` for what is no regular expression: it matches nothing */
function patternOf(text: string): RegExp | null {
  try {
    return new RegExp(`^(?:${text})$`, "su");
  } catch {
    return null;
  }
}
