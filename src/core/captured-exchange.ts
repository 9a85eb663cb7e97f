import type { Json } from "./hash.js";
import type { Arm } from "./traffic-split.js";

/** A message of a live conversation, in words that fit every wire format. */
export interface CapturedMessage {
  readonly role: "system" | "user" | "agent" | "tool";
  /** Empty for a message that only calls tools. */
  readonly text: string;
  readonly toolCalls: readonly { readonly name: string; readonly arguments: Json }[];
}

/**
 * What was said in one request of a sampled conversation. Secrets and personal data are blacked out before it is written:
 * `[redacted card number]`.
 */
export interface CapturedExchange {
  /** Unique; an exchange that is read twice counts once. */
  readonly capture_id: string;
  /** ISO 8601 with milliseconds, UTC. */
  readonly timestamp: string;
  readonly conversation_id: string;
  readonly tenant_id: string;
  readonly trace_id: string;
  readonly arm: Arm;
  readonly release: string | null;
  readonly model: string | null;
  /** What the client sent. */
  readonly messages: readonly CapturedMessage[];
  readonly answer: CapturedMessage;
  /** Kinds of personal or secret data that the answer held, each once, e.g. `card number`. */
  readonly answerHeld: readonly string[];
  readonly latencyMs: number;
}
