import { ALL_BPS, type Arm } from "../../core/traffic-split.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import type { StepLog } from "../evidence/release-evidence.js";
import type { ReleasePlan } from "../plan/release-plan.js";

/** What was randomised, within one step: a conversation, or all conversations of a user or tenant in that step. */
export interface Unit {
  readonly arm: Arm;
  /**
   * Chance that this unit is the canary's, given where it was before: in (0, 1), or `null` when nothing about it was left
   * to chance.
   */
  readonly share: number | null;
  /** Index in the log of steps; -1: before the release moved any traffic. */
  readonly place: number;
  readonly at: number;
  /** Number of its stratum, and of its stratum within its step; from 0. */
  readonly stratum: number;
  readonly group: number;
  readonly records: readonly ConversationRecord[];
}

/** The conversations of a release by what was randomised, in the order in which they began. */
export function unitsOf(
  conversations: readonly ConversationRecord[],
  steps: readonly StepLog[],
  randomised: ReleasePlan["unit"],
): Unit[] {
  const units: Unit[] = [];
  const open = new Map<
    string,
    { readonly place: number; readonly unit: Unit & { records: ConversationRecord[] } }
  >();
  const floors = new Map<string, number>();
  const strata = new Map<string, number>();
  let place = -1;
  for (const record of conversations) {
    const { arm, bps, cluster, firstAt: at } = record;
    while (place + 1 < steps.length && (steps[place + 1]?.startedAt ?? 0) <= at) place += 1;
    let stratum = strata.get(record.stratum);
    if (stratum === undefined) {
      stratum = strata.size;
      strata.set(record.stratum, stratum);
    }
    // Every step has a place before the first of the next stratum, one for the time before the release among them.
    const group = stratum * (steps.length + 1) + place + 1;
    if (randomised === "conversation") {
      units.push({ arm, share: shareAbove(0, bps), place, at, stratum, group, records: [record] });
      continue;
    }
    const key = `${arm} ${cluster}`;
    const known = open.get(key);
    if (known?.place === place) {
      known.unit.records.push(record);
      continue;
    }
    const unit = {
      arm,
      share: shareAbove(floors.get(cluster) ?? 0, bps),
      place,
      at,
      stratum,
      group,
      records: [record],
    };
    open.set(key, { place, unit });
    // Raising the share takes new buckets only: where a user was tells in which buckets theirs can be.
    floors.set(cluster, arm === "canary" ? ALL_BPS : Math.max(bps, floors.get(cluster) ?? 0));
    units.push(unit);
  }
  return units;
}

function shareAbove(floor: number, bps: number): number | null {
  const share = (bps - floor) / (ALL_BPS - floor);
  return share > 0 && share < 1 ? share : null;
}
