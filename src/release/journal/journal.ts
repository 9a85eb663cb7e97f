import type { Json } from "../../core/hash.js";
import type { ReleaseEvent } from "../machine/release-event.js";
import type { ReleaseState } from "../machine/state.js";
import type { Artefact, ReleasePlan } from "../plan/release-plan.js";

/** What a row tells. */
type RowKind =
  /** The release went from one state to another. */
  | "transition"
  /** Written before an effect on the world. */
  | "intent"
  /** What the world showed after it. */
  | "readback"
  /** An evaluation: window, counts, alpha spent, raw results. */
  | "evaluation"
  /** Something that changes no state, such as a refused command or a page sent. */
  | "note";

/** One row of the journal; rows are only ever added. */
export interface JournalRow {
  /** From 1, without gaps, over all releases of the file. */
  readonly seq: number;
  readonly releaseId: string;
  /** Of the controller that wrote it. */
  readonly epoch: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly kind: RowKind;
  /** The event of a transition; else a stable word such as `set-split`, `notify`, `promote`. */
  readonly event: string;
  readonly from: ReleaseState;
  readonly to: ReleaseState;
  /** Basis points; `null` for rows that are not about the split. */
  readonly targetBps: number | null;
  readonly previousBps: number | null;
  readonly salt: string | null;
  readonly reason: string;
  /** Content hash of what the row rests on, kept beside the journal; `null`: nothing. */
  readonly evidenceHash: string | null;
  /** Person or `controller`. */
  readonly actor: string;
}

export type NewRow = Omit<JournalRow, "seq" | "releaseId" | "epoch" | "at">;

/** Counters that outlive a restart. */
export interface ReleaseCounters {
  readonly applyFailures: number;
  readonly failures: number;
  readonly inconclusive: number;
  readonly consecutiveErrors: number;
}

/** A release as the journal has it. */
export interface ReleaseRecord {
  readonly id: string;
  readonly plan: ReleasePlan;
  readonly planHash: string;
  readonly author: string;
  readonly createdAt: string;
  readonly state: ReleaseState;
  readonly counters: ReleaseCounters;
  /** Time that the current step baked under a living controller, milliseconds: down-time does not count. */
  readonly bakedMs: number;
  /** Added to the longest bake time of the current step by `extend`, milliseconds. */
  readonly extendedMs: number;
  /** When the current state began; ISO 8601. */
  readonly since: string;
}

export type ReleasePatch = Partial<
  Pick<ReleaseRecord, "state" | "counters" | "bakedMs" | "extendedMs" | "since">
>;

/** What a person asked for while a controller runs. */
export interface ReleaseRequest {
  readonly id: number;
  readonly releaseId: string;
  readonly at: string;
  readonly event: Extract<ReleaseEvent, { actor: string }>;
}

/** Requests about the one state that they were left in: an approval of this step is none of the next. */
export const OF_ONE_STATE: readonly ReleaseRequest["event"]["type"][] = [
  "approved",
  "rejected",
  "resumed",
  "promotion-forced",
];

/** Who may act on a service. Only the newest epoch may write. */
export interface ControllerLease {
  readonly service: string;
  readonly holder: string;
  readonly epoch: number;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/**
 * The journal of releases, and the pointer to the stable version.
 *
 * Contract, held by `describeJournalContract`:
 * - When a method returns, its effect survives a SIGKILL and a power cut (`synchronous=FULL`); in memory, nothing does.
 * - Several processes may use it at once. Writes of an epoch that is no longer the newest throw `ReleaseError` of code
 *   `RELEASE_FENCED` and change nothing.
 * - Every method throws `StoreError` when the file cannot be read or written, a full disk included.
 */
export interface ReleaseJournal {
  /**
   * @param release - `evidence`: what the plan rests on, such as the gate report, kept by its content hash
   * @throws {ReleaseError} `RELEASE_LIVE` when the service has a release that has not ended
   */
  create(release: {
    readonly id: string;
    readonly plan: ReleasePlan;
    readonly author: string;
    readonly at: number;
    readonly evidence?: readonly Json[];
  }): ReleaseRecord;
  get(id: string): ReleaseRecord | null;
  /** Newest first. */
  list(filter?: { readonly service?: string; readonly limit?: number }): ReleaseRecord[];
  /** The release of a service that has not ended, or `null`. */
  live(service: string): ReleaseRecord | null;
  /** Adds rows and changes the release in one transaction. `evidence`: kept by its content hash. */
  append(
    releaseId: string,
    write: {
      readonly epoch: number;
      readonly at: number;
      readonly rows: readonly NewRow[];
      readonly patch?: ReleasePatch;
      readonly evidence?: readonly Json[];
      /** Moves the pointer of the service in the same transaction. */
      readonly stable?: Artefact;
    },
  ): void;
  /**
   * Adds a row of kind `note` under the newest epoch. Anybody may: it changes no state, such as a command that was refused
   * before it became a request.
   */
  note(releaseId: string, at: number, note: Pick<NewRow, "event" | "reason" | "actor">): void;
  rows(releaseId: string, afterSeq?: number): JournalRow[];
  evidence(hash: string): Json | null;
  /** @returns the lease with a new epoch, or the one that another living holder has */
  acquireLease(service: string, holder: string, now: number, ttlMs: number): ControllerLease;
  /** @throws {ReleaseError} `RELEASE_FENCED` when a newer epoch exists */
  renewLease(lease: ControllerLease, now: number, ttlMs: number): ControllerLease;
  /** Takes the lease from whoever has it: for an abort, which outranks everything. */
  seizeLease(service: string, holder: string, now: number, ttlMs: number): ControllerLease;
  lease(service: string): ControllerLease | null;
  releaseLease(lease: ControllerLease): void;
  /** Leaves a request for the controller. Idempotent by content within one state. */
  request(releaseId: string, at: number, event: ReleaseRequest["event"]): void;
  /** Requests that were not answered yet, oldest first, aborts before all others. */
  requests(releaseId: string): ReleaseRequest[];
  /** Takes a request off the list; call it in the order intent, effect, answer. */
  answered(requestId: number, epoch: number): void;
  /** The promoted version of a service; `null` before the first. */
  stable(service: string): Artefact | null;
  close(): void;
}
