import type { JsonSchema } from "../../core/message.js";
import { type ArgumentType, argumentType, propertiesOf, requiredOf } from "./argument-types.js";
import {
  isDict,
  isList,
  kindsOf,
  type PythonObject,
  PythonTuple,
  type PythonValue,
  samePython,
  WholeFloat,
} from "./python-values.js";

/** How strictly values are compared. */
export interface AnyOfOptions {
  /** JSON Schema of the arguments, or `null` when not known: types are then those of the acceptable values. */
  readonly schema: JsonSchema | null;
  /** Largest absolute difference of equal numbers. */
  readonly tolerance: number;
  /** Whether values still tell 5 from 5.0 and a tuple from a list; values that came through JSON do not. */
  readonly isExact: boolean;
}

/**
 * Whether the arguments of a call are acceptable as the checker of the Berkeley Function-Calling Leaderboard has it:
 * each value is one of the acceptable ones, of the type that the schema states; texts are compared without case, spaces
 * and `, . / - _ * ^`, both quotes being one; an argument that is not listed fails, and so does one that is missing
 * unless `""` is acceptable for it and the schema does not require it.
 *
 * @param acceptable - for each argument the list of acceptable values; in dicts within, again lists
 * @see BFCL v4, `ast_checker.py` at gorilla 6ea57973
 */
export function anyOfMatches(acceptable: PythonObject, actual: PythonObject, options: AnyOfOptions): boolean {
  const properties = propertiesOf(options.schema);
  if (requiredOf(options.schema).some((name) => !Object.hasOwn(actual, name))) return false;
  for (const [name, value] of Object.entries(actual)) {
    if (!Object.hasOwn(acceptable, name)) return false;
    if (properties !== null && !Object.hasOwn(properties, name)) return false;
    const answers = listOf(acceptable[name]!);
    if (!valueMatches(value, answers, argumentType(properties?.[name]), options)) return false;
  }
  return Object.entries(acceptable).every(
    ([name, answers]) => Object.hasOwn(actual, name) || listOf(answers).includes(""),
  );
}

function valueMatches(
  given: PythonValue,
  answers: readonly PythonValue[],
  type: ArgumentType | null,
  options: AnyOfOptions,
): boolean {
  if (type === null) {
    return answers.some((answer) => valueMatches(given, [answer], typeOfAnswer(answer), options));
  }
  const value = converted(given, type);
  const check = typeCheck(value, answers, type.kind, type.items, options.isExact);
  if (!check.isValid) return false;
  if (!check.isVariable) {
    if (type.kind === "dict") return answers.some((answer) => dictMatches(value, answer, options));
    if (type.kind === "list" && type.items === "dict") {
      return answers.some((answer) => dictsMatch(value, answer, options));
    }
    if (type.kind === "string") return textMatches(value, answers);
    if (type.kind === "list") {
      return answers.some((answer) => samePython(standard(value), listAnswer(answer), options.tolerance));
    }
  }
  return answers.some((answer) => samePython(value, answer, options.tolerance));
}

/** Python converts an int where a float is wanted, and a tuple is a list where a tuple is wanted: at the top alone. */
function converted(value: PythonValue, type: ArgumentType): PythonValue {
  if (type.kind === "float" && typeof value === "number" && Number.isInteger(value)) {
    return new WholeFloat(value);
  }
  return type.isTuple && value instanceof PythonTuple ? value.items : value;
}

/**
 * Whether a value has the type stated, or the type of the first acceptable value: the latter is a "variable", a value
 * such as a name in place of a number, which is then compared as it is.
 */
function typeCheck(
  value: PythonValue,
  answers: readonly PythonValue[],
  kind: ArgumentType["kind"],
  items: ArgumentType["kind"] | null,
  isExact: boolean,
): { readonly isValid: boolean; readonly isVariable: boolean } {
  const first = answers.find((answer) => answer !== "");
  const answerKinds = first === undefined ? [] : kindsOf(first, isExact);
  const kinds = kindsOf(value, isExact);
  if (kinds.includes(kind)) {
    const isVariable = first !== undefined && !answerKinds.includes(kind);
    const isValid = items === null || !isList(value) || itemsFit(value, answers, items, isExact);
    return { isValid, isVariable };
  }
  return { isValid: answerKinds.some((one) => kinds.includes(one)), isVariable: true };
}

/** An acceptable value that is no list, as `""` is, says nothing of the items: any are then of a right type. */
function itemsFit(
  value: readonly PythonValue[],
  answers: readonly PythonValue[],
  items: ArgumentType["kind"],
  isExact: boolean,
): boolean {
  return answers.some(
    (answer) =>
      !isList(answer) || value.every((item) => typeCheck(item, answer, items, null, isExact).isValid),
  );
}

function dictMatches(value: PythonValue, answer: PythonValue, options: AnyOfOptions): boolean {
  if (!isDict(value) || !isDict(answer)) return false;
  const known = Object.entries(value).every(
    ([key, item]) =>
      Object.hasOwn(answer, key) &&
      listOf(answer[key]!).some((one) =>
        samePython(standardText(item), standardText(one), options.tolerance),
      ),
  );
  return (
    known &&
    Object.entries(answer).every(([key, items]) => Object.hasOwn(value, key) || listOf(items).includes(""))
  );
}

/** A list of dicts, in order. `""` stands for the empty list, as in BFCL. */
function dictsMatch(value: PythonValue, answer: PythonValue, options: AnyOfOptions): boolean {
  const items = answer === "" ? [] : answer;
  if (!isList(value) || !isList(items) || value.length !== items.length) return false;
  return value.every((item, index) => dictMatches(item, items[index]!, options));
}

function textMatches(value: PythonValue, answers: readonly PythonValue[]): boolean {
  return (
    typeof value === "string" &&
    answers.some((answer) => typeof answer === "string" && standardiseText(answer) === standardiseText(value))
  );
}

function listAnswer(answer: PythonValue): PythonValue {
  return answer === "" ? [] : standard(answer);
}

function standard(value: PythonValue): PythonValue {
  return isList(value) ? value.map(standardText) : value;
}

function standardText(value: PythonValue): PythonValue {
  return typeof value === "string" ? standardiseText(value) : value;
}

/** A text without case, spaces and `, . / - _ * ^`, single quotes as double ones. */
export function standardiseText(text: string): string {
  return text
    .replace(/[ ,./\-_*^]/g, "")
    .toLowerCase()
    .replaceAll("'", '"');
}

function listOf(value: PythonValue): readonly PythonValue[] {
  return isList(value) ? value : [value];
}

/** Without a schema, an acceptable value states its own type. */
function typeOfAnswer(answer: PythonValue): ArgumentType {
  const [kind = "string"] = kindsOf(answer, false);
  if (kind === "list" && isList(answer)) {
    const hasDicts = answer.length > 0 && answer.every(isDict);
    return { kind, isTuple: true, items: hasDicts ? "dict" : null };
  }
  if (kind === "integer" || kind === "float") return { kind: "float", isTuple: false, items: null };
  return { kind: kind === "null" || kind === "tuple" ? "string" : kind, isTuple: false, items: null };
}
