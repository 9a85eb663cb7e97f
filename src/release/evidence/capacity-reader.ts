import type { Arm } from "../../core/traffic-split.js";
import type { ArmCapacity, ReleaseEvidence } from "./release-evidence.js";

/** How an arm is named among the sources that could not be read. */
export function capacitySource(arm: Arm): string {
  return `capacity of ${arm}`;
}

/** Reads how full the model servers of both arms are. */
export interface CapacityReader {
  /** Never throws: an arm that cannot be read is not among the answers, and `unreadable` says why. */
  read(signal?: AbortSignal): Promise<readonly ArmCapacity[]>;
  /** What the last look could not read. */
  readonly unreadable: ReleaseEvidence["unreadable"];
}
