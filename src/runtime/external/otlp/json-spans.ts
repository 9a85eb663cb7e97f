import type { Json } from "../../../core/hash.js";
import {
  doubleValue,
  integerValue,
  MAX_VALUE_DEPTH,
  MalformedExport,
  type RawSpan,
  type SpanBatch,
  type SpanEvent,
  spanBatch,
} from "./span.js";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads an `ExportTraceServiceRequest` in OTLP/JSON: ids in hexadecimal of either case, 64-bit integers as decimal text
 * or as numbers, enumerations as integers. Unknown fields are skipped; `null` is as good as absent.
 *
 * @throws {MalformedExport} when the text is no JSON, or a known field has a value of another type
 */
export function jsonSpans(text: string): SpanBatch {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new MalformedExport("the body is not valid JSON", { cause });
  }
  return spansOfJson(parsed);
}

function spansOfJson(parsed: unknown): SpanBatch {
  const request = fieldsOf(parsed, "the body");
  const raw = listOf(request.resourceSpans, "resourceSpans").flatMap((resourceSpans) =>
    listOf(fieldsOf(resourceSpans, "resourceSpans").scopeSpans, "scopeSpans").flatMap((scopeSpans) =>
      listOf(fieldsOf(scopeSpans, "scopeSpans").spans, "spans").map((span) =>
        readSpan(fieldsOf(span, "a span")),
      ),
    ),
  );
  return spanBatch(raw);
}

function readSpan(span: Fields): RawSpan {
  const status = span.status == null ? {} : fieldsOf(span.status, "status");
  return {
    traceId: textOf(span.traceId, "traceId").toLowerCase(),
    spanId: textOf(span.spanId, "spanId").toLowerCase(),
    parentSpanId: textOf(span.parentSpanId, "parentSpanId").toLowerCase(),
    name: textOf(span.name, "name"),
    startNano: integerOf(span.startTimeUnixNano, "startTimeUnixNano"),
    endNano: integerOf(span.endTimeUnixNano, "endTimeUnixNano"),
    attributes: attributesOf(span.attributes, 0),
    events: listOf(span.events, "events").map((event) => readEvent(fieldsOf(event, "an event"))),
    statusCode: Number(integerOf(status.code, "status.code")),
    statusMessage: textOf(status.message, "status.message"),
  };
}

function readEvent(event: Fields): SpanEvent {
  return {
    name: textOf(event.name, "the name of an event"),
    timeNano: integerOf(event.timeUnixNano, "timeUnixNano"),
    attributes: attributesOf(event.attributes, 0),
  };
}

function attributesOf(found: unknown, depth: number): ReadonlyMap<string, Json> {
  return new Map(
    listOf(found, "attributes").map((one) => {
      const { key, value } = fieldsOf(one, "an attribute");
      return [textOf(key, "the key of an attribute"), anyValue(value, depth)];
    }),
  );
}

function anyValue(found: unknown, depth: number): Json {
  if (depth > MAX_VALUE_DEPTH) throw new MalformedExport(`a value is nested deeper than ${MAX_VALUE_DEPTH}`);
  if (found == null) return null;
  const value = fieldsOf(found, "the value of an attribute");
  if (value.stringValue != null) return textOf(value.stringValue, "stringValue");
  if (value.boolValue != null) {
    if (typeof value.boolValue === "boolean") return value.boolValue;
    throw wrongType("boolValue", "true or false", value.boolValue);
  }
  if (value.intValue != null) return integerValue(integerOf(value.intValue, "intValue"));
  if (value.doubleValue != null) return doubleValue(doubleOf(value.doubleValue));
  if (value.bytesValue != null) return textOf(value.bytesValue, "bytesValue");
  if (value.arrayValue != null) {
    const { values } = fieldsOf(value.arrayValue, "arrayValue");
    return listOf(values, "values").map((one) => anyValue(one, depth + 1));
  }
  if (value.kvlistValue != null) {
    const { values } = fieldsOf(value.kvlistValue, "kvlistValue");
    return Object.fromEntries(attributesOf(values, depth + 1));
  }
  return null;
}

function integerOf(found: unknown, field: string): bigint {
  if (found == null) return 0n;
  if (typeof found === "number" && Number.isInteger(found)) return BigInt(found);
  if (typeof found === "string" && /^-?\d{1,20}$/.test(found)) return BigInt(found);
  throw wrongType(field, "an integer or its decimal digits", found);
}

function doubleOf(found: unknown): number {
  if (typeof found === "number") return found;
  if (typeof found === "string" && found.trim() !== "") {
    const number = Number(found);
    if (!Number.isNaN(number) || found === "NaN") return number;
  }
  throw wrongType("doubleValue", "a number", found);
}

function textOf(found: unknown, field: string): string {
  if (found == null) return "";
  if (typeof found === "string") return found;
  throw wrongType(field, "text", found);
}

function listOf(found: unknown, field: string): readonly unknown[] {
  if (found == null) return [];
  if (Array.isArray(found)) return found;
  throw wrongType(field, "a list", found);
}

function fieldsOf(found: unknown, field: string): Fields {
  if (typeof found === "object" && found !== null && !Array.isArray(found)) return found as Fields;
  throw wrongType(field, "an object", found);
}

/** Says the type alone: what stands in a span may be private. */
function wrongType(field: string, wanted: string, found: unknown): MalformedExport {
  const type = found === null ? "null" : Array.isArray(found) ? "a list" : typeof found;
  return new MalformedExport(`expected ${wanted} as ${field}, found ${type}`);
}
