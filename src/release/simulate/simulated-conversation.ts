import type { Arm } from "../../core/traffic-split.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import { type ArrivalStream, idOf } from "./arrivals.js";

const NO_VIOLATIONS: ConversationRecord["violations"] = [];
const NO_SCORES: ConversationRecord["scores"] = {};

/**
 * A conversation of a stream that went to an arm. What is known of it stays in the columns of the stream until somebody
 * reads it: ten thousand whole records a rollout cost more to keep than to make.
 */
export class SimulatedConversation implements ConversationRecord {
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

  get requests(): ConversationRecord["requests"] {
    const outcome = this.#stream.outcomeOf(this.#index, this.arm);
    const { ok, costUsd } = outcome;
    const latencyMs = this.#stream.latencyOf(this.#index, outcome);
    return [
      {
        at: this.firstAt,
        ok,
        latencyMs,
        firstTokenMs: null,
        inputTokens: null,
        outputTokens: null,
        costUsd,
        finishReason: null,
      },
    ];
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
}
