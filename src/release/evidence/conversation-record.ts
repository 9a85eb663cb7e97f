import type { Arm } from "../../core/traffic-split.js";

/** A request of a conversation, as far as figures need it. */
export interface RequestRecord {
  /** Milliseconds since the Unix epoch, when it was answered. */
  readonly at: number;
  readonly ok: boolean;
  readonly latencyMs: number;
  readonly firstTokenMs: number | null;
  /** `null`: no price is known. */
  readonly costUsd: number | null;
  /** `null`: nobody told. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly finishReason: string | null;
}

/** Everything known of one conversation of a release: the unit of every comparison. */
export interface ConversationRecord {
  readonly id: string;
  readonly arm: Arm;
  /** What was randomised: the conversation itself, its user or its tenant. Figures are clustered on it. */
  readonly cluster: string;
  /** Whether another tenant has a conversation of the same id: routers draw by the id alone, so both are one draw. */
  readonly isShared?: true;
  /** Fixed before assignment, such as the tenant. */
  readonly stratum: string;
  /** Share of the canary when it was assigned, basis points. */
  readonly bps: number;
  readonly firstAt: number;
  readonly requests: readonly RequestRecord[];
  /** The last that was told; `null`: nothing yet, which is not a success. */
  readonly resolved: { readonly value: boolean; readonly at: number } | null;
  /** `null`: nobody said whether it was. */
  readonly handedOff: boolean | null;
  readonly thumb: boolean | null;
  readonly violations: readonly {
    readonly rule: string;
    readonly severity: "critical" | "soft";
    readonly verified: boolean;
    readonly at: number;
  }[];
  readonly scores: Readonly<Record<string, number>>;
}
