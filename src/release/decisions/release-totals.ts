import type { Arm } from "../../core/traffic-split.js";
import type { ArmFailure } from "../../stats/canary-failure-e-process.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import type { Unit } from "./units.js";

/** Units that were assigned at one share in one step. */
export interface Split {
  readonly share: number;
  readonly place: number;
  units: number;
  canary: number;
}

type ByArm = Record<Arm, number>;

/** What hard rules and the check of the split count, conversation by conversation and unit by unit. */
export class ReleaseTotals {
  readonly conversations: ByArm = { canary: 0, stable: 0 };
  /** When the canary's newest conversation began that can be compared, by the share at which it was assigned. */
  readonly newestCanaryAt = new Map<number, number>();
  /** Verified critical violations of the canary: how many, and the first. */
  criticals = 0;
  firstCritical: { readonly rule: string; readonly id: string } | null = null;
  /** Units whose arm was left to chance. */
  readonly assigned: ByArm = { canary: 0, stable: 0 };
  /** Of these, the failed ones, with when they first did. */
  readonly failures: (ArmFailure & { readonly at: number })[] = [];
  readonly failed: ByArm = { canary: 0, stable: 0 };
  readonly splits: Split[] = [];

  addConversation({ arm, id, violations }: ConversationRecord): void {
    this.conversations[arm] += 1;
    if (arm !== "canary") return;
    for (const { severity, verified, rule } of violations) {
      if (severity !== "critical" || !verified) continue;
      this.criticals += 1;
      this.firstCritical ??= { rule, id };
    }
  }

  addUnit(unit: Unit): void {
    const { arm, share, place } = unit;
    if (arm === "canary") this.#noteNewest(unit);
    if (share === null) return;
    this.assigned[arm] += 1;
    const at = firstFailure(unit);
    if (at !== null) {
      this.failed[arm] += 1;
      this.failures.push({ arm: arm === "canary" ? "canary" : "baseline", share, at });
    }
    if (place < 0) return;
    let split = this.splits.findLast((one) => one.share === share && one.place === place);
    if (split === undefined) {
      split = { share, place, units: 0, canary: 0 };
      this.splits.push(split);
    }
    split.units += 1;
    if (arm === "canary") split.canary += 1;
  }

  #noteNewest({ records }: Unit): void {
    for (const { bps, firstAt } of records) {
      const known = this.newestCanaryAt.get(bps);
      if (known === undefined || firstAt > known) this.newestCanaryAt.set(bps, firstAt);
    }
  }
}

function firstFailure({ records }: Unit): number | null {
  let first = Number.POSITIVE_INFINITY;
  for (const { requests } of records) {
    for (const { ok, at } of requests) if (!ok) first = Math.min(first, at);
  }
  return first === Number.POSITIVE_INFINITY ? null : first;
}
