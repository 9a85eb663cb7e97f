/**
 * Text of a number as Python prints it: integral values as an `int`, others as `float.__repr__`. JSON does
 * not keep the difference between `100` and `100.0`, so an integral float reads as an integer here.
 */
export function pythonNumber(value: number): string {
  if (!Number.isInteger(value)) return pythonFloat(value);
  // Avoids "-0" and the exponent that JavaScript uses from 1e21 on.
  return Math.abs(value) < 1e21 ? String(value + 0) : BigInt(value).toString();
}

/**
 * `float.__repr__`: the shortest digits that read back as the same number, with an exponent below 1e-4 and
 * from 1e16 on.
 */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [mantissa = "", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const digits = String(Math.abs(exponent)).padStart(2, "0");
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${digits}`;
  }
  const negative = mantissa.startsWith("-");
  const digits = mantissa.replace("-", "").replace(".", "");
  return (negative ? "-" : "") + placePoint(digits, exponent);
}

function placePoint(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${whole}.${digits.slice(exponent + 1) || "0"}`;
}

/**
 * Python's `round(float, 2)`: correct rounding of the exact binary value, ties to even. `toFixed` works on
 * the exact value too, but sends ties away from zero; only odd multiples of 1/8 can tie at two decimals.
 */
export function roundToCents(value: number): number {
  if (!Number.isFinite(value) || Number.isInteger(value)) return value;
  const eighths = value * 8;
  if (!Number.isInteger(eighths) || eighths % 2 === 0) return Number(value.toFixed(2));
  const twiceCents = BigInt(Math.abs(eighths)) * 25n;
  const below = twiceCents / 2n;
  const cents = below % 2n === 0n ? below : below + 1n;
  const text = cents.toString().padStart(3, "0");
  return Math.sign(value) * Number(`${text.slice(0, -2)}.${text.slice(-2)}`);
}
