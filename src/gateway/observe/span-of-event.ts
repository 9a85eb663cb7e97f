import type { LiveEventOf } from "../../core/live-event.js";
import type { SpanFacts } from "../parts.js";
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
  /** Absent: the trace begins here. */
  readonly parentSpanId?: string;
  readonly traceState?: string;
  /** Bits of W3C, and those of OTLP that say whether the parent is of another process. */
  readonly flags: number;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code: number };
}

/** The gateway calls a model: it is the client of that. */
const KIND_CLIENT = 3;
const STATUS_UNSET = 0;
const STATUS_ERROR = 2;
const KNOWS_PARENT = 0x100;
const PARENT_IS_REMOTE = 0x200;

/**
 * The span of one request: when, which arm, how much, how it ended. No prompt and no answer.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function spanOf(event: LiveEventOf<"request_served">, facts: SpanFacts): OtlpSpan {
  const { operation, latencyMs, route } = event.payload;
  const { requestModel, context } = facts;
  const { spanId, parentSpanId, traceState } = context;
  const endMs = Date.parse(event.timestamp);
  const isRemote = parentSpanId !== null && route !== "shadow";
  return {
    traceId: event.trace_id,
    spanId,
    ...(parentSpanId === null ? {} : { parentSpanId }),
    ...(traceState === null ? {} : { traceState }),
    flags: context.flags | KNOWS_PARENT | (isRemote ? PARENT_IS_REMOTE : 0),
    name: nameOf(operation ?? null, requestModel),
    kind: KIND_CLIENT,
    startTimeUnixNano: nanoseconds(endMs - latencyMs),
    endTimeUnixNano: nanoseconds(endMs),
    attributes: attributesOf(event, facts),
    status: { code: errorOf(event) === null ? STATUS_UNSET : STATUS_ERROR },
  };
}

function nameOf(operation: string | null, model: string | null): string {
  if (operation === null) return "gateway request";
  return model === null ? operation : `${operation} ${model}`;
}

/**
 * What a span tells as its error; `null`: it ended well. Beside failures of an arm these are answers from 400 on, whoever is to
 * blame, as OpenTelemetry counts for clients. A fallback that worked and a client that went away are none.
 */
function errorOf({ payload }: LiveEventOf<"request_served">): string | null {
  const { ok, failure, status } = payload;
  return ok && status < 400 ? null : (failure ?? String(status));
}

/** A name and a value; what is not known is left out. */
function attributesOf(event: LiveEventOf<"request_served">, facts: SpanFacts): readonly Attribute[] {
  const { payload } = event;
  const { usage } = payload;
  return [
    ...texts({
      [GEN_AI.operationName]: payload.operation ?? null,
      [GEN_AI.providerName]: facts.provider,
      [GEN_AI.requestModel]: facts.requestModel,
      [GEN_AI.responseModel]: facts.responseModel,
      // A request that names no conversation is one of its own, by its trace.
      [GEN_AI.conversationId]: event.conversation_id === event.trace_id ? null : event.conversation_id,
      [SPAN.serverAddress]: facts.server?.address ?? null,
      [SPAN.errorType]: errorOf(event),
      [SPAN.failure]: payload.failure,
      [SPAN.arm]: payload.arm,
      [SPAN.release]: payload.release,
      [SPAN.route]: payload.route,
      [SPAN.tenant]: event.tenant_id,
    }),
    ...integers({
      [SPAN.serverPort]: facts.server?.port,
      [SPAN.statusCode]: payload.status === 0 ? null : payload.status,
      [GEN_AI.inputTokens]: usage?.inputTokens,
      [GEN_AI.outputTokens]: usage?.outputTokens,
      [GEN_AI.cacheReadTokens]: usage?.cachedInputTokens,
      [GEN_AI.cacheWriteTokens]: usage?.cacheWriteTokens,
      [GEN_AI.reasoningTokens]: usage?.reasoningTokens,
    }),
    ...numbers({
      [GEN_AI.timeToFirstChunk]:
        payload.streamed && payload.firstTokenMs !== null ? payload.firstTokenMs / 1000 : null,
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
