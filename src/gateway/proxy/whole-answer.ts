import type { AnswerFacts, AnswerReader } from "./answer-facts.js";
import { emptyFacts } from "./answer-facts.js";
import type { Wire } from "./api-routes.js";
import { isObject } from "./request-facts.js";
import { usageFrom } from "./token-usage.js";

/** A longer answer is passed on and not read. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Vectors are long and say nothing here; their usage stands behind them. */
const TAIL_BYTES = 512;

/** Reads an answer that is one JSON document, when it has ended. */
export class WholeAnswerReader implements AnswerReader {
  readonly facts: AnswerFacts = emptyFacts();
  readonly pieces = 0;
  readonly #wire: Wire;
  #kept: Buffer[] = [];
  #bytes = 0;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  push(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes <= MOST_BYTES) this.#kept.push(piece);
    else this.#kept = [];
  }

  end(): void {
    this.facts.isComplete = true;
    if (this.#wire === "models" || this.#kept.length === 0) return;
    const [first] = this.#kept;
    const body = this.#kept.length === 1 && first !== undefined ? first : Buffer.concat(this.#kept);
    this.#kept = [];
    if (this.#wire === "embeddings" && body.length > TAIL_BYTES) this.#readTail(body);
    else this.#readDocument(body);
  }

  #readDocument(body: Buffer): void {
    let value: unknown;
    try {
      value = JSON.parse(body.toString("utf8"));
    } catch {
      return;
    }
    if (!isObject(value)) return;
    const { facts } = this;
    facts.model = typeof value.model === "string" ? value.model : null;
    facts.usage = usageFrom(value.usage);
    facts.finishReason = finishReasonOf(this.#wire, value);
    facts.hasFailed = this.#wire === "responses" && value.status === "failed";
  }

  #readTail(body: Buffer): void {
    const tail = body.toString("latin1", body.length - TAIL_BYTES);
    const usage = /"usage"\s*:\s*(\{[^{}]*\})/.exec(tail)?.[1];
    this.facts.model = /"model"\s*:\s*"([^"\\]*)"/.exec(tail)?.[1] ?? null;
    if (usage === undefined) return;
    try {
      this.facts.usage = usageFrom(JSON.parse(usage));
    } catch {
      this.facts.usage = null;
    }
  }
}

function finishReasonOf(wire: Wire, value: { readonly [key: string]: unknown }): string | null {
  if (wire === "messages") return word(value.stop_reason);
  if (wire === "responses") return responseReason(value);
  const choice: unknown = Array.isArray(value.choices) ? value.choices[0] : undefined;
  return isObject(choice) ? word(choice.finish_reason) : null;
}

/** `completed`, or why it is incomplete, such as `max_output_tokens`. */
export function responseReason(response: { readonly [key: string]: unknown }): string | null {
  const { incomplete_details: details } = response;
  return (isObject(details) ? word(details.reason) : null) ?? word(response.status);
}

export function word(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
