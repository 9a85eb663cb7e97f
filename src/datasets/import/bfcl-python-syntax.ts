import type { PythonValue } from "../../metrics/agent/python-values.js";
import { NotPythonError } from "./bfcl-not-python-error.js";
import { type PythonToken, pythonTokens } from "./bfcl-python-tokens.js";

/** A Python expression, as far as calls of functions need it. */
export type PythonNode = { readonly start: number; readonly end: number } & (
  | { readonly kind: "constant"; readonly value: PythonValue }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "attribute"; readonly base: PythonNode; readonly name: string }
  | { readonly kind: "subscript" }
  | { readonly kind: "list" | "tuple" | "set"; readonly items: readonly PythonNode[] }
  | { readonly kind: "dict"; readonly entries: readonly (readonly [PythonNode, PythonNode])[] }
  | {
      readonly kind: "call";
      readonly callee: PythonNode;
      /** By name; `**` for arguments that are unpacked. */
      readonly keywords: readonly (readonly [string, PythonNode])[];
    }
  | { readonly kind: "unary"; readonly operator: string; readonly operand: PythonNode }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: PythonNode;
      readonly right: PythonNode;
    }
  /** Of correct syntax, without a value here: comparisons, conditions, unpacking, f-strings. */
  | { readonly kind: "other" }
);

const KEYWORDS = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global " +
    "if import in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

/** Binary operators from the loosest to the tightest; all associate to the left. */
const LEVELS: readonly (readonly string[])[] = [
  ["|"],
  ["^"],
  ["&"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "//", "%", "@"],
];
const COMPARISONS = new Set(["<", ">", "==", ">=", "<=", "!="]);

/** Deepest nesting and longest chain that are followed; more is refused rather than overflowing the stack. */
const MOST_DEEP = 100;
const MOST_LINKS = 1000;

/**
 * Parses one Python expression.
 *
 * @throws {NotPythonError} when the text is none; also for `lambda`, comprehensions and `:=`
 */
export function parsePythonExpression(source: string): PythonNode {
  return new Parser(pythonTokens(source)).whole();
}

class Parser {
  private at = 0;
  private depth = 0;
  private links = 0;

  constructor(private readonly tokens: readonly PythonToken[]) {}

  whole(): PythonNode {
    const node = this.tupleOr(this.expression());
    if (this.token.kind !== "end") throw this.unexpected();
    return node;
  }

  private get token(): PythonToken {
    return this.tokens[this.at]!;
  }

  private get lastEnd(): number {
    return this.tokens[this.at - 1]!.end;
  }

  private unexpected(): NotPythonError {
    return new NotPythonError(`unexpected ${JSON.stringify(this.token.text)} at offset ${this.token.start}`);
  }

  private is(text: string): boolean {
    const { kind, text: found } = this.token;
    return (kind === "operator" || kind === "name") && found === text;
  }

