import type { StepLog } from "../evidence/release-evidence.js";
import type { Contribution, Measure } from "./measures.js";
import type { Unit } from "./units.js";

/** What one unit adds to a measure. */
export interface UnitValue extends Contribution {
  readonly unit: Unit;
  /** Its samples, of a quantile; empty for a mean. */
  readonly samples: readonly number[];
}

export interface UnitValues {
  /** In the order of the units. */
  readonly values: readonly UnitValue[];
  /** Conversations whose outcome does not count yet. */
  readonly immature: number;
  /** Conversations without a value, by arm. */
  readonly missing: { readonly canary: number; readonly stable: number };
}

/** When outcomes count, and what is too early after a shift to count. */
export interface Cuts {
  readonly now: number;
  readonly maturationMs: number;
  readonly warmupMs: number;
  readonly steps: readonly StepLog[];
}

/** The values of a measure, the same cuts for both arms. */
export function valuesOf(units: readonly Unit[], measure: Measure, cuts: Cuts): UnitValues {
  const values: UnitValue[] = [];
  const missing = { canary: 0, stable: 0 };
  let immature = 0;
  const oldest = measure.isDelayed ? cuts.now - cuts.maturationMs : Number.POSITIVE_INFINITY;
  for (const unit of units) {
    if (measure.kind === "quantile") {
      const samples = samplesOf(unit, measure, cuts);
      if (samples.length > 0) values.push({ unit, value: 0, weight: 1, samples });
      else missing[unit.arm] += unit.records.length;
      continue;
    }
    let total = 0;
    let weight = 0;
    for (const record of unit.records) {
      if (record.firstAt > oldest) {
        immature += 1;
        continue;
      }
      const part = measure.contributionOf(record, cuts.maturationMs);
      if (part === null) {
        missing[unit.arm] += 1;
        continue;
      }
      total += part.value * part.weight;
      weight += part.weight;
    }
    if (weight > 0) values.push({ unit, value: total / weight, weight, samples: NONE });
  }
  return { values, immature, missing };
}

const NONE: readonly number[] = [];

function samplesOf(unit: Unit, measure: Measure & { kind: "quantile" }, cuts: Cuts): number[] {
  const samples: number[] = [];
  for (const { requests } of unit.records) {
    for (const request of requests) {
      if (cuts.warmupMs > 0 && isWarmup(request.at, cuts)) continue;
      const sample = measure.sampleOf(request);
      if (sample !== null) samples.push(sample);
    }
  }
  return samples;
}

function isWarmup(at: number, { steps, warmupMs }: Cuts): boolean {
  return steps.some(({ startedAt }) => at >= startedAt && at < startedAt + warmupMs);
}
