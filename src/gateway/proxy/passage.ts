import type { ServerResponse } from "node:http";
import type { AnswerCopy } from "../capture/answer-copy.js";
import { type AnswerFacts, type AnswerReader, emptyFacts } from "./answer-facts.js";
import type { Wire } from "./api-routes.js";
import type { AnswerTaker } from "./attempt.js";
import { answerHeaders, headerOf } from "./forward-headers.js";
import { StreamedAnswerReader } from "./streamed-answer.js";
import { WholeAnswerReader } from "./whole-answer.js";

const EVENT_STREAM = /^text\/event-stream\b/i;

/** Where the bytes of an answer go; the copy of a request has none. */
export interface Outlet {
  head(status: number, rawHeaders: readonly string[], isStream: boolean): void;
  /** @returns `false` when it wants no more for now */
  data(piece: Buffer): boolean;
  end(): void;
}

/** Takes an answer, passes it on at once, and reads it on the side. */
export class Passage implements AnswerTaker {
  status = 0;
  isStream = false;
  reader: AnswerReader | null = null;
  #firstByteAt: number | null = null;
  #firstPieceAt: number | null = null;
  readonly #wire: Wire;
  readonly #outlet: Outlet;
  readonly #now: () => number;
  readonly #mayPass: (status: number) => boolean;

  /** @param mayPass - whether an answer with this status may go by, because another attempt follows */
  constructor(wire: Wire, outlet: Outlet, now: () => number, mayPass: (status: number) => boolean) {
    this.#wire = wire;
    this.#outlet = outlet;
    this.#now = now;
    this.#mayPass = mayPass;
  }

  head(status: number, rawHeaders: readonly string[]): boolean {
    if (this.#mayPass(status)) return false;
    this.status = status;
    this.isStream = EVENT_STREAM.test(headerOf(rawHeaders, "content-type") ?? "");
    this.reader = status < 300 && isReadable(rawHeaders) ? this.#readerOf() : null;
    this.#outlet.head(status, rawHeaders, this.isStream);
    return true;
  }

  data(piece: Buffer): boolean {
    this.#firstByteAt ??= this.#now();
    const wantsMore = this.#outlet.data(piece);
    this.reader?.push(piece);
    return wantsMore;
  }

  end(): void {
    this.#outlet.end();
    this.reader?.end();
  }

  get facts(): AnswerFacts {
    return this.reader?.facts ?? emptyFacts();
  }

  /** When the first piece came; of an answer that is no stream, or has no pieces, its first byte. */
  get firstTokenAt(): number | null {
    return this.#firstPieceAt ?? this.#firstByteAt;
  }

  /** What the answer itself tells of a failure behind a status of 200. */
  hiddenFailure(): "stream_error" | "failed" | "incomplete" | null {
    if (this.reader === null) return null;
    if (this.reader.facts.hasFailed) return this.isStream ? "stream_error" : "failed";
    return this.reader.facts.isComplete ? null : "incomplete";
  }

  #readerOf(): AnswerReader {
    if (!this.isStream) return new WholeAnswerReader(this.#wire);
    return new StreamedAnswerReader(this.#wire, () => {
      this.#firstPieceAt = this.#now();
    });
  }
}

function isReadable(rawHeaders: readonly string[]): boolean {
  const encoding = headerOf(rawHeaders, "content-encoding");
  return encoding === undefined || encoding.toLowerCase() === "identity";
}

/** Passes an answer on to the client. */
export class ClientOutlet implements Outlet {
  readonly #response: ServerResponse;
  readonly #ownHeaders: () => string[];
  readonly #onBegun: () => void;
  readonly #onDrain: () => void;
  readonly #copy: AnswerCopy | null;
  /** Bytes that the arm announced; NaN: none, or a stream. */
  #wholeLength = Number.NaN;

  constructor(
    response: ServerResponse,
    ownHeaders: () => string[],
    onBegun: () => void,
    onDrain: () => void,
    copy: AnswerCopy | null,
  ) {
    this.#response = response;
    this.#ownHeaders = ownHeaders;
    this.#onBegun = onBegun;
    this.#onDrain = onDrain;
    this.#copy = copy;
  }

  head(status: number, rawHeaders: readonly string[], isStream: boolean): void {
    this.#wholeLength = isStream ? Number.NaN : Number(headerOf(rawHeaders, "content-length") ?? Number.NaN);
    this.#response.writeHead(status, answerHeaders(rawHeaders, this.#ownHeaders()));
    // Node would hold the head back until the first byte of the body.
    if (isStream) this.#response.flushHeaders();
    this.#onBegun();
  }

  data(piece: Buffer): boolean {
    this.#copy?.add(piece);
    if (piece.length === this.#wholeLength) {
      // The whole body is here: with the head and the end it makes one write to the socket.
      this.#response.end(piece);
      return true;
    }
    if (this.#response.write(piece)) return true;
    this.#response.once("drain", this.#onDrain);
    return false;
  }

  end(): void {
    if (!this.#response.writableEnded) this.#response.end();
  }
}
