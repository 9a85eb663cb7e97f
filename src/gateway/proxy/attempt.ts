import type { Dispatcher } from "undici";
import type { Deadline, Deadlines } from "./deadlines.js";

/** What may go wrong between gateway and arm; the words stand in events. */
export type Failure =
  /** No connection, so that nothing was sent. */
  | "refused"
  /** The connection ended before an answer began. */
  | "reset"
  /** No head of an answer in time. */
  | "timeout"
  /** 502 or 503. */
  | "unavailable"
  /** The connection ended within the answer. */
  | "cut"
  /** The answer fell silent. */
  | "idle_timeout"
  /** All attempts together took too long. */
  | "total_timeout"
  /** The client took the answer too slowly. */
  | "client_slow"
  /** The client went away. */
  | "client_gone";

/** Takes the answer of an attempt. */
export interface AnswerTaker {
  /** @returns `false` to let this answer go by; the attempt then ends as `unavailable` */
  head(status: number, rawHeaders: readonly string[]): boolean;
  /** @returns `false` when no more is wanted until `resume` */
  data(piece: Buffer): boolean;
  end(): void;
}

/** How long a server may take; shared by all requests. */
export interface AttemptTimes {
  /** To the head of its answer. */
  readonly firstByte: Deadlines;
  /** From one piece of its answer to the next. */
  readonly idle: Deadlines;
}

export interface AttemptOptions {
  readonly times: AttemptTimes;
  readonly taker: AnswerTaker;
  /** Called with the status of an answer, before its taker. */
  readonly onStatus: (status: number) => void;
  /** Called once: `null` for a whole answer. */
  readonly onEnd: (failure: Failure | null) => void;
}

/**
 * One request to an arm, and its answer as it comes. Has the older of the two handler interfaces of undici 7: for the newer one
 * undici would parse the headers of every answer into an object that nobody reads here.
 */
export class Attempt implements Dispatcher.DispatchHandler {
  readonly #options: AttemptOptions;
  /** Of the head, then of the next piece. */
  #deadline: Deadline;
  #abort: ((error: Error) => void) | null = null;
  #resume: (() => void) | null = null;
  #isPaused = false;
  #state: "waiting" | "taken" | "ended" = "waiting";

  constructor(dispatcher: Dispatcher, request: Dispatcher.DispatchOptions, options: AttemptOptions) {
    this.#options = options;
    this.#deadline = options.times.firstByte.set(() => this.abort("timeout"));
    // Times are ours: undici would count from when a connection is free, and set timers for each request.
    request.headersTimeout = 0;
    request.bodyTimeout = 0;
    dispatcher.dispatch(request, this);
  }

  resume(): void {
    if (!this.#isPaused || this.#state === "ended") return;
    this.#isPaused = false;
    this.#deadline.restart();
    this.#resume?.();
  }

  /** Ends the attempt, whatever its state. */
  abort(failure: Failure): void {
    if (this.#state === "ended") return;
    this.#end(failure);
    this.#abort?.(new Error(failure));
  }

  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort;
    if (this.#state === "ended") abort(new Error("ended"));
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void): boolean {
    this.#resume = resume;
    if (status < 200 || this.#state !== "waiting") return true;
    this.#deadline.cancel();
    this.#deadline = this.#options.times.idle.set(() => this.abort("idle_timeout"));
    this.#state = "taken";
    this.#options.onStatus(status);
    if (!this.#options.taker.head(status, latin1(rawHeaders))) this.#end("unavailable");
    return true;
  }

  onData(piece: Buffer): boolean {
    if (this.#state !== "taken") return !this.#isPaused;
    this.#deadline.restart();
    if (this.#options.taker.data(piece)) return !this.#isPaused;
    // It is the client that takes its time now.
    this.#deadline.cancel();
    this.#isPaused = true;
    return false;
  }

  onComplete(): void {
    if (this.#state !== "taken") return;
    this.#options.taker.end();
    this.#end(null);
  }

  onError(error: Error): void {
    if (this.#state === "ended") return;
    this.#end(failureOf(error, this.#state === "taken"));
  }

  #end(failure: Failure | null): void {
    this.#deadline.cancel();
    this.#state = "ended";
    this.#options.onEnd(failure);
  }
}

const NOT_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_HAS_EXPIRED",
]);

function failureOf(error: Error, hasBegun: boolean): Failure {
  const { code } = error as NodeJS.ErrnoException;
  if (hasBegun) return "cut";
  return code !== undefined && NOT_CONNECTED.has(code) ? "refused" : "reset";
}

/** Bytes of headers are passed on as they are: Latin-1 holds any. */
function latin1(raw: readonly Buffer[]): string[] {
  return raw.map((part) => part.toString("latin1"));
}
