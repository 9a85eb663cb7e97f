import { ALL_BPS, type Arm } from "../../core/traffic-split.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import { hasFailedRequest } from "../evidence/has-failed-request.js";
import type { Unit } from "./units.js";

type ByArm = Record<Arm, number>;

/** Units that were assigned at one share in one step. */
export interface Split {
  readonly share: number;
  readonly place: number;
  units: number;
  canary: number;
  /** Of these, the ones that failed. */
  readonly failed: ByArm;
}

/** What hard rules and the check of the split count, conversation by conversation and unit by unit. */
export class ReleaseTotals {
  readonly conversations: ByArm = { canary: 0, stable: 0 };
  /** When the canary's newest conversation began that can be compared, by the share at which it was assigned. */
  readonly newestCanaryAt = new Map<number, number>();
  /** Verified critical violations of the canary: how many, and the first. */
  criticals = 0;
  firstCritical: { readonly rule: string; readonly id: string } | null = null;
  /** Units of the canary that began when it had all traffic. */
  readonly full = { units: 0, failed: 0 };
  /** Units whose arm was left to chance while the release moved traffic. */
  readonly splits: Split[] = [];

  addConversation(record: ConversationRecord): void {
    this.conversations[record.arm] += 1;
    if (record.arm !== "canary") return;
    for (const { severity, verified, rule } of record.violations) {
      if (severity !== "critical" || !verified) continue;
      this.criticals += 1;
      this.firstCritical ??= { rule, id: record.id };
    }
  }

  addUnit(unit: Unit): void {
    const { arm, share, place } = unit;
    const isFailed = hasFailed(unit);
    if (arm === "canary") this.#noteNewest(unit);
    if (unit.records[0]?.bps === ALL_BPS && arm === "canary") {
      this.full.units += 1;
      if (isFailed) this.full.failed += 1;
    }
    if (share === null || place < 0) return;
    // Units come in the order of time, so that the split is nearly always the last one.
    let split = this.splits.at(-1);
    if (split?.share !== share || split.place !== place) {
      split = this.splits.findLast((one) => one.share === share && one.place === place);
    }
    if (split === undefined) {
      split = { share, place, units: 0, canary: 0, failed: { canary: 0, stable: 0 } };
      this.splits.push(split);
    }
    split.units += 1;
    if (arm === "canary") split.canary += 1;
    if (isFailed) split.failed[arm] += 1;
  }

  #noteNewest({ records }: Unit): void {
    for (const { bps, firstAt } of records) {
      const known = this.newestCanaryAt.get(bps);
      if (known === undefined || firstAt > known) this.newestCanaryAt.set(bps, firstAt);
    }
  }
}

function hasFailed({ records }: Unit): boolean {
  return records.some(hasFailedRequest);
}
