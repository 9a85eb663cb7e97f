import type { CanaryThreshold } from "../../config/gates/canary-threshold.js";

/** One deployed version of a service. */
export interface Artefact {
  /** Content hash of agent file, prompts, tools and model parameters. */
  readonly agentVersion: string;
  /** Base URL of what serves it. */
  readonly url: string;
  readonly model: string | null;
  /** Run that its gates passed on; `null` for a first stable version that agentctl did not promote. */
  readonly runId: string | null;
}

export interface PlannedStep {
  /** Share of the canary, basis points, 1 to 10,000. */
  readonly bps: number;
  readonly bakeMs: number;
  /** The step pauses when it could not be judged by then; at least `bakeMs`. */
  readonly maxBakeMs: number;
  /** Of the canary. */
  readonly minConversations: number;
  /** A person must agree before the next step. */
  readonly needsApproval: boolean;
}

/** A line of `rollback_triggers`. */
export interface RolloutRule {
  /** `resolution_rate`, `error_rate`, `safety_violations`, `p95_latency`, `score.<metric>` … */
  readonly measure: string;
  readonly threshold: CanaryThreshold;
  readonly windowMs: number;
  /** `observe`: shown, never acted on. */
  readonly mode: "enforce" | "observe";
}

interface RolloutLimits {
  /** Failed shifts before the release is aborted. */
  readonly applyFailures: number;
  /** Evaluations that may fail before the release is aborted; 0: the first one aborts. */
  readonly failures: number;
  readonly inconclusive: number;
  readonly consecutiveErrors: number;
}

/** The offline gate report that a release rests on. */
export interface GateProof {
  readonly reportHash: string;
  readonly runId: string;
  readonly agentVersion: string;
  readonly datasetHash: string;
  readonly gatesHash: string;
  /** When the run that was judged finished; ISO 8601. */
  readonly finishedAt: string;
}

/** Everything that decides a release. Frozen at its start; its content hash stands in the journal. */
export interface ReleasePlan {
  readonly service: string;
  readonly canary: Artefact;
  readonly stable: Artefact;
  readonly gate: GateProof;
  /** What splits its traffic, as `routerName` has it. */
  readonly router: string;
  /** Draws the buckets; another one for every release. */
  readonly salt: string;
  /** What the split hashes, and so the unit of every figure. */
  readonly unit: "conversation" | "user" | "tenant";
  readonly steps: readonly PlannedStep[];
  readonly rules: readonly RolloutRule[];
  /** Chance of rolling back a version that is as good as stable, over all rules and looks together, in (0, 1). */
  readonly alpha: number;
  readonly limits: RolloutLimits;
  /** Whether a person must agree before the first step. */
  readonly needsApproval: boolean;
  readonly approvalExpiryMs: number;
  readonly pauseTimeoutMs: number;
  readonly onTimeout: "abort" | "hold";
  /** Age at which the outcome of a conversation counts: none by then is unresolved in both arms alike. */
  readonly maturationMs: number;
  /** How long delayed outcomes are watched after promotion. */
  readonly watchMs: number;
  /** The first conversations of each arm after a shift, not counted for latency: caches are cold. */
  readonly warmupMs: number;
  readonly fourEyes: boolean;
  /** Who may approve, reject, promote; empty: everybody but the author under `fourEyes`. */
  readonly releaseManagers: readonly string[];
}
