import { boundedJson } from "../../core/bounded-json.js";
import type { LiveEvent, LiveEventType } from "../../core/live-event.js";

/** What a line of an event log is. */
export type EventLine =
  | { readonly is: "event"; readonly event: LiveEvent; readonly at: number }
  /** Of a type that says nothing of a release: of the runtime, or of a newer agentctl. */
  | { readonly is: "other" }
  | { readonly is: "broken" };

const OTHER: EventLine = { is: "other" };
const BROKEN: EventLine = { is: "broken" };
const MOST_ID_CHARACTERS = 1024;

type Fields = { readonly [key: string]: unknown };
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string" && value.length <= MOST_ID_CHARACTERS;
const isFlag: Check = (value) => typeof value === "boolean";
/** Beyond it, sums and dates stop being numbers: 11 days in milliseconds, more than any price or score. */
const MOST_AMOUNT = 1e9;
const isNumber: Check = (value) => typeof value === "number" && Math.abs(value) <= MOST_AMOUNT;
const isTime: Check = (value) => isNumber(value) && (value as number) >= 0;
const isOneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.includes(value as string);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || value === null || check(value);

const isUsage: Check = (value) => {
  if (typeof value !== "object") return false;
  const { inputTokens, outputTokens } = value as Fields;
  return isTime(inputTokens) && isTime(outputTokens);
};

/** What the fold reads of each type; other fields may be missing from logs that a proxy wrote. */
const PAYLOADS: { readonly [Type in LiveEventType]: { readonly [field: string]: Check } } = {
  request_served: {
    service: isText,
    arm: isOneOf("stable", "canary"),
    release: orAbsent(isText),
    bps: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 10_000,
    route: isOneOf("bucket", "no-id", "override", "fallback", "shadow", "probe"),
    key: orNull(isText),
    ok: isFlag,
    latencyMs: isTime,
    firstTokenMs: orAbsent(isTime),
    costUsd: orAbsent(isTime),
    usage: orAbsent(isUsage),
    finishReason: orAbsent(isText),
  },
  feedback: { kind: isOneOf("thumb", "resolution", "handoff"), value: isFlag },
  safety_violation: { rule: isText, severity: isOneOf("critical", "soft"), verified: isFlag },
  conversation_scored: { metric: isText, value: isNumber },
};

/** Reads a line of live events that anybody may have written. */
export function readEventLine(line: string): EventLine {
  const event = boundedJson(line);
  if (typeof event !== "object" || event === null || Array.isArray(event)) return BROKEN;
  const { event_type, event_id, timestamp, conversation_id, tenant_id, payload } = event as Fields;
  if (typeof event_type !== "string") return BROKEN;
  if (!Object.hasOwn(PAYLOADS, event_type)) return OTHER;
  const at = typeof timestamp === "string" ? Date.parse(timestamp) : Number.NaN;
  if (!isText(event_id) || !isText(conversation_id) || !isText(tenant_id) || Number.isNaN(at)) return BROKEN;
  if (typeof payload !== "object" || payload === null) return BROKEN;
  for (const [field, check] of Object.entries(PAYLOADS[event_type as LiveEventType])) {
    if (!check((payload as Fields)[field])) return BROKEN;
  }
  return { is: "event", event: event as unknown as LiveEvent, at };
}
