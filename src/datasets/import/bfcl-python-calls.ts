import {
  type PythonObject,
  PythonTuple,
  type PythonValue,
  WholeFloat,
} from "../../metrics/agent/python-values.js";
import { NotPythonError } from "./bfcl-not-python-error.js";
import { pythonNumber } from "./bfcl-python-number.js";
import { type PythonNode, parsePythonExpression } from "./bfcl-python-syntax.js";

/** A call as a model wrote it. */
export interface WrittenCall {
  readonly name: string;
  readonly args: PythonObject;
}

/**
 * The calls in a text such as `[f(a=1), g.h(b='x')]`, without running anything. As in BFCL's default decoder: what
 * stands before the last `</think>` is left out, outer backticks are cut and missing outer brackets are added; the text
 * must then be a Python list of calls, or one call. Prose beside calls makes the whole no calls. Positional arguments
 * are dropped, and a name stands for its text.
 *
 * @returns `null` when the text is no calls
 * @see BFCL v4, `default_decode_ast_prompting` and `ast_parse` at gorilla 6ea57973
 */
export function callsInPython(text: string): readonly WrittenCall[] | null {
  const inner = withoutThoughts(text).replace(/^[`\n ]+|[`\n ]+$/g, "");
  const bracketed = `${inner.startsWith("[") ? "" : "["}${inner}${inner.endsWith("]") ? "" : "]"}`;
  try {
    const node = parsePythonExpression(bracketed);
    if (node.kind === "call") return [callOf(node, bracketed)];
    if (node.kind !== "list" && node.kind !== "tuple" && node.kind !== "set") return null;
    return node.items.map((item) => {
      if (item.kind !== "call") throw new NotPythonError("expected a call");
      return callOf(item, bracketed);
    });
  } catch (error) {
    if (error instanceof NotPythonError) return null;
    throw error;
  }
}

const END_OF_THOUGHTS = "</think>";

function withoutThoughts(text: string): string {
  const at = text.lastIndexOf(END_OF_THOUGHTS);
  return at < 0 ? text : text.slice(at + END_OF_THOUGHTS.length).trim();
}

function callOf(node: Extract<PythonNode, { kind: "call" }>, source: string): WrittenCall {
  const entries = node.keywords.map(([name, value]) => [name, pythonValueOf(value, source)] as const);
  return { name: nameOf(node.callee), args: Object.fromEntries(entries) };
}

/** `a.b.c` of a name with attributes; what else is called has no name. */
function nameOf(callee: PythonNode): string {
  if (callee.kind === "name") return callee.name;
  if (callee.kind !== "attribute") return "";
  const base = nameOf(callee.base);
  return base === "" ? callee.name : `${base}.${callee.name}`;
}

function pythonValueOf(node: PythonNode, source: string): PythonValue {
  switch (node.kind) {
    case "constant":
      return node.value;
    case "name":
      return node.name;
    case "list":
      return node.items.map((item) => pythonValueOf(item, source));
    case "tuple":
      return new PythonTuple(node.items.map((item) => pythonValueOf(item, source)));
    case "dict":
      return Object.fromEntries(
        node.entries.map(([key, value]) => [keyOf(key, source), pythonValueOf(value, source)]),
      );
    case "call": {
      if (node.keywords.length === 0) return source.slice(node.start, node.end);
      const { name, args } = callOf(node, source);
      return { [name]: args };
    }
    case "subscript":
      return source.slice(node.start, node.end);
    case "unary":
      return negated(node.operand);
    case "binary":
      return arithmetic(node);
    default:
      throw new NotPythonError(`a ${node.kind} has no value here`);
  }
}

/** JSON has text keys alone; a marked one equals no key of a gold answer. */
function keyOf(key: PythonNode, source: string): string {
  const value = pythonValueOf(key, source);
  return typeof value === "string" ? value : `(${source.slice(key.start, key.end)})`;
}

/** BFCL's decoder negates whatever sign stands before a literal number, `+5` too. */
function negated(operand: PythonNode): PythonValue {
  if (operand.kind !== "constant") throw new NotPythonError("expected a literal behind the sign");
  const { number, isFloat } = numberOf(operand.value);
  return pythonNumber(0 - number, isFloat);
}

function numberOf(value: PythonValue): { readonly number: number; readonly isFloat: boolean } {
  if (value instanceof WholeFloat) return { number: value.value, isFloat: true };
  if (typeof value === "number") return { number: value, isFloat: !Number.isInteger(value) };
  if (typeof value === "boolean") return { number: value ? 1 : 0, isFloat: false };
  throw new NotPythonError("expected a number");
}

/** Arithmetic of literals, as Python has it; other operands have no value here. */
function arithmetic(node: PythonNode): PythonValue {
  if (node.kind === "constant") return node.value;
  if (node.kind === "unary" && (node.operator === "-" || node.operator === "+")) {
    const { number, isFloat } = numberOf(arithmetic(node.operand));
    return pythonNumber(node.operator === "-" ? 0 - number : number, isFloat);
  }
  if (node.kind !== "binary") throw new NotPythonError("expected arithmetic of literals");
  const left = arithmetic(node.left);
  const right = arithmetic(node.right);
  if (node.operator === "+" && typeof left === "string" && typeof right === "string") return left + right;
  const a = numberOf(left);
  const b = numberOf(right);
  const isFloat = a.isFloat || b.isFloat;
  const result = calculate(node.operator, a.number, b.number);
  if (!Number.isFinite(result)) throw new NotPythonError("the arithmetic has no result");
  const givesFloat = node.operator === "/" || (node.operator === "**" && b.number < 0);
  return pythonNumber(result, isFloat || givesFloat);
}

function calculate(operator: string, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "//":
      return Math.floor(a / b);
    case "%":
      return a - b * Math.floor(a / b);
    case "**":
      return a ** b;
    default:
      throw new NotPythonError(`no arithmetic by ${operator}`);
  }
}
