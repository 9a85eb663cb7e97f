import { PythonError } from "./python-error.js";

/** A Python number: `int` of any size, or `float`. */
export type Operand = bigint | number;

/** CPython would try any power; past this many bits it would only burn the machine. */
const MAX_POWER_BITS = 1_000_000;

/** `float(value)`; an integer too large for one is an OverflowError. */
export function toFloat(value: Operand): number {
  if (typeof value === "number") return value;
  const float = Number(value);
  if (!Number.isFinite(float)) throw new PythonError("int too large to convert to float");
  return float;
}

/** `-value`. */
export function negative(value: Operand): Operand {
  return -value;
}

/** `left + right`. */
export function plus(left: Operand, right: Operand): Operand {
  if (typeof left === "bigint" && typeof right === "bigint") return left + right;
  return toFloat(left) + toFloat(right);
}

/** `left * right`. */
export function times(left: Operand, right: Operand): Operand {
  if (typeof left === "bigint" && typeof right === "bigint") return left * right;
  return toFloat(left) * toFloat(right);
}

/** `left / right`, always a float. */
export function divide(left: Operand, right: Operand): number {
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

/** `left // right`: an integer of integers, else a float. */
export function floorDivide(left: Operand, right: Operand): Operand {
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

/** `base ** exponent`; a complex result is refused, as `float` would refuse it. */
export function power(base: Operand, exponent: Operand): Operand {
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
