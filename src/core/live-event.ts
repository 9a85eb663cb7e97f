import type { TokenUsage } from "./message.js";
import type { Arm } from "./traffic-split.js";

/** Why a request went where it went. Only `bucket` is a random assignment that figures may rest on. */
export type RouteReason =
  /** By the bucket of its id. */
  | "bucket"
  /** It names no id: stable. */
  | "no-id"
  /** A tester asked for the arm by a header. */
  | "override"
  /** The canary could not take it: stable. */
  | "fallback"
  /** A copy of a request; its answer was thrown away. */
  | "shadow"
  /** A check of the router itself. */
  | "probe";

/** What a model was asked for, as OpenTelemetry's `gen_ai.operation.name` has it. */
export type ModelOperation = "chat" | "text_completion" | "embeddings";

/**
 * What is known of live traffic, by event type. The gateway emits them; a proxy's access log or an application may write
 * the same lines.
 */
export interface LiveEventPayloads {
  /** A request was answered, or could not be. One each, written when its last byte was sent. */
  request_served: {
    /** Name of the service that is released. */
    service: string;
    arm: Arm;
    /** Release under way when it was routed; `null`: none. */
    release: string | null;
    /** Share of the canary when it was routed, basis points. */
    bps: number;
    route: RouteReason;
    /** What the split hashes: the id of the conversation, user or tenant; `null` when it names none. */
    key: string | null;
    model: string | null;
    /** `null`: nothing of a model; logs of proxies do not tell. */
    operation?: ModelOperation | null;
    /** HTTP status that the client saw; 0 when the client went before there was one. */
    status: number;
    /** Whether the arm answered as it should: no 5xx, no cut stream. A client's own fault (4xx) is none of the arm's. */
    ok: boolean;
    /** Stable word for what failed, such as `timeout`, `refused`, `cut`; `null` when nothing did. */
    failure: string | null;
    streamed: boolean;
    /** From the first byte of the request to the last of the answer. */
    latencyMs: number;
    /** To the first piece of text, reasoning or tool call of a stream, else to the first byte of the body; `null` when none came. */
    firstTokenMs: number | null;
    usage: TokenUsage | null;
    /** `null` when no price is known: missing, not free. */
    costUsd: number | null;
    finishReason: string | null;
  };
  /** What came of a conversation, told by a person or a system, often long after. */
  feedback: {
    kind: "thumb" | "resolution" | "handoff";
    /** `true`: thumb up, resolved, handed off. */
    value: boolean;
    /** Who says so, such as `user` or `crm`; never a name. */
    source: string;
  };
  /** Something that must not happen. `verified`: by a rule or a person; a classifier alone is not enough to be critical. */
  safety_violation: { rule: string; severity: "critical" | "soft"; verified: boolean };
  /** A score of a conversation, given by a metric or a judge. */
  conversation_scored: { metric: string; value: number; by: string };
}

export type LiveEventType = keyof LiveEventPayloads;

/** One line of the event log of live traffic. */
export type LiveEvent = { [Type in LiveEventType]: LiveEventOf<Type> }[LiveEventType];

export interface LiveEventOf<Type extends LiveEventType> {
  /** Unique; an event that is read twice counts once. */
  readonly event_id: string;
  readonly event_type: Type;
  /** ISO 8601 with milliseconds, UTC. */
  readonly timestamp: string;
  readonly conversation_id: string;
  readonly tenant_id: string;
  readonly trace_id: string;
  readonly payload: Readonly<LiveEventPayloads[Type]>;
}
