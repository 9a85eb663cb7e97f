import { randomUUID } from "node:crypto";
import type { CapturedExchange, CapturedMessage } from "../../core/captured-exchange.js";
import type { Clock } from "../../core/clock.js";
import { ALL_BPS, type Arm, bucketOf } from "../../core/traffic-split.js";
import { findPii } from "../../metrics/safety/pii-rules.js";
import { redactValue } from "../../models/secret-redactor.js";
import { EventFiles } from "../events/event-files.js";
import type { Wire } from "../proxy/api-routes.js";
import { jsonObject } from "../proxy/request-facts.js";
import { redactId } from "../redact-id.js";
import { requestMessages, wholeAnswer } from "./read-messages.js";
import { streamedAnswer } from "./read-stream.js";

/** Salt of the sample: whether a conversation is in it has nothing to do with its arm. */
const SALT = "capture";

/** One exchange as it went over the wire. */
export interface RawExchange {
  readonly wire: Wire;
  readonly conversationId: string;
  readonly tenantId: string;
  readonly traceId: string;
  readonly arm: Arm;
  readonly release: string | null;
  readonly model: string | null;
  readonly request: Buffer;
  readonly answer: Buffer;
  readonly isStream: boolean;
  readonly latencyMs: number;
}

interface CaptureOptions {
  readonly folder: string;
  /** Share of the conversations that are kept, percent. */
  readonly percent: number;
  /** Longest request and answer together, bytes; longer ones are not kept, and counted. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly onProblem: (error: Error) => void;
}

/** Keeps what was said in a sample of the conversations, whole conversations, redacted. */
export class CaptureLog {
  readonly maxBytes: number;
  readonly #files: EventFiles<CapturedExchange>;
  readonly #options: CaptureOptions;

  constructor(options: CaptureOptions) {
    this.#options = options;
    this.maxBytes = options.maxBytes;
    const { folder, clock, maxBytes, onProblem } = options;
    this.#files = new EventFiles({ folder, clock, maxLineBytes: 2 * maxBytes, onProblem });
  }

  /** Whether a conversation is in the sample: always or never, in every gateway alike. */
  wants(conversationId: string): boolean {
    return bucketOf(SALT, conversationId) < (this.#options.percent / 100) * ALL_BPS;
  }

  /** Never throws: an exchange that cannot be read is passed over. */
  add(raw: RawExchange): void {
    const exchange = readExchange(raw, this.#options.clock);
    if (exchange !== null) this.#files.emit(exchange);
  }

  lost(): number {
    return this.#files.lost();
  }

  close(): Promise<void> {
    return this.#files.close();
  }
}

/** `null` when it holds nothing that was said. */
export function readExchange(raw: RawExchange, clock: Clock): CapturedExchange | null {
  const { wire, answer: bytes, isStream } = raw;
  const body = jsonObject(raw.request);
  if (body === null) return null;
  const reply = isStream ? streamedAnswer(wire, bytes) : wholeAnswer(wire, jsonObject(bytes) ?? {});
  const messages = requestMessages(wire, body);
  if (reply === null || messages.length === 0) return null;
  return {
    capture_id: randomUUID(),
    timestamp: new Date(clock.now()).toISOString(),
    conversation_id: redactId(raw.conversationId),
    tenant_id: raw.tenantId,
    trace_id: raw.traceId,
    arm: raw.arm,
    release: raw.release,
    model: raw.model,
    messages: messages.map(redacted),
    answer: redacted(reply),
    answerHeld: [...new Set(findPii(allText(reply)).map(({ kind }) => kind))],
    latencyMs: raw.latencyMs,
  };
}

function redacted(message: CapturedMessage): CapturedMessage {
  return redactValue(message, blackOut) as CapturedMessage;
}

function blackOut(text: string): string {
  return findPii(text).reduce((kept, { kind, value }) => kept.replaceAll(value, `[redacted ${kind}]`), text);
}

function allText({ text, toolCalls }: CapturedMessage): string {
  return [text, ...toolCalls.map((call) => JSON.stringify(call.arguments))].join("\n");
}
