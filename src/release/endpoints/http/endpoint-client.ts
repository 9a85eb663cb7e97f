import { Agent, type Dispatcher } from "undici";
import { secretRedactor } from "../../../models/secret-redactor.js";
import type { EndpointAddress } from "./endpoint-address.js";
import { SseReader } from "./sse-reader.js";

/** What a request came to. `status` 0: no answer, and `problem` says why. */
export interface EndpointReply {
  readonly status: number;
  readonly contentType: string;
  readonly server: string | null;
  readonly text: string;
  /** The body as JSON; `undefined` when it is none. */
  readonly json: unknown;
  /** Why there is no answer, or none that is whole; without keys. */
  readonly problem: string | null;
}

/** What a streamed request came to. */
export interface StreamReply extends EndpointReply {
  /** The stream ended inside an event. */
  readonly wasCut: boolean;
}

/** Sees a stream as it arrives; `false` ends it. */
type OnEvent = (data: string, event: string) => boolean | undefined;

interface Ask {
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Talks to one endpoint. No retries: whoever measures wants to see the first answer. */
export interface EndpointClient {
  readonly url: string;
  /** GET without a body, else POST of JSON. Never throws for what the endpoint does. */
  ask(path: string, options?: Ask): Promise<EndpointReply>;
  /** POST of JSON whose answer is a stream of events. An answer that is no stream comes back as text. */
  stream(path: string, options: Ask & { readonly onEvent: OnEvent }): Promise<StreamReply>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 60_000;
/** Longest body that is kept; a metrics page of many models has some hundred kilobytes. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Opens connections to an endpoint. */
export function openEndpoint({ url, apiKey }: EndpointAddress): EndpointClient {
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const redactor = secretRedactor(apiKey === null ? [] : [apiKey]);
  const redact = (text: string) => redactor?.value(text) ?? text;

  const keyHeaders = (path: string): { readonly [name: string]: string } => {
    if (apiKey === null) return {};
    // Anthropic's own header; its bearer is for other tokens.
    const own = path === "/v1/messages" ? { "x-api-key": apiKey } : {};
    return { authorization: `Bearer ${apiKey}`, ...own };
  };

  async function send(path: string, options: Ask, onEvent: OnEvent | null): Promise<StreamReply> {
    const { body, headers, timeoutMs = TIMEOUT_MS, signal } = options;
    const stop = new AbortController();
    const timer = setTimeout(
      () => stop.abort(new Error(`no whole answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
    const onAbort = () => stop.abort(new Error("stopped"));
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    let head: Pick<EndpointReply, "status" | "contentType" | "server"> = {
      status: 0,
      contentType: "",
      server: null,
    };
    let text = "";
    let wasCut = false;
    try {
      const address = new URL(`${url}${path}`);
      const reply = await agent.request({
        origin: address.origin,
        path: `${address.pathname}${address.search}`,
        method: body === undefined ? "GET" : "POST",
        headers: {
          accept: onEvent === null ? "application/json, text/plain;version=0.0.4, */*" : "text/event-stream",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...keyHeaders(path),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: stop.signal,
      });
      head = headOf(reply);
      const decoder = new TextDecoder();
      let isWanted = true;
      const reader =
        onEvent !== null && head.contentType.startsWith("text/event-stream")
          ? new SseReader((data, event) => {
              if (isWanted) isWanted = onEvent(redact(data), event) !== false;
            })
          : null;
      for await (const chunk of reply.body as AsyncIterable<Buffer>) {
        const piece = decoder.decode(chunk, { stream: true });
        if (reader === null) text += piece;
        else reader.add(piece);
        if (!isWanted) break;
        if (text.length > MOST_BYTES) throw new Error(`the answer is longer than ${MOST_BYTES} bytes`);
      }
      wasCut = isWanted && reader?.hasOpenEvent === true;
      text = redact(text);
      return { ...head, text, json: jsonOf(text), problem: null, wasCut };
    } catch (error) {
      const reason = stop.signal.aborted ? stop.signal.reason : error;
      return {
        ...head,
        text: redact(text),
        json: undefined,
        problem: redact(problemOf(reason)),
        wasCut: true,
      };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  return {
    url,
    ask: (path, options = {}) => send(path, options, null),
    stream: (path, { onEvent, ...options }) => send(path, options, onEvent),
    close: () => agent.destroy(),
  };
}

function headOf({ statusCode, headers }: Dispatcher.ResponseData) {
  const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);
  return {
    status: statusCode,
    contentType: first(headers["content-type"])?.toLowerCase() ?? "",
    server: first(headers.server) ?? null,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** In words; the code of a socket says more than its message. */
function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return "failed for no stated reason";
  const code = (error as { code?: unknown }).code;
  if (typeof code !== "string") return error.message === "" ? error.name : error.message;
  if (code === "ECONNREFUSED") return "nothing listens there (ECONNREFUSED)";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `the name is not known (${code})`;
  if (code === "UND_ERR_SOCKET" || code === "ECONNRESET") return `the connection was cut (${code})`;
  return code;
}
