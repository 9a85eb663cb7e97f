import type { AuditRecord } from "../runtime/audit/audit-record.js";

/** What was decided in one trial, and whether the trail is as it was written. */
export interface AuditReport {
  readonly run_id: string;
  readonly case_id: string;
  readonly trial: number;
  readonly agent: string;
  readonly records: readonly (Omit<AuditRecord, "event_type"> & {
    readonly event_type: string;
    /** Why; from the stored event, `null` where it says nothing. */
    readonly reason: string | null;
  })[];
  /** `not-anchored`: the agent ran without guardrails, so there is nothing to compare with. */
  readonly verdict: "whole" | "tampered" | "not-anchored";
  readonly problems: readonly string[];
  /** The audit log of the project; `null` when there is none. */
  readonly log: {
    readonly rows: number;
    readonly head: { readonly sequence: number; readonly hash: string };
  } | null;
}
