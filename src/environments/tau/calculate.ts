import {
  divide,
  floorDivide,
  negative,
  type Operand,
  plus,
  power,
  times,
  toFloat,
} from "./python-arithmetic.js";
import { PythonError } from "./python-error.js";
import { pythonFloat, roundToCents } from "./python-number.js";

/** Limits of CPython's own parser: nested parentheses, nested operators, digits of an integer literal. */
const MAX_PARENTHESES = 200;
const MAX_DEPTH = 2500;
const MAX_LITERAL_DIGITS = 4300;

/**
 * What Python prints for `round(float(eval(expression)), 2)` of an expression of numbers, `+ - * / // **`,
 * parentheses and spaces.
 *
 * @throws {PythonError} on what Python refuses: syntax, division by zero, overflow, complex results
 */
export function calculate(expression: string): string {
  if (!/^[0-9+\-*/(). ]*$/.test(expression)) throw new PythonError("invalid characters in expression");
  return pythonFloat(roundToCents(toFloat(new Parser(tokensOf(expression)).parse())));
}

function tokensOf(expression: string): readonly string[] {
  const tokens: readonly string[] = expression.match(/\d+\.?\d*|\.\d+|\*\*|\/\/|[^ ]/g) ?? [];
  if (tokens.includes(".")) throw new PythonError("invalid syntax");
  return tokens;
}

class Parser {
  private position = 0;
  private parentheses = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly string[]) {}

  parse(): Operand {
    const value = this.sum();
    if (this.position < this.tokens.length) throw new PythonError("invalid syntax");
    return value;
  }

  private take(...wanted: readonly string[]): string | undefined {
    const token = this.tokens[this.position];
    if (token === undefined || !wanted.includes(token)) return undefined;
    this.position++;
    return token;
  }

  private sum(): Operand {
    let value = this.product();
    for (let sign = this.take("+", "-"); sign !== undefined; sign = this.take("+", "-")) {
      const right = this.product();
      value = sign === "+" ? plus(value, right) : plus(value, negative(right));
    }
    return value;
  }

  private product(): Operand {
    let value = this.factor();
    for (
      let operator = this.take("*", "/", "//");
      operator !== undefined;
      operator = this.take("*", "/", "//")
    ) {
      const right = this.factor();
      if (operator === "*") value = times(value, right);
      else value = operator === "/" ? divide(value, right) : floorDivide(value, right);
    }
    return value;
  }

  private factor(): Operand {
    if (++this.depth > MAX_DEPTH)
      throw new PythonError("maximum recursion depth exceeded during compilation");
    const sign = this.take("+", "-");
    let value: Operand;
    if (sign !== undefined) {
      const operand = this.factor();
      value = sign === "-" ? negative(operand) : operand;
    } else {
      value = this.atom();
      if (this.take("**") !== undefined) value = power(value, this.factor());
    }
    this.depth--;
    return value;
  }

  private atom(): Operand {
    if (this.take("(") !== undefined) {
      if (++this.parentheses > MAX_PARENTHESES) throw new PythonError("too many nested parentheses");
      const value = this.sum();
      if (this.take(")") === undefined) throw new PythonError("'(' was never closed");
      this.parentheses--;
      return value;
    }
    const token = this.tokens[this.position];
    if (token === undefined || !/\d/.test(token)) throw new PythonError("invalid syntax");
    this.position++;
    if (token.includes(".")) return Number(token);
    if (/^0+[1-9]/.test(token)) {
      throw new PythonError("leading zeros in decimal integer literals are not permitted");
    }
    if (token.length > MAX_LITERAL_DIGITS) {
      throw new PythonError(`Exceeds the limit (${MAX_LITERAL_DIGITS} digits) for integer string conversion`);
    }
    return BigInt(token);
  }
}
