import type { Arm } from "../../core/traffic-split.js";
import type { ArmCounts } from "../routers/router.js";
import type { ConversationRecord } from "./conversation-record.js";

/** How full the model server of an arm is; `null` where it does not say. */
export interface ArmCapacity {
  readonly arm: Arm;
  readonly at: number;
  /** Requests that wait for a place. */
  readonly waiting: number | null;
  /** Share of the key-value cache in use, 0 to 1. */
  readonly kvCacheUsage: number | null;
  /** Preemptions since the last look. */
  readonly preemptions: number | null;
}

/** What is known of a release at one moment: everything that a decision may rest on. */
export interface ReleaseEvidence {
  /** Conversations assigned at random, in the order of `firstAt`; testers, probes, shadows and fallbacks are not among them. */
  readonly conversations: readonly ConversationRecord[];
  /** Tells these conversations from any others. It reads all of them, so it is asked for when something rests on them. */
  readonly conversationsHash: () => string;
  /** Requests of the current step that named no id. */
  readonly unassigned: number;
  /** Conversations that were told about under another tenant than that of their requests: what was told counts nowhere. */
  readonly astray: number;
  /** Conversations of the canary that the router sent to stable, since the canary could not take them. */
  readonly fallbacks: number;
  /** As the router counts them; empty: it does not. */
  readonly arms: readonly ArmCounts[];
  readonly capacity: readonly ArmCapacity[];
  /** What could not be read, one sentence each: a measure that needs it is an error, not a zero. */
  readonly unreadable: readonly { readonly source: string; readonly reason: string }[];
}

/** Beside the conversations: nothing was left out, counted or missed. */
export const NOTHING_ELSE: Omit<ReleaseEvidence, "conversations" | "conversationsHash"> = {
  unassigned: 0,
  astray: 0,
  fallbacks: 0,
  arms: [],
  capacity: [],
  unreadable: [],
};

/** When a step began to take traffic, and which share it had. */
export interface StepLog {
  readonly step: number;
  readonly bps: number;
  /** When the split was verified, milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** `null`: it goes on. */
  readonly endedAt: number | null;
}
