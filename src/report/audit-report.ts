import type { AuditRecord } from "../runtime/audit/audit-record.js";

/** What was decided in one trial, and whether the trail is as it was written. */
export interface AuditReport {
  readonly run_id: string;
  readonly case_id: string;
  readonly trial: number;
  readonly agent: string;
  readonly records: readonly (Omit<AuditRecord, "event_type"> & {
    readonly event_type: string;
    /** Why, or what exactly: words of the stored event, `null` where it has none. */
    readonly reason: string | null;
  })[];
  /**
   * `removed`: it was anchored when it ran, and the run history does not hold it any more. `not-anchored`: there is
   * nothing to compare with, as for an agent that can only talk, or for a run of another program that was imported.
   */
  readonly verdict: "whole" | "tampered" | "removed" | "not-anchored";
  readonly problems: readonly string[];
  /** The audit log of the project; `null` when there is none. */
  readonly log: {
    readonly rows: number;
    readonly head: { readonly sequence: number; readonly hash: string };
  } | null;
}
