/** A decimal number without rounding: `units` · 10^-`places`. */
interface Decimal {
  readonly units: bigint;
  readonly places: number;
}

/**
 * Whether the sum of decimal numbers, as they are written, is above a limit; without the rounding of binary fractions
 * (0.1 + 0.2 is not above 0.3).
 *
 * @param values - finite
 */
export function sumExceeds(values: readonly number[], limit: number): boolean {
  const decimals = [...values, limit].map(decimalOf);
  const places = Math.max(...decimals.map((decimal) => decimal.places));
  const units = decimals.map((decimal) => decimal.units * 10n ** BigInt(places - decimal.places));
  const last = units.pop() ?? 0n;
  return units.reduce((sum, one) => sum + one, 0n) > last;
}

function decimalOf(value: number): Decimal {
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  const units = BigInt(whole + fraction);
  const places = fraction.length - Number(exponent);
  return places >= 0 ? { units, places } : { units: units * 10n ** BigInt(-places), places: 0 };
}
