import { ALL_BPS, type Arm } from "../../core/traffic-split.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import type { StepLog } from "../evidence/release-evidence.js";
import type { ReleasePlan } from "../plan/release-plan.js";
import { ControlOutage } from "./control-outage.js";

/**
 * What was randomised, within one step: a conversation, or all conversations of a user or tenant in that step. Conversations
 * of several tenants that have one id are one unit.
 */
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
  /** Number of its stratum, from 0. */
  readonly stratum: number;
  readonly records: readonly ConversationRecord[];
}

/** The conversations of a release by what was randomised, but those that met an outage of stable. */
export class UnitList {
  /** In the order in which they began. */
  readonly units: Unit[] = [];
  readonly outage = new ControlOutage();
  readonly #randomised: ReleasePlan["unit"];
  readonly #open = new Map<
    string,
    { readonly place: number; readonly unit: Unit & { records: ConversationRecord[] } }
  >();
  readonly #floors = new Map<string, number>();
  readonly #strata = new Map<string, number>();
  #place = -1;

  constructor(randomised: ReleasePlan["unit"]) {
    this.#randomised = randomised;
  }

  /** The next conversation, in the order in which they began. */
  add(record: ConversationRecord, steps: readonly StepLog[]): void {
    const { arm, bps, cluster, firstAt: at } = record;
    while (this.#place + 1 < steps.length && (steps[this.#place + 1]?.startedAt ?? 0) <= at) this.#place += 1;
    const place = this.#place;
    const isVoid = this.outage.follow(record);
    const stratum = this.#strata.get(record.stratum) ?? this.#strata.size;
    this.#strata.set(record.stratum, stratum);
    if (this.#randomised === "conversation" && record.isShared === undefined) {
      if (isVoid) return;
      this.units.push({ arm, share: shareAbove(0, bps), place, at, stratum, records: [record] });
      return;
    }
    const key = `${arm} ${cluster}`;
    const known = this.#open.get(key);
    if (known?.place === place) {
      if (!isVoid) known.unit.records.push(record);
      return;
    }
    const floor = this.#floors.get(cluster) ?? 0;
    // Raising the share takes new buckets only: where a user was tells in which buckets theirs can be.
    this.#floors.set(cluster, arm === "canary" ? ALL_BPS : Math.max(bps, floor));
    if (isVoid) return;
    const unit = { arm, share: shareAbove(floor, bps), place, at, stratum, records: [record] };
    this.#open.set(key, { place, unit });
    this.units.push(unit);
  }
}

function shareAbove(floor: number, bps: number): number | null {
  const share = (bps - floor) / (ALL_BPS - floor);
  return share > 0 && share < 1 ? share : null;
}
