import { type PassCount, scaledDifference } from "./pass-count.js";
import { StatisticsError } from "./statistics-error.js";
import { twoProportionZ } from "./two-proportion-z.js";
import { requireProbability } from "./validate.js";

export interface SignificantDrop {
  /** Baseline rate minus current rate; `null` when an arm is empty. */
  readonly drop: number | null;
  readonly z: number | null;
  /** One-sided, current worse than baseline. */
  readonly p: number | null;
  /** `null`: no evidence either way, because an arm is empty. */
  readonly regressed: boolean | null;
}

export interface SignificantDropOptions {
  /** In (0, 1); default 0.05. */
  readonly alpha?: number;
  /** Absolute, in [0, 1]; default 0.02. */
  readonly minDrop?: number;
}

/**
 * The common release rule: the pass rate regressed when the one-sided pooled z test has p < alpha and the
 * absolute drop exceeds `minDrop`. Both comparisons are strict; the drop is compared in whole numbers, with
 * `minDrop` taken as the decimal it prints as.
 *
 * The rule asks for proof of harm: with few cases it stays silent on large drops.
 *
 * @param alpha - in (0, 1)
 * @param minDrop - absolute, in [0, 1]
 * @throws {StatisticsError} if a count or an option is outside its range
 */
export function significantDrop(
  baseline: PassCount,
  current: PassCount,
  { alpha = 0.05, minDrop = 0.02 }: SignificantDropOptions = {},
): SignificantDrop {
  if (!(alpha > 0 && alpha < 1)) throw new StatisticsError(`expected alpha between 0 and 1, found ${alpha}`);
  requireProbability("minDrop", minDrop);
  const { z, p } = twoProportionZ(baseline, current, "worse");
  if (p === null) return { drop: null, z, p, regressed: null };
  const scaledDrop = -scaledDifference(baseline, current);
  const scale = BigInt(baseline.trials) * BigInt(current.trials);
  return {
    drop: Number(scaledDrop) / Number(scale),
    z,
    p,
    regressed: p < alpha && exceedsShare(scaledDrop, scale, minDrop),
  };
}

/** Whether part / whole > share, exactly, with the share taken as the decimal it prints as. */
export function exceedsShare(part: bigint, whole: bigint, share: number): boolean {
  const { digits, power } = decimalFraction(share);
  return part * power > digits * whole;
}

/** The least whole number above `share` of n, with the share taken as the decimal it prints as. */
export function leastAbove(share: number, n: number): number {
  const { digits, power } = decimalFraction(share);
  return Number((digits * BigInt(n)) / power) + 1;
}

/** The shortest decimal that reads back as `value`, as digits / power. */
function decimalFraction(value: number): { digits: bigint; power: bigint } {
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  const [whole = "0", decimals = ""] = mantissa.split(".");
  return { digits: BigInt(whole + decimals), power: 10n ** BigInt(decimals.length - Number(exponent)) };
}
