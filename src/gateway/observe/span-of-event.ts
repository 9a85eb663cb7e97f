import { createHash, randomBytes } from "node:crypto";
import type { LiveEventOf } from "../../core/live-event.js";
import { GEN_AI, SPAN } from "./gen-ai-names.js";

type Value =
  | { readonly stringValue: string }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly boolValue: boolean }
  | { readonly arrayValue: { readonly values: readonly Value[] } };

interface Attribute {
  readonly key: string;
  readonly value: Value;
}

/** A span as OTLP/HTTP writes it in JSON. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code: number };
}

const KIND_CLIENT = 3;
const STATUS_UNSET = 0;
const STATUS_ERROR = 2;

/**
 * The span of one request: when, which arm, how much, how it ended. No prompt and no answer.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function spanOf(event: LiveEventOf<"request_served">): OtlpSpan {
  const { model, operation, ok, latencyMs } = event.payload;
  const verb = operation ?? "gateway";
  const endMs = Date.parse(event.timestamp);
  return {
    traceId: traceIdOf(event.trace_id),
    spanId: randomBytes(8).toString("hex"),
    name: model === null ? `${verb} request` : `${verb} ${model}`,
    kind: KIND_CLIENT,
    startTimeUnixNano: nanoseconds(endMs - latencyMs),
    endTimeUnixNano: nanoseconds(endMs),
    attributes: attributesOf(event),
    status: { code: ok ? STATUS_UNSET : STATUS_ERROR },
  };
}

/**
 * Whether a trace is in a sample. By its id: every process that samples so keeps the same traces.
 *
 * @param rate - share that is kept, 0 to 1
 */
export function isSampled(traceId: string, rate: number): boolean {
  return Number.parseInt(traceIdOf(traceId).slice(-8), 16) / 2 ** 32 < rate;
}

/** A name and a value; what is not known is left out. */
function attributesOf(event: LiveEventOf<"request_served">): readonly Attribute[] {
  const { payload } = event;
  const { usage } = payload;
  return [
    ...texts({
      [GEN_AI.operationName]: payload.operation ?? null,
      [GEN_AI.requestModel]: payload.model,
      // A request that names no conversation is one of its own, by its trace.
      [GEN_AI.conversationId]: event.conversation_id === event.trace_id ? null : event.conversation_id,
      [SPAN.errorType]: payload.failure,
      [SPAN.arm]: payload.arm,
      [SPAN.release]: payload.release,
      [SPAN.route]: payload.route,
      [SPAN.tenant]: event.tenant_id,
    }),
    ...integers({
      [SPAN.statusCode]: payload.status === 0 ? null : payload.status,
      [GEN_AI.inputTokens]: usage?.inputTokens,
      [GEN_AI.outputTokens]: usage?.outputTokens,
      [GEN_AI.cacheReadTokens]: usage?.cachedInputTokens,
    }),
    ...numbers({
      [GEN_AI.timeToFirstChunk]: payload.firstTokenMs === null ? null : payload.firstTokenMs / 1000,
      [SPAN.costUsd]: payload.costUsd,
    }),
    { key: SPAN.streamed, value: { boolValue: payload.streamed } },
    ...finishReasons(payload.finishReason),
  ];
}

function texts(values: Readonly<Record<string, string | null>>): readonly Attribute[] {
  return Object.entries(values).flatMap(([key, text]) =>
    text === null || text === "" ? [] : [{ key, value: { stringValue: text } }],
  );
}

/** OTLP writes 64-bit integers as text in JSON. */
function integers(values: Readonly<Record<string, number | null | undefined>>): readonly Attribute[] {
  return Object.entries(values).flatMap(([key, count]) =>
    typeof count === "number" ? [{ key, value: { intValue: String(Math.round(count)) } }] : [],
  );
}

function numbers(values: Readonly<Record<string, number | null>>): readonly Attribute[] {
  return Object.entries(values).flatMap(([key, amount]) =>
    amount === null ? [] : [{ key, value: { doubleValue: amount } }],
  );
}

function finishReasons(reason: string | null): readonly Attribute[] {
  if (reason === null) return [];
  return [{ key: GEN_AI.finishReasons, value: { arrayValue: { values: [{ stringValue: reason }] } } }];
}

function nanoseconds(ms: number): string {
  const whole = Math.floor(ms);
  return String(BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1_000_000)));
}

/** OTLP wants 32 hex digits; an id of another form stays the same for the same trace. */
function traceIdOf(id: string): string {
  return /^[0-9a-f]{32}$/.test(id) ? id : createHash("sha256").update(id).digest("hex").slice(0, 32);
}
