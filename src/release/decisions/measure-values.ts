import type { Arm } from "../../core/traffic-split.js";
import { addUnit, emptySums, type WeightedSums } from "../../stats/stratified-difference.js";
import { WeightedBins } from "../../stats/weighted-order.js";
import type { Measure } from "./measures.js";
import { type Cuts, takeSamples, type UnitValue } from "./unit-values.js";
import type { Unit } from "./units.js";

/** The values of one arm in one stratum of one step, summed up: what all comparisons rest on. */
export interface ValueCell {
  readonly arm: Arm;
  /** Index in the log of steps; -1: before the release moved any traffic. */
  readonly place: number;
  readonly stratum: number;
  readonly sums: WeightedSums;
  /** Samples of a quantile, each unit with a weight of 1 in all. */
  readonly samples: WeightedBins;
  conversations: number;
}

/** The values of a measure, the same cuts for both arms. Units may be added, look by look. */
export class MeasureValues {
  readonly cells: ValueCell[] = [];
  /** Conversations without a value, by arm. */
  readonly missing = { canary: 0, stable: 0 };
  /** Conversations whose outcome does not count yet. */
  immature = 0;
  /** Units with a value. */
  count = 0;
  readonly #measure: Measure;
  #partly = 0;
  #next = 0;
  #place = Number.NaN;
  /** Cells of that step, two to each stratum. */
  readonly #open: ValueCell[] = [];

  constructor(measure: Measure) {
    this.#measure = measure;
  }

  /**
   * Takes in the units that count by now.
   *
   * @param units - those that were given before, unchanged, and newer ones, in the order in which they began
   * @param onValue - is told each new value, in that order; it holds until the next one is told
   */
  absorb(units: readonly Unit[], cuts: Cuts, onValue: (value: UnitValue) => void = () => undefined): void {
    const oldest = this.#measure.isDelayed ? cuts.now - cuts.outcomeAgeMs : Number.POSITIVE_INFINITY;
    const value: NewValue = { unit: NO_UNIT, value: 0, weight: 1, samples: [] };
    for (; this.#next < units.length; this.#next++) {
      const unit = units[this.#next] as Unit;
      if (unit.at > oldest) break;
      value.unit = unit;
      if (!this.#find(value, cuts, oldest)) continue;
      this.#add(value);
      onValue(value);
    }
    this.immature = this.#partly;
    for (let index = this.#next; index < units.length; index++) {
      this.immature += (units[index] as Unit).records.length;
    }
  }

  /** @returns whether the unit has a value, which it gets */
  #find(value: NewValue, cuts: Cuts, oldest: number): boolean {
    const { unit } = value;
    const measure = this.#measure;
    if (measure.kind === "quantile") {
      takeSamples(unit, measure, cuts, value.samples);
      if (value.samples.length > 0) return true;
      this.missing[unit.arm] += unit.records.length;
      return false;
    }
    let total = 0;
    let weight = 0;
    for (const record of unit.records) {
      if (record.firstAt > oldest) {
        this.#partly += 1;
        continue;
      }
      const part = measure.contributionOf(record, cuts.maturationMs);
      if (part === null) {
        this.missing[unit.arm] += 1;
        continue;
      }
      total += part.value * part.weight;
      weight += part.weight;
    }
    if (weight <= 0) return false;
    value.value = total / weight;
    value.weight = weight;
    return true;
  }

  #add({ unit, value, weight, samples }: UnitValue): void {
    const cell = this.#cellOf(unit);
    this.count += 1;
    cell.conversations += unit.records.length;
    addUnit(cell.sums, value, weight);
    for (const sample of samples) cell.samples.add(sample, 1 / samples.length);
  }

  #cellOf({ arm, place, stratum }: Unit): ValueCell {
    // Units come in the order of time, so that the cells of a step are all of them before those of the next.
    if (place !== this.#place) {
      this.#place = place;
      this.#open.length = 0;
    }
    const at = 2 * stratum + (arm === "canary" ? 1 : 0);
    let cell = this.#open[at];
    if (cell === undefined) {
      cell = { arm, place, stratum, sums: emptySums(), samples: new WeightedBins(), conversations: 0 };
      this.#open[at] = cell;
      this.cells.push(cell);
    }
    return cell;
  }
}

/** One for all units of a look: of each its own would be half of what a decision leaves behind. */
interface NewValue extends UnitValue {
  unit: Unit;
  value: number;
  weight: number;
  readonly samples: number[];
}

const NO_UNIT: Unit = { arm: "stable", share: null, place: -1, at: 0, stratum: 0, records: [] };
