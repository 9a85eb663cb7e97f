import { PythonError } from "./python-error.js";
import { pythonFloat, roundToCents } from "./python-number.js";

/** A Python number: `int` of any size, or `float`. */
type Operand = bigint | number;

/** Limits of CPython's own parser: nested parentheses, nested operators, digits of an integer literal. */
const MAX_PARENTHESES = 200;
const MAX_DEPTH = 2500;
const MAX_LITERAL_DIGITS = 4300;
/** CPython would try any power; past this many bits it would only burn the machine. */
const MAX_POWER_BITS = 1_000_000;

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

function toFloat(value: Operand): number {
  if (typeof value === "number") return value;
  const float = Number(value);
  if (!Number.isFinite(float)) throw new PythonError("int too large to convert to float");
  return float;
}

function negative(value: Operand): Operand {
  return -value;
}

function plus(left: Operand, right: Operand): Operand {
  if (typeof left === "bigint" && typeof right === "bigint") return left + right;
  return toFloat(left) + toFloat(right);
}

function times(left: Operand, right: Operand): Operand {
  if (typeof left === "bigint" && typeof right === "bigint") return left * right;
  return toFloat(left) * toFloat(right);
}

function divide(left: Operand, right: Operand): number {
  if (typeof left === "bigint" && typeof right === "bigint") return divideIntegers(left, right);
  const divisor = toFloat(right);
  const dividend = toFloat(left);
  if (divisor === 0) throw new PythonError("float division by zero");
  return dividend / divisor;
}

/** The quotient rounded once, whatever the size of the integers. */
function divideIntegers(left: bigint, right: bigint): number {
  if (right === 0n) throw new PythonError("division by zero");
  const isNegative = left < 0n !== right < 0n;
  const dividend = left < 0n ? -left : left;
  const divisor = right < 0n ? -right : right;
  const shift = Math.max(0, bitLength(divisor) - bitLength(dividend) + 64);
  const scaled = dividend << BigInt(shift);
  const quotient = scaled / divisor;
  // A set last bit below the 53 that a float keeps stands for the remainder, so rounding sees it.
  const sticky = scaled % divisor === 0n ? 0n : 1n;
  const magnitude = scaleDown(Number(quotient | sticky), shift);
  if (!Number.isFinite(magnitude)) throw new PythonError("integer division result too large for a float");
  return isNegative && left !== 0n ? -magnitude : magnitude;
}

function scaleDown(value: number, bits: number): number {
  let result = value;
  for (let left = bits; left > 0; left -= 1000) result *= 2 ** -Math.min(left, 1000);
  return result;
}

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(16).length * 4;
}

function floorDivide(left: Operand, right: Operand): Operand {
  if (typeof left === "bigint" && typeof right === "bigint") {
    if (right === 0n) throw new PythonError("integer division or modulo by zero");
    const quotient = left / right;
    return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
  }
  const dividend = toFloat(left);
  const divisor = toFloat(right);
  if (divisor === 0) throw new PythonError("float floor division by zero");
  const remainder = dividend % divisor;
  let quotient = (dividend - remainder) / divisor;
  if (remainder !== 0 && remainder < 0 !== divisor < 0) quotient -= 1;
  // Keeps the sign of a zero, as C's copysign does.
  if (quotient === 0) return (dividend / divisor) * 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

function power(base: Operand, exponent: Operand): Operand {
  if (typeof base === "bigint" && typeof exponent === "bigint" && exponent >= 0n) {
    if (base === 0n || base === 1n) return exponent === 0n ? 1n : base;
    if (base === -1n) return exponent % 2n === 0n ? 1n : -1n;
    if (BigInt(bitLength(base < 0n ? -base : base)) * exponent > MAX_POWER_BITS) {
      throw new PythonError("power too large");
    }
    return base ** exponent;
  }
  const left = toFloat(base);
  const right = toFloat(exponent);
  if (right === 0 || left === 1) return 1;
  if (left === 0 && right < 0) throw new PythonError("0.0 cannot be raised to a negative power");
  if (left < 0 && Number.isFinite(left) && Number.isFinite(right) && !Number.isInteger(right)) {
    throw new PythonError("float() argument must be a string or a real number, not 'complex'");
  }
  const result = left ** right;
  if (!Number.isFinite(result) && Number.isFinite(left) && Number.isFinite(right)) {
    throw new PythonError("Numerical result out of range");
  }
  return result;
}
