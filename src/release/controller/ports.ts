import type { Clock } from "../../core/clock.js";
import type { Arm } from "../../core/traffic-split.js";
import type { StepDecision } from "../decisions/step-decision.js";
import type { ReleaseEvidence, StepLog } from "../evidence/release-evidence.js";
import type { ReleaseJournal, ReleaseRecord } from "../journal/journal.js";
import type { ReleasePlan } from "../plan/release-plan.js";
import type { TrafficRouter } from "../routers/router.js";

/** Whether something answers as it should; `reason` says what it did instead. */
export type ProbeResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Looks at the world around a release without changing it. */
export interface Prober {
  /** Asks the server of an arm directly, not through the router. */
  arm(arm: Arm, signal?: AbortSignal): Promise<ProbeResult>;
  /** Fills the caches of the new version's server; absent when nobody asked for it. */
  warm?(signal?: AbortSignal): Promise<ProbeResult & { readonly told: string }>;
  /** Sends ids through the router and looks in which arm they land; `ok` when all land in their computed arm. */
  landing(split: { readonly bps: number; readonly salt: string }, signal?: AbortSignal): Promise<ProbeResult>;
}

/** Reads what is known of a release. */
export interface EvidenceReader {
  /** Never throws for a source that cannot be read: that is part of the evidence. */
  read(release: ReleaseRecord, steps: readonly StepLog[], signal?: AbortSignal): Promise<ReleaseEvidence>;
}

/** Judges evidence; pure. */
export type Decide = (
  evidence: ReleaseEvidence,
  plan: ReleasePlan,
  moment: {
    readonly now: number;
    readonly step: number;
    readonly steps: readonly StepLog[];
    readonly phase: "bake" | "watch";
  },
) => StepDecision;

/** Tells people. `key` is unique for release and row: a notice that was sent is not sent again after a restart. */
export interface Notifier {
  notify(notice: {
    readonly key: string;
    readonly releaseId: string;
    readonly urgency: "info" | "page";
    readonly text: string;
  }): Promise<void>;
}

/** What else happens when a release ends well or badly, such as the baseline tag, the incident file. Idempotent. */
export interface ReleaseAftermath {
  promoted(release: ReleaseRecord): Promise<void>;
  rolledBack(release: ReleaseRecord): Promise<void>;
}

/** Everything that a controller touches. */
export interface ControllerPorts {
  readonly clock: Clock;
  readonly journal: ReleaseJournal;
  readonly router: TrafficRouter;
  readonly prober: Prober;
  readonly evidence: EvidenceReader;
  readonly decide: Decide;
  readonly notifier: Notifier;
  readonly aftermath: ReleaseAftermath;
}

/**
 * Drives one release. `tick` does the next thing that is due (apply, verify, look, decide) and returns; calling it again
 * after any failure or restart is safe. Nothing in it waits for time to pass.
 */
export interface ReleaseController {
  readonly releaseId: string;
  /** @returns the release afterwards, and in how many milliseconds to call again at the latest */
  tick(signal?: AbortSignal): Promise<{
    readonly release: ReleaseRecord;
    readonly nextInMs: number;
    readonly decision: StepDecision | null;
  }>;
  /** Gives the lease back. */
  close(): Promise<void>;
}
