import { normalUpperQuantile } from "./normal.js";
import { StatisticsError } from "./statistics-error.js";

/** What a planned test must keep. */
export interface TestDesign {
  /** Chance to reject without a difference, in (0, 1); default 0.05. */
  readonly alpha?: number;
  /** Chance to reject with the planned difference, in (0, 1); default 0.8. */
  readonly power?: number;
  /** 1 or 2 (the default): whether a difference in either direction counts. */
  readonly sides?: 1 | 2;
}

/** The normal quantiles of a design: `za` for its level, `zb` for its power. */
export interface DesignQuantiles {
  readonly za: number;
  readonly zb: number;
}

/** @throws {StatisticsError} if alpha or power lie outside (0, 1), or sides is neither 1 nor 2 */
export function designQuantiles({ alpha = 0.05, power = 0.8, sides = 2 }: TestDesign): DesignQuantiles {
  requireBetween("alpha", alpha);
  requireBetween("power", power);
  if (sides !== 1 && sides !== 2) {
    throw new StatisticsError(`expected 1 or 2 sides, found ${String(sides satisfies never)}`);
  }
  return { za: normalUpperQuantile(alpha / sides), zb: -normalUpperQuantile(power) };
}

function requireBetween(name: string, value: number): void {
  if (!(value > 0 && value < 1)) {
    throw new StatisticsError(`expected ${name} to lie between 0 and 1, found ${value}`);
  }
}

/** The least difference in (0, most] for which `isDetected` holds, found by bisection; `null` if it never does. */
export function leastDetected(most: number, isDetected: (difference: number) => boolean): number | null {
  if (!(most > 0) || !isDetected(most)) return null;
  let low = 0;
  let high = most;
  for (let middle = high / 2; middle > low && middle < high; middle = low + (high - low) / 2) {
    if (isDetected(middle)) high = middle;
    else low = middle;
  }
  return high;
}
