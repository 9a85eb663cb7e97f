import { type AnswerFacts, type AnswerReader, emptyFacts } from "./answer-facts.js";
import type { Wire } from "./api-routes.js";
import { isObject } from "./request-facts.js";
import { SseEvents } from "./sse-events.js";
import { STREAM_READERS, type StreamEventReader } from "./stream-events.js";

/** Reads a stream of server-sent events on the side, without holding it up. */
export class StreamedAnswerReader implements AnswerReader {
  readonly facts: AnswerFacts = emptyFacts();
  pieces = 0;
  readonly #reader: StreamEventReader;
  readonly #events = new SseEvents((data) => this.#read(data));
  readonly #onFirstPiece: () => void;

  /** @param onFirstPiece - called when the first text, tool call or reasoning has come */
  constructor(wire: Wire, onFirstPiece: () => void) {
    this.#reader = STREAM_READERS[wire];
    this.#onFirstPiece = onFirstPiece;
  }

  push(piece: Buffer): void {
    this.#events.push(piece);
  }

  end(): void {
    this.facts.model = fromLatin1(this.facts.model);
  }

  #read(data: string): void {
    if (data === "[DONE]") {
      this.facts.isComplete = true;
      return;
    }
    // Of the thousands of events of an answer only a few hold more than a piece of text.
    if (this.pieces > 0 && this.#reader.isPlainPiece(data)) {
      this.pieces += 1;
      return;
    }
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      return;
    }
    if (!isObject(value) || !this.#reader.read(value, this.facts)) return;
    this.pieces += 1;
    if (this.pieces === 1) this.#onFirstPiece();
  }
}

function fromLatin1(text: string | null): string | null {
  return text === null ? null : Buffer.from(text, "latin1").toString("utf8");
}
