import type { Arm } from "../../core/traffic-split.js";
import type { ConversationRecord, RequestRecord } from "../evidence/conversation-record.js";
import { type ArrivalStream, idOf } from "./arrivals.js";
import type { Outcome } from "./outcome-pool.js";

const NO_VIOLATIONS: ConversationRecord["violations"] = [];
const NO_SCORES: ConversationRecord["scores"] = {};

/**
 * A conversation of a stream that went to an arm. What is known of it stays in the columns of the stream until somebody
 * reads it: ten thousand whole records a rollout cost more to keep than to make.
 */
export class SimulatedConversation implements ConversationRecord, RequestRecord {
  readonly #stream: ArrivalStream;
  readonly #index: number;
  readonly arm: Arm;
  readonly bps: number;

  constructor(stream: ArrivalStream, index: number, arm: Arm, bps: number) {
    this.#stream = stream;
    this.#index = index;
    this.arm = arm;
    this.bps = bps;
  }

  get id(): string {
    return idOf(this.#index);
  }

  get cluster(): string {
    return idOf(this.#index);
  }

  get stratum(): string {
    return this.#stream.stratumOf(this.#index);
  }

  get firstAt(): number {
    return this.#stream.timeOf(this.#index);
  }

  /** One, which the conversation is itself. */
  get requests(): readonly [RequestRecord] {
    return [this];
  }

  get at(): number {
    return this.firstAt;
  }

  get ok(): boolean {
    return this.#outcome.ok;
  }

  get latencyMs(): number {
    return this.#stream.latencyOf(this.#index, this.#outcome);
  }

  get firstTokenMs(): null {
    return null;
  }

  get inputTokens(): null {
    return null;
  }

  get outputTokens(): null {
    return null;
  }

  get costUsd(): number | null {
    return this.#outcome.costUsd;
  }

  get finishReason(): null {
    return null;
  }

  get resolved(): NonNullable<ConversationRecord["resolved"]> {
    return { value: this.#stream.isSuccess(this.#index, this.arm), at: this.firstAt };
  }

  get handedOff(): null {
    return null;
  }

  get thumb(): null {
    return null;
  }

  get violations(): ConversationRecord["violations"] {
    return NO_VIOLATIONS;
  }

  get scores(): ConversationRecord["scores"] {
    return NO_SCORES;
  }

  get #outcome(): Outcome {
    return this.#stream.outcomeOf(this.#index, this.arm);
  }
}
