import type { StepLog } from "../evidence/release-evidence.js";
import type { Contribution, Measure } from "./measures.js";
import type { Unit } from "./units.js";

/** What one unit adds to a measure. */
export interface UnitValue extends Contribution {
  readonly unit: Unit;
  /** Its samples, of a quantile; empty for a mean. */
  readonly samples: readonly number[];
}

/** When outcomes count, and what is too early after a shift to count. */
export interface Cuts {
  readonly now: number;
  /** An outcome that was told later than at this age counts nowhere; 0: none is too late. */
  readonly maturationMs: number;
  /** Younger conversations have no outcome yet. */
  readonly outcomeAgeMs: number;
  readonly warmupMs: number;
  readonly steps: readonly StepLog[];
}

/**
 * Samples of a quantile in one unit.
 *
 * @param samples - what is in it is replaced
 */
export function takeSamples(
  unit: Unit,
  measure: Measure & { kind: "quantile" },
  cuts: Cuts,
  samples: number[],
): void {
  samples.length = 0;
  for (const { requests } of unit.records) {
    for (const request of requests) {
      if (cuts.warmupMs > 0 && isWarmup(request.at, cuts)) continue;
      const sample = measure.sampleOf(request);
      if (sample !== null) samples.push(sample);
    }
  }
}

function isWarmup(at: number, { steps, warmupMs }: Cuts): boolean {
  return steps.some(({ startedAt }) => at >= startedAt && at < startedAt + warmupMs);
}
