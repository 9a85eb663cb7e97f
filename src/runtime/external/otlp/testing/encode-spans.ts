import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** An attribute value, by the name of its field in `AnyValue`. */
export type TestValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: bigint }
  | { readonly doubleValue: number }
  | { readonly bytesValue: Uint8Array }
  | { readonly arrayValue: readonly TestValue[] }
  | { readonly kvlistValue: TestAttributes };

type TestAttributes = readonly (readonly [key: string, value: TestValue])[];

export interface TestSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: TestAttributes;
  readonly events: readonly {
    readonly name: string;
    readonly time: bigint;
    readonly attributes: TestAttributes;
  }[];
  readonly status: { readonly code: number; readonly message: string };
}

/** Writes an export in OTLP/JSON. */
export function encodeJson(spans: readonly TestSpan[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [] },
        scopeSpans: [{ scope: { name: "test" }, spans: spans.map(jsonSpan), unknownField: 1 }],
      },
    ],
  });
}

function jsonSpan({ start, end, attributes, events, ...span }: TestSpan) {
  return {
    ...span,
    kind: 3,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(end),
    attributes: jsonAttributes(attributes),
    events: events.map(({ name, time, attributes: own }) => ({
      name,
      timeUnixNano: String(time),
      attributes: jsonAttributes(own),
    })),
  };
}

function jsonAttributes(attributes: TestAttributes) {
  return attributes.map(([key, value]) => ({ key, value: jsonValue(value) }));
}

function jsonValue(value: TestValue): object {
  if ("intValue" in value) return { intValue: String(value.intValue) };
  if ("doubleValue" in value) {
    const { doubleValue } = value;
    return { doubleValue: Number.isFinite(doubleValue) ? doubleValue : String(doubleValue) };
  }
  if ("bytesValue" in value) return { bytesValue: Buffer.from(value.bytesValue).toString("base64") };
  if ("arrayValue" in value) return { arrayValue: { values: value.arrayValue.map(jsonValue) } };
  if ("kvlistValue" in value) return { kvlistValue: { values: jsonAttributes(value.kvlistValue) } };
  return value;
}

/** Writes an export in protobuf, with fields that a reader does not know. */
export function encodeProtobuf(spans: readonly TestSpan[]): Uint8Array {
  const writer = new BinaryWriter();
  within(writer, 1, () => {
    within(writer, 1, () => {});
    within(writer, 2, () => {
      within(writer, 1, () => text(writer, 1, "test"));
      for (const span of spans) within(writer, 2, () => protobufSpan(writer, span));
      text(writer, 3, "https://opentelemetry.io/schemas/1.42.0");
    });
  });
  within(writer, 99, () => text(writer, 1, "of a later version"));
  return writer.finish();
}

function within(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function protobufSpan(writer: BinaryWriter, span: TestSpan): void {
  writer.tag(1, WireType.LengthDelimited).bytes(Buffer.from(span.traceId, "hex"));
  writer.tag(2, WireType.LengthDelimited).bytes(Buffer.from(span.spanId, "hex"));
  text(writer, 3, "vendor=state");
  writer.tag(4, WireType.LengthDelimited).bytes(Buffer.from(span.parentSpanId, "hex"));
  text(writer, 5, span.name);
  writer.tag(6, WireType.Varint).int32(3);
  writer.tag(7, WireType.Bit64).fixed64(span.start);
  writer.tag(8, WireType.Bit64).fixed64(span.end);
  protobufAttributes(writer, 9, span.attributes);
  for (const event of span.events) {
    within(writer, 11, () => {
      writer.tag(1, WireType.Bit64).fixed64(event.time);
      text(writer, 2, event.name);
      protobufAttributes(writer, 3, event.attributes);
    });
  }
  within(writer, 15, () => {
    text(writer, 2, span.status.message);
    writer.tag(3, WireType.Varint).int32(span.status.code);
  });
  writer.tag(16, WireType.Bit32).fixed32(257);
}

function protobufAttributes(writer: BinaryWriter, field: number, attributes: TestAttributes): void {
  for (const [key, value] of attributes) {
    within(writer, field, () => {
      text(writer, 1, key);
      within(writer, 2, () => protobufValue(writer, value));
    });
  }
}

function protobufValue(writer: BinaryWriter, value: TestValue): void {
  if ("stringValue" in value) text(writer, 1, value.stringValue);
  else if ("boolValue" in value) writer.tag(2, WireType.Varint).bool(value.boolValue);
  else if ("intValue" in value) writer.tag(3, WireType.Varint).int64(value.intValue);
  else if ("doubleValue" in value) writer.tag(4, WireType.Bit64).double(value.doubleValue);
  else if ("arrayValue" in value) {
    within(writer, 5, () => {
      for (const one of value.arrayValue) within(writer, 1, () => protobufValue(writer, one));
    });
  } else if ("kvlistValue" in value) {
    within(writer, 6, () => protobufAttributes(writer, 1, value.kvlistValue));
  } else writer.tag(7, WireType.LengthDelimited).bytes(value.bytesValue);
}