  private accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    if (!this.accept(text)) throw this.unexpected();
  }

  /** Counts operators and trailers: each makes the tree one level deeper. */
  private link(): void {
    if (++this.links > MOST_LINKS) throw new NotPythonError("too many operators");
  }

  /** Commas without brackets make a tuple. */
  private tupleOr(first: PythonNode): PythonNode {
    if (!this.is(",")) return first;
    const items = [first];
    while (this.accept(",")) {
      if (this.token.kind === "end") break;
      items.push(this.expression());
    }
    return { kind: "tuple", items, start: first.start, end: this.lastEnd };
  }

  private expression(): PythonNode {
    if (++this.depth > MOST_DEEP) throw new NotPythonError("nested too deep");
    const node = this.disjunction();
    if (this.accept("if")) {
      this.disjunction();
      this.expect("else");
      const { end } = this.expression();
      this.depth--;
      return { kind: "other", start: node.start, end };
    }
    this.depth--;
    return node;
  }

  private disjunction(): PythonNode {
    const first = this.negation();
    let isJoined = false;
    while (this.accept("or") || this.accept("and")) {
      this.negation();
      isJoined = true;
    }
    return isJoined ? { kind: "other", start: first.start, end: this.lastEnd } : first;
  }

  private negation(): PythonNode {
    const { start } = this.token;
    let count = 0;
    while (this.accept("not")) count++;
    const operand = this.comparison();
    if (count === 0) return operand;
    if (count > 1) return { kind: "other", start, end: operand.end };
    return { kind: "unary", operator: "not", operand, start, end: operand.end };
  }

  private comparison(): PythonNode {
    const first = this.binary(0);
    let isCompared = false;
    while (this.acceptComparison()) {
      this.binary(0);
      isCompared = true;
    }
    return isCompared ? { kind: "other", start: first.start, end: this.lastEnd } : first;
  }

  private acceptComparison(): boolean {
    if (this.token.kind === "operator" && COMPARISONS.has(this.token.text)) {
      this.at++;
      return true;
    }
    if (this.accept("is")) {
      this.accept("not");
      return true;
    }
    if (this.accept("in")) return true;
    if (!this.accept("not")) return false;
    this.expect("in");
    return true;
  }

  private binary(level: number): PythonNode {
    const operators = LEVELS[level];
    if (operators === undefined) return this.factor();
    let left = this.binary(level + 1);
    while (this.token.kind === "operator" && operators.includes(this.token.text)) {
      const operator = this.token.text;
      this.link();
      this.at++;
      const right = this.binary(level + 1);
      left = { kind: "binary", operator, left, right, start: left.start, end: right.end };
    }
    return left;
  }

  private factor(): PythonNode {
    const { start, text, kind } = this.token;
    if (kind === "operator" && (text === "-" || text === "+" || text === "~")) {
      if (++this.depth > MOST_DEEP) throw new NotPythonError("nested too deep");
      this.at++;
      const operand = this.factor();
      this.depth--;
      return { kind: "unary", operator: text, operand, start, end: operand.end };
    }
    const left = this.primary();
    if (!this.accept("**")) return left;
    const right = this.factor();
    return { kind: "binary", operator: "**", left, right, start: left.start, end: right.end };
  }

  private primary(): PythonNode {
    let node = this.atom();
    for (;;) {
      if (this.accept(".")) {
        const { kind, text } = this.token;
        if (kind !== "name" || KEYWORDS.has(text)) throw this.unexpected();
        this.at++;
        this.link();
        node = { kind: "attribute", base: node, name: text, start: node.start, end: this.lastEnd };
      } else if (this.accept("(")) {
        const keywords = this.argumentsOfCall();
        this.link();
        node = { kind: "call", callee: node, keywords, start: node.start, end: this.lastEnd };
      } else if (this.accept("[")) {
        this.slices();
        node = { kind: "subscript", start: node.start, end: this.lastEnd };
      } else return node;
    }
  }

  private slices(): void {
    do this.slice();
    while (this.accept(",") && !this.is("]"));
    this.expect("]");
  }

  /** An item, or up to three parted by colons, each of which may be left out. */
  private slice(): void {
    if (!this.is(":")) this.item();
    while (this.accept(":")) {
      if (!(this.is(":") || this.is(",") || this.is("]"))) this.expression();
    }
  }

  /** Positional arguments are read and dropped: BFCL's decoder looks at named ones alone. */
  private argumentsOfCall(): readonly (readonly [string, PythonNode])[] {
    const keywords: [string, PythonNode][] = [];
    while (!this.accept(")")) {
      if (this.accept("**")) keywords.push(["**", this.expression()]);
      else if (this.token.kind === "name" && this.tokens[this.at + 1]?.text === "=") {
        const { text } = this.token;
        if (KEYWORDS.has(text)) throw this.unexpected();
        this.at += 2;
        keywords.push([text, this.expression()]);
      } else {
        const isUnpacked = this.is("*") && keywords.every(([name]) => name !== "**");
        if (keywords.length > 0 && !isUnpacked) {
          throw new NotPythonError("a positional argument follows a named one");
        }
        this.item();
      }
      if (!this.is(")")) this.expect(",");
    }
    return keywords;
  }

  /** An expression or one unpacked by `*`. */
  private item(): PythonNode {
    const { start } = this.token;
    if (!this.accept("*")) return this.expression();
    return { kind: "other", start, end: this.expression().end };
  }

  private atom(): PythonNode {
    const { kind, text, value, start, end } = this.token;
    if (kind === "string" || kind === "bytes" || kind === "format") return this.strings();
    this.at++;
    if (kind === "number") return { kind: "constant", value, start, end };
    if (kind === "name") {
      if (text === "True" || text === "False")
        return { kind: "constant", value: text === "True", start, end };
      if (text === "None") return { kind: "constant", value: null, start, end };
      if (!KEYWORDS.has(text)) return { kind: "name", name: text, start, end };
    } else if (kind === "operator") {
      if (text === "...") return { kind: "constant", value: "...", start, end };
      if (text === "[") return this.items("]", "list", start);
      if (text === "(") return this.parenthesised(start);
      if (text === "{") return this.braces(start);
    }
    this.at--;
    throw this.unexpected();
  }

  /** Neighbouring strings are one. */
  private strings(): PythonNode {
    const { start, kind: first } = this.token;
    const kinds = new Set<PythonToken["kind"]>();
    let value = "";
    while (this.token.kind === "string" || this.token.kind === "bytes" || this.token.kind === "format") {
      kinds.add(this.token.kind);
      value += this.token.text;
      this.at++;
    }
    const end = this.lastEnd;
    if (kinds.has("bytes") && kinds.size > 1) throw new NotPythonError("bytes beside text");
    if (kinds.has("format")) return { kind: "other", start, end };
    return { kind: "constant", value: first === "bytes" ? `b'${value}'` : value, start, end };
  }

  private items(
    close: string,
    kind: "list" | "tuple" | "set",
    start: number,
    first?: PythonNode,
  ): PythonNode {
    const items = first === undefined ? [] : [first];
    if (first !== undefined && !this.is(close)) this.expect(",");
    while (!this.accept(close)) {
      items.push(this.item());
      if (!this.is(close)) this.expect(",");
    }
    return { kind, items, start, end: this.lastEnd };
  }

  private parenthesised(start: number): PythonNode {
    if (this.is(")")) return this.items(")", "tuple", start);
    const first = this.item();
    if (this.accept(")")) return first;
    return this.items(")", "tuple", start, first);
  }

  private braces(start: number): PythonNode {
    const entries: [PythonNode, PythonNode][] = [];
    if (this.accept("}")) return { kind: "dict", entries, start, end: this.lastEnd };
    const first = this.dictKey();
    if (!this.is(":") && first.kind !== "other") return this.items("}", "set", start, first);
    let key = first;
    for (;;) {
      if (this.accept(":")) entries.push([key, this.expression()]);
      else entries.push([key, key]);
      if (!this.is("}")) this.expect(",");
      if (this.accept("}")) return { kind: "dict", entries, start, end: this.lastEnd };
      key = this.dictKey();
    }
  }

  /** A key, or `**` and what it unpacks, which has no value here. */
  private dictKey(): PythonNode {
    const { start } = this.token;
    if (this.accept("**")) return { kind: "other", start, end: this.binary(0).end };
    return this.item();
  }
}
