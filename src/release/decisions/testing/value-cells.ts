import type { Arm } from "../../../core/traffic-split.js";
import { addUnit, emptySums } from "../../../stats/stratified-difference.js";
import { WeightedBins } from "../../../stats/weighted-order.js";
import type { ValueCell } from "../measure-values.js";

/** Values of one step and stratum, each of a conversation. */
export function cellsOf(values: readonly { readonly arm: Arm; readonly value: number }[]): ValueCell[] {
  return (["canary", "stable"] as const).map((arm) => {
    const own = values.filter((one) => one.arm === arm);
    const sums = emptySums();
    for (const { value } of own) addUnit(sums, value);
    return { arm, place: 0, stratum: 0, sums, samples: new WeightedBins(), conversations: own.length };
  });
}
