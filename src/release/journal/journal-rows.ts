import type { ReleaseState } from "../machine/state.js";
import type { ReleasePlan } from "../plan/release-plan.js";
import type { JournalRow, ReleaseCounters, ReleaseRecord } from "./journal.js";

/** A release as SQLite has it. */
export interface StoredRelease {
  readonly id: string;
  readonly plan: string;
  readonly plan_hash: string;
  readonly author: string;
  readonly created_at: string;
  readonly state: string;
  readonly counters: string;
  readonly baked_ms: number;
  readonly extended_ms: number;
  readonly since: string;
}

/** A row as SQLite has it. */
export interface StoredRow {
  readonly seq: number;
  readonly release_id: string;
  readonly epoch: number;
  readonly at: string;
  readonly kind: string;
  readonly event: string;
  readonly from_state: string;
  readonly to_state: string;
  readonly target_bps: number | null;
  readonly previous_bps: number | null;
  readonly salt: string | null;
  readonly reason: string;
  readonly evidence_hash: string | null;
  readonly actor: string;
}

/** Plans by their hash: a frozen plan is read and checked once in a process. */
export type KnownPlans = Map<string, ReleasePlan>;

export function releaseFrom(stored: StoredRelease, plans: KnownPlans): ReleaseRecord {
  let plan = plans.get(stored.plan);
  if (plan === undefined) {
    plan = JSON.parse(stored.plan) as ReleasePlan;
    plans.set(stored.plan, plan);
  }
  return {
    id: stored.id,
    plan,
    planHash: stored.plan_hash,
    author: stored.author,
    createdAt: stored.created_at,
    state: JSON.parse(stored.state) as ReleaseState,
    counters: JSON.parse(stored.counters) as ReleaseCounters,
    bakedMs: stored.baked_ms,
    extendedMs: stored.extended_ms,
    since: stored.since,
  };
}

export function rowFrom(stored: StoredRow): JournalRow {
  return {
    seq: stored.seq,
    releaseId: stored.release_id,
    epoch: stored.epoch,
    at: stored.at,
    kind: stored.kind as JournalRow["kind"],
    event: stored.event,
    from: JSON.parse(stored.from_state) as ReleaseState,
    to: JSON.parse(stored.to_state) as ReleaseState,
    targetBps: stored.target_bps,
    previousBps: stored.previous_bps,
    salt: stored.salt,
    reason: stored.reason,
    evidenceHash: stored.evidence_hash,
    actor: stored.actor,
  };
}
