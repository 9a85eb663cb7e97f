import type { IncomingMessage } from "node:http";
import type { Wire } from "./api-routes.js";
import { type AnswerTaker, Attempt, type AttemptTimes, type Failure } from "./attempt.js";
import type { Backend } from "./backend.js";
import { keyHeaders, requestHeaders, withTraceparent } from "./forward-headers.js";
import { replaceModel } from "./replace-model.js";
import type { RequestIds } from "./request-ids.js";

/** A client's request that has been read, ready to be asked of any arm. */
export class Inbound {
  readonly wire: Wire;
  readonly body: Buffer | null;
  readonly #method: "GET" | "POST";
  readonly #url: string;
  readonly #headers: string[];

  private constructor(wire: Wire, url: string, headers: string[], body: Buffer | null) {
    this.wire = wire;
    this.body = body;
    this.#method = wire === "models" ? "GET" : "POST";
    this.#url = url;
    this.#headers = headers;
  }

  static of(request: IncomingMessage, wire: Wire, body: Buffer | null, ids: RequestIds): Inbound {
    return new Inbound(wire, request.url ?? "", requestHeaders(request, ids), body);
  }

  /** The same request with one more header. @param traceparent - of another span; `null`: the same one */
  marked(name: string, value: string, traceparent: string | null): Inbound {
    const headers = traceparent === null ? this.#headers : withTraceparent(this.#headers, traceparent);
    return new Inbound(this.wire, this.#url, [...headers, name, value], this.body);
  }

  /** What to send to a server: its key, and its model where one is configured. */
  requestTo(backend: Backend) {
    const { body } = this;
    const key = keyHeaders(this.wire, backend.apiKey);
    return {
      method: this.#method,
      path: backend.basePath + this.#url,
      headers: key.length === 0 ? this.#headers : [...this.#headers, ...key],
      body: body === null || backend.model === null ? body : replaceModel(body, backend.model),
    };
  }
}

/** Sends a request to a server once; what came of it tells on the server's breaker. */
export function askOnce(
  backend: Backend,
  inbound: Inbound,
  times: AttemptTimes,
  now: () => number,
  taker: AnswerTaker,
  onEnd: (failure: Failure | null) => void,
): Attempt {
  let status = 0;
  return new Attempt(backend.pool, inbound.requestTo(backend), {
    times,
    taker,
    onStatus(answered) {
      status = answered;
      if (!isDown(status)) backend.breaker.answered();
    },
    onEnd(failure) {
      tell(backend, status, failure, now());
      onEnd(failure);
    },
  });
}

function tell({ breaker }: Backend, status: number, failure: Failure | null, now: number): void {
  if (failure === "client_gone" || failure === "client_slow") breaker.abandoned();
  else if (failure === null && !isDown(status)) breaker.succeeded();
  else breaker.failed(now);
}

/** Statuses that say that nobody is there to answer; 500 is an answer. */
function isDown(status: number): boolean {
  return status >= 502 && status <= 504;
}
