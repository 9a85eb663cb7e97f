import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
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

/**
 * Reads an `ExportTraceServiceRequest` in protobuf. Field numbers are those of opentelemetry-proto 1.x; unknown
 * fields are skipped, of a field that stands twice the last value counts.
 *
 * @throws {MalformedExport} when the bytes are no such message
 */
export function protobufSpans(bytes: Uint8Array): SpanBatch {
  const spans: RawSpan[] = [];
  try {
    readFields(bytes, (tag, request) => {
      if (tag !== lengthed(1)) return false;
      readFields(request.bytes(), (inResource, resourceSpans) => {
        if (inResource !== lengthed(2)) return false;
        readFields(resourceSpans.bytes(), (inScope, scopeSpans) => {
          if (inScope !== lengthed(2)) return false;
          spans.push(readSpan(scopeSpans.bytes()));
          return true;
        });
        return true;
      });
      return true;
    });
  } catch (error) {
    if (error instanceof MalformedExport) throw error;
    throw new MalformedExport(`not a protobuf ExportTraceServiceRequest: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  return spanBatch(spans);
}

/**
 * Calls `read` for each field; it says whether it has read the value, which is skipped otherwise. A field is named by
 * number and wire type together, so that a known number with another type is skipped as unknown fields are.
 */
function readFields(bytes: Uint8Array, read: (tag: number, reader: BinaryReader) => boolean): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (!read((field << 3) | type, reader)) reader.skip(type, field);
  }
}

const varint = (field: number) => (field << 3) | WireType.Varint;
const fixed64 = (field: number) => (field << 3) | WireType.Bit64;
const lengthed = (field: number) => (field << 3) | WireType.LengthDelimited;

function readSpan(bytes: Uint8Array): RawSpan {
  const span = {
    traceId: "",
    spanId: "",
    parentSpanId: "",
    name: "",
    startNano: 0n,
    endNano: 0n,
    statusCode: 0,
    statusMessage: "",
  };
  const attributes = new Map<string, Json>();
  const events: SpanEvent[] = [];
  readFields(bytes, (tag, reader) => {
    if (tag === lengthed(1)) span.traceId = hex(reader.bytes());
    else if (tag === lengthed(2)) span.spanId = hex(reader.bytes());
    else if (tag === lengthed(4)) span.parentSpanId = hex(reader.bytes());
    else if (tag === lengthed(5)) span.name = reader.string();
    else if (tag === fixed64(7)) span.startNano = BigInt(reader.fixed64());
    else if (tag === fixed64(8)) span.endNano = BigInt(reader.fixed64());
    else if (tag === lengthed(9)) readAttribute(reader.bytes(), attributes, 0);
    else if (tag === lengthed(11)) events.push(readEvent(reader.bytes()));
    else if (tag === lengthed(15)) {
      readFields(reader.bytes(), (inStatus, status) => {
        if (inStatus === lengthed(2)) span.statusMessage = status.string();
        else if (inStatus === varint(3)) span.statusCode = status.int32();
        else return false;
        return true;
      });
    } else return false;
    return true;
  });
  return { ...span, attributes, events };
}

function readEvent(bytes: Uint8Array): SpanEvent {
  const event = { name: "", timeNano: 0n };
  const attributes = new Map<string, Json>();
  readFields(bytes, (tag, reader) => {
    if (tag === fixed64(1)) event.timeNano = BigInt(reader.fixed64());
    else if (tag === lengthed(2)) event.name = reader.string();
    else if (tag === lengthed(3)) readAttribute(reader.bytes(), attributes, 0);
    else return false;
    return true;
  });
  return { ...event, attributes };
}

function readAttribute(bytes: Uint8Array, into: Map<string, Json>, depth: number): void {
  let key = "";
  let value: Json = null;
  readFields(bytes, (tag, reader) => {
    if (tag === lengthed(1)) key = reader.string();
    else if (tag === lengthed(2)) value = readValue(reader.bytes(), depth);
    else return false;
    return true;
  });
  into.set(key, value);
}

function readValue(bytes: Uint8Array, depth: number): Json {
  if (depth > MAX_VALUE_DEPTH) throw new MalformedExport(`a value is nested deeper than ${MAX_VALUE_DEPTH}`);
  let value: Json = null;
  readFields(bytes, (tag, reader) => {
    if (tag === lengthed(1)) value = reader.string();
    else if (tag === varint(2)) value = reader.bool();
    else if (tag === varint(3)) value = integerValue(BigInt(reader.int64()));
    else if (tag === fixed64(4)) value = doubleValue(reader.double());
    else if (tag === lengthed(5)) value = readList(reader.bytes(), depth + 1);
    else if (tag === lengthed(6)) value = readMap(reader.bytes(), depth + 1);
    else if (tag === lengthed(7)) value = Buffer.from(reader.bytes()).toString("base64");
    else return false;
    return true;
  });
  return value;
}

function readList(bytes: Uint8Array, depth: number): Json {
  const values: Json[] = [];
  readFields(bytes, (tag, reader) => {
    if (tag !== lengthed(1)) return false;
    values.push(readValue(reader.bytes(), depth));
    return true;
  });
  return values;
}

function readMap(bytes: Uint8Array, depth: number): Json {
  const entries = new Map<string, Json>();
  readFields(bytes, (tag, reader) => {
    if (tag !== lengthed(1)) return false;
    readAttribute(reader.bytes(), entries, depth);
    return true;
  });
  return Object.fromEntries(entries);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
