import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonSpans } from "./json-spans.js";
import { protobufSpans } from "./protobuf-spans.js";
import { MalformedExport } from "./span.js";
import { encodeJson, encodeProtobuf, type TestSpan, type TestValue } from "./testing/encode-spans.js";

const fixture = (name: string) => readFileSync(new URL(`./__fixtures__/${name}`, import.meta.url));

const { value } = fc.letrec<{ value: TestValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.string({ unit: "grapheme" }).map((stringValue) => ({ stringValue })),
    fc.boolean().map((boolValue) => ({ boolValue })),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((intValue) => ({ intValue })),
    fc.double().map((doubleValue) => ({ doubleValue })),
    fc.uint8Array().map((bytesValue) => ({ bytesValue })),
    fc.array(tie("value"), { maxLength: 3 }).map((arrayValue) => ({ arrayValue })),
    fc
      .array(fc.tuple(fc.string({ unit: "grapheme" }), tie("value")), { maxLength: 3 })
      .map((kvlistValue) => ({ kvlistValue })),
  ),
}));
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((id) => Buffer.from(id).toString("hex"));
const nano = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const name = fc.string({ unit: "grapheme" });
const attributes = fc.array(fc.tuple(name, value), { maxLength: 5 });
const span: fc.Arbitrary<TestSpan> = fc.record({
  traceId: fc.oneof({ weight: 9, arbitrary: hex(16) }, { weight: 1, arbitrary: hex(15) }),
  spanId: hex(8),
  parentSpanId: fc.oneof(hex(8), fc.constant("")),
  name,
  start: nano,
  end: nano,
  attributes,
  events: fc.array(fc.record({ name, time: nano, attributes }), { maxLength: 2 }),
  status: fc.record({ code: fc.integer({ min: 0, max: 2 }), message: name }),
});

describe("spans of an export", () => {
  it("are the same from JSON and from protobuf", () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 4 }), (spans) => {
        expect(protobufSpans(encodeProtobuf(spans))).toEqual(jsonSpans(encodeJson(spans)));
      }),
    );
  });

  // Written by @opentelemetry/otlp-transformer 0.301.1, as its exporters send them, of spans of sdk-trace-base 2.12.1.
  it("are read as the exporter of OpenTelemetry writes them", () => {
    const read = protobufSpans(fixture("agent.pb"));
    expect(read).toEqual(jsonSpans(fixture("agent.jsonl").toString()));
    expect(read.rejected).toEqual([]);
    expect(read.spans.map(({ name, parentSpanId, status }) => [name, parentSpanId, status.code])).toEqual([
      ["chat gpt-4o", "aaaaaaaaaaaaaaa1", "unset"],
      ["execute_tool find_order", "aaaaaaaaaaaaaaa1", "unset"],
      ["execute_tool refund", "aaaaaaaaaaaaaaa1", "error"],
      ["chat gpt-4o", "aaaaaaaaaaaaaaa1", "unset"],
      ["invoke_agent support", null, "ok"],
    ]);
    const root = read.spans[4];
    expect(root?.endNano).toBe(1764000000910000123n);
    expect(Object.fromEntries(root?.attributes ?? [])).toEqual({
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "support",
      big: 9007199254740991,
      negative: -5,
      pi: 3.25,
      yes: true,
      list: ["a", "b"],
      numbers: [1, 2, 3],
    });
    const [exception] = read.spans[2]?.events ?? [];
    expect(exception?.name).toBe("exception");
    expect(exception?.attributes.get("exception.message")).toBe("no such payment");
  });

  it("keep whole numbers exact, and say what JSON cannot hold in words", () => {
    const values: readonly TestValue[] = [
      { intValue: 9007199254740993n },
      { doubleValue: Number.NaN },
      { doubleValue: Number.NEGATIVE_INFINITY },
    ];
    const one = { ...BARE, attributes: values.map((value, index) => [String(index), value] as const) };
    const [read] = protobufSpans(encodeProtobuf([one])).spans;
    expect([...(read?.attributes.values() ?? [])]).toEqual(["9007199254740993", "NaN", "-Infinity"]);
  });

  it("are left out one by one where their ids are not valid", () => {
    const spans = [BARE, { ...BARE, traceId: "0".repeat(32) }, { ...BARE, spanId: "ab" }];
    const read = protobufSpans(encodeProtobuf(spans));
    expect([read.spans.length, read.rejected.length]).toEqual([1, 2]);
    expect(read).toEqual(jsonSpans(encodeJson(spans)));
  });

  it("are no spans when the text is no export, and nothing of it is quoted", () => {
    const private_ = "4111 1111 1111 1111";
    const broken = [
      private_,
      JSON.stringify([private_]),
      JSON.stringify({ resourceSpans: private_ }),
      JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: [private_] }] }] }] }),
      JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ startTimeUnixNano: private_ }] }] }] }),
    ];
    for (const text of broken) {
      expect(() => jsonSpans(text)).toThrow(MalformedExport);
      expect(() => jsonSpans(text)).not.toThrow(/4111/);
    }
  });

  it("never fail in another way, whatever the bytes are", () => {
    const whole = fixture("agent.pb");
    const read = (bytes: Uint8Array) => {
      try {
        protobufSpans(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedExport);
      }
    };
    for (let length = 0; length < whole.length; length += 7) read(whole.subarray(0, length));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const changed = Uint8Array.from(whole);
        changed[at] = byte;
        read(changed);
      }),
    );
  });

  it("are refused when a value is nested without an end", () => {
    let deep: TestValue = { boolValue: true };
    for (let depth = 0; depth < 100; depth += 1) deep = { arrayValue: [deep] };
    const spans = [{ ...BARE, attributes: [["deep", deep] as const] }];
    expect(() => protobufSpans(encodeProtobuf(spans))).toThrow(/nested deeper/);
    expect(() => jsonSpans(encodeJson(spans))).toThrow(/nested deeper/);
  });
});

const BARE: TestSpan = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "00f067aa0ba902b7",
  parentSpanId: "",
  name: "bare",
  start: 1n,
  end: 2n,
  attributes: [],
  events: [],
  status: { code: 0, message: "" },
};
