import { randomUUID } from "node:crypto";
import type { HttpConfig } from "../../../config/agent/external/http-schema.js";
import { ProviderError } from "../../../core/errors.js";
import type { Json } from "../../../core/hash.js";
import { codeOfStatus, isRetryableCode } from "../../../models/provider-error.js";
import { retryDelayMs, sleepFor } from "../../../models/retry.js";
import { retryAfterMs } from "../../../models/retry-after.js";
import type { AgentErrors } from "../agent-errors.js";
import type {
  ExchangeOptions,
  ExternalConversation,
  ExternalMessage,
  ExternalReply,
  ExternalSession,
} from "../external-agent.js";
import type { Dialect, FinishedReply } from "./dialect.js";
import type { TemplateValues } from "./fill-template.js";
import { type HttpHead, type HttpTimeouts, sendHttp } from "./send-http.js";
import { StreamEvents } from "./stream-events.js";

/** Where and how requests go; the same for all conversations. */
export interface HttpTarget {
  readonly url: URL;
  readonly method: string;
  readonly headers: { readonly [name: string]: string };
  readonly timeouts: HttpTimeouts;
  readonly maxBytes: number;
  readonly retry: HttpConfig["retry"];
  /** Whether the server names the session; otherwise we do. */
  readonly serverNamesSession: boolean;
  readonly errors: AgentErrors;
  readonly random: () => number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const MOST_REDIRECTS = 3;

/** A conversation over HTTP: a request for each exchange, over a connection of its own. */
export class HttpSession implements ExternalSession {
  private sessionId: string | null;
  private readonly closing = new AbortController();

  constructor(
    private readonly target: HttpTarget,
    private readonly dialect: Dialect,
    private readonly conversation: ExternalConversation,
  ) {
    const { note } = conversation;
    this.sessionId = typeof note === "string" ? note : null;
    if (this.sessionId === null && !target.serverNamesSession) this.keep(randomUUID());
  }

  async exchange(said: ExternalMessage, options: ExchangeOptions): Promise<ExternalReply> {
    const body = JSON.stringify(this.dialect.requestBody(said, this.valuesOf(said)));
    const signal = AbortSignal.any([options.signal, this.closing.signal]);
    const { retry, random, errors } = this.target;
    for (let attempt = 1; ; attempt += 1) {
      let hasSpoken = false;
      const onText = (piece: string) => {
        hasSpoken ||= piece !== "";
        options.onText(piece);
      };
      try {
        const { reply, sessionId } = await this.ask(body, said.traceparent, signal, onText);
        if (sessionId !== null && sessionId !== this.sessionId) this.keep(sessionId);
        return reply;
      } catch (error) {
        const isPassing = error instanceof ProviderError && error.isRetryable;
        if (!isPassing || hasSpoken || retry === undefined || attempt > retry.max) throw error;
        const waitMs = retryDelayMs(attempt, error.retryAfterMs, {
          random,
          maxRetryAfterMs: retry.max_wait_ms,
        });
        options.onRetry({ attempt, error, waitMs });
        await sleepFor(waitMs, signal);
        if (signal.aborted) throw errors.aborted();
      }
    }
  }

  close(): Promise<void> {
    this.closing.abort();
    return Promise.resolve();
  }

  private keep(sessionId: string): void {
    this.sessionId = sessionId;
    this.conversation.setNote(sessionId);
  }

  private valuesOf({ text, messages }: ExternalMessage): TemplateValues {
    const { conversationId, caseId, trial, identity } = this.conversation;
    return {
      message: text,
      messages: messages.flatMap(({ role, content }): Json[] =>
        role === "tool" || content === null ? [] : [{ role, content }],
      ),
      session_id: this.sessionId,
      conversation_id: conversationId,
      case_id: caseId,
      trial,
      tenant: identity.tenantId,
      user: identity.userId,
    };
  }

  private async ask(
    body: string,
    traceparent: string | undefined,
    signal: AbortSignal,
    onText: (piece: string) => void,
  ): Promise<FinishedReply> {
    const { errors } = this.target;
    const { stream } = this.dialect;
    const builder = this.dialect.begin();
    // Broken characters would stand in an answer as if the agent had written them.
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const decode = (piece?: Uint8Array) => {
      try {
        return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
      } catch {
        throw errors.badReply("sent what is not UTF-8", "Make it answer in UTF-8.");
      }
    };
    const events = stream === null ? null : new StreamEvents(stream, (data) => onText(builder.add(data)));
    const texts: string[] = [];
    const take = (text: string) => (events === null ? void texts.push(text) : events.add(text));
    await this.send(body, traceparent, signal, (piece) => take(decode(piece)));
    take(decode());
    if (events === null) onText(builder.add(texts.join("")));
    else events.end();
    return builder.finish();
  }

  private async send(
    body: string,
    traceparent: string | undefined,
    signal: AbortSignal,
    onData: (piece: Uint8Array) => void,
  ): Promise<void> {
    const { method, timeouts, maxBytes, errors, headers } = this.target;
    let { url } = this.target;
    for (let redirects = 0; ; redirects += 1) {
      const sent = {
        method,
        url,
        headers: {
          accept: this.dialect.stream === "sse" ? "text/event-stream" : "application/json",
          "accept-encoding": "identity",
          "content-type": "application/json",
          "user-agent": "agentctl",
          ...headers,
          ...(traceparent === undefined ? {} : { traceparent }),
        },
        body,
        timeouts,
        maxBytes,
        signal,
        errors,
      };
      const head = await sendHttp(sent, onData);
      if (head.status >= 200 && head.status < 300) return;
      const next = redirects < MOST_REDIRECTS ? sameOrigin(head, url) : null;
      if (next === null) throw this.refused(head);
      url = next;
    }
  }

  private refused({ status, header }: HttpHead): ProviderError {
    const { errors, now } = this.target;
    if (status >= 300 && status < 400) {
      return errors.error("PROVIDER_REJECTED", `answered HTTP ${status}, a redirect that is not followed`, {
        status,
        nextStep:
          "Write the final address into `url`: a redirect to another origin would take the headers there.",
      });
    }
    const code = codeOfStatus(status);
    const wait = retryAfterMs(header, now());
    const nextStep =
      code === "PROVIDER_AUTH"
        ? "Check `headers` of the agent file and the variables that they name."
        : code === "PROVIDER_REJECTED"
          ? "Check `url`, `method` and `request` of the agent file."
          : "See the agent's own log.";
    return errors.error(code, `answered HTTP ${status}`, {
      status,
      nextStep,
      isRetryable: isRetryableCode(code),
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
    });
  }
}

/** Where a redirect that keeps method and body leads, when that is the same origin. */
function sameOrigin({ status, header }: HttpHead, from: URL): URL | null {
  const location = header("location");
  if ((status !== 307 && status !== 308) || location === undefined || !URL.canParse(location, from.href))
    return null;
  const to = new URL(location, from);
  return to.origin === from.origin && to.username === "" && to.password === "" ? to : null;
}
