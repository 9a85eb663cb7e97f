import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OtlpReceiver, startReceiver } from "./receiver.js";
import type { Span } from "./span.js";
import { encodeJson, encodeProtobuf, type TestSpan } from "./testing/encode-spans.js";

const MAX_BYTES = 20_000;
const JSON_TYPE = "application/json; charset=utf-8";
const PROTOBUF_TYPE = "application/x-protobuf";

const SPAN: TestSpan = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "00f067aa0ba902b7",
  parentSpanId: "",
  name: "chat",
  start: 1n,
  end: 2n,
  attributes: [],
  events: [],
  status: { code: 0, message: "" },
};

let receiver: OtlpReceiver;
const received: Span[] = [];

beforeAll(async () => {
  receiver = await startReceiver({
    host: "127.0.0.1",
    port: 0,
    maxBytes: MAX_BYTES,
    onSpans: (spans) => {
      received.push(...spans);
      return spans.filter(({ name }) => name === "late").map(() => "the trace was read already");
    },
  });
});
afterAll(() => receiver.close());

function send(body: string | Uint8Array, type: string, headers: { readonly [name: string]: string } = {}) {
  const url = `${receiver.endpoint}/v1/traces`;
  return fetch(url, {
    method: "POST",
    body: Buffer.from(body),
    headers: { "content-type": type, ...headers },
  });
}

describe("the receiver of traces", () => {
  it("takes both encodings, plain and packed, and answers in the same", async () => {
    received.length = 0;
    const json = encodeJson([SPAN]);
    const protobuf = encodeProtobuf([SPAN]);
    const packed = { "content-encoding": "gzip" };
    for (const [body, type, headers] of [
      [json, JSON_TYPE, {}],
      [gzipSync(json), JSON_TYPE, packed],
      [protobuf, PROTOBUF_TYPE, {}],
      [gzipSync(protobuf), PROTOBUF_TYPE, packed],
    ] as const) {
      const response = await send(body, type, headers);
      expect([response.status, response.headers.get("content-type")]).toEqual([200, type.split(";")[0]]);
      expect(await response.text()).toBe(type === JSON_TYPE ? "{}" : "");
    }
    expect(received.map(({ name }) => name)).toEqual(["chat", "chat", "chat", "chat"]);
  });

  it("says how many spans it left out, and why", async () => {
    const spans = [SPAN, { ...SPAN, name: "late" }, { ...SPAN, traceId: "" }];
    const errorMessage =
      "a span has no valid trace id, which is 16 bytes that are not all zero; the trace was read already";
    const json = await (await send(encodeJson(spans), JSON_TYPE)).json();
    expect(json).toEqual({ partialSuccess: { rejectedSpans: "2", errorMessage } });
    const bytes = new Uint8Array(await (await send(encodeProtobuf(spans), PROTOBUF_TYPE)).arrayBuffer());
    const response = new BinaryReader(bytes);
    expect(response.tag()[0]).toBe(1);
    const partial = new BinaryReader(response.bytes());
    expect([partial.tag()[0], Number(partial.int64()), partial.tag()[0], partial.string()]).toEqual([
      1,
      2,
      2,
      errorMessage,
    ]);
  });

  it("refuses what it cannot read with a status that exporters do not send again", async () => {
    const big = "x".repeat(MAX_BYTES + 1);
    const bomb = gzipSync("0".repeat(50_000_000));
    const packed = { "content-encoding": "gzip" };
    const status = async (response: Promise<Response>) => (await response).status;
    expect(await status(send("{", JSON_TYPE))).toBe(400);
    expect(await status(send(Buffer.from([0x0a, 0xff]), PROTOBUF_TYPE))).toBe(400);
    expect(await status(send("not gzip", JSON_TYPE, packed))).toBe(400);
    expect(await status(send(big, JSON_TYPE))).toBe(413);
    expect(await status(send(bomb, JSON_TYPE, packed))).toBe(413);
    expect(await status(send("{}", "text/plain"))).toBe(415);
    expect(await status(send("{}", JSON_TYPE, { "content-encoding": "br" }))).toBe(415);
    expect(await status(fetch(`${receiver.endpoint}/v1/traces`))).toBe(405);
    expect(await status(fetch(`${receiver.endpoint}/v1/metrics`, { method: "POST" }))).toBe(404);
    const body = await (await send("{", JSON_TYPE)).json();
    expect(body).toEqual({ code: 3, message: "the body is not valid JSON" });
    const bytes = new BinaryReader(
      new Uint8Array(await (await send([0x0a, 0xff].join(), PROTOBUF_TYPE)).arrayBuffer()),
    );
    expect([bytes.tag()[0], bytes.int32()]).toEqual([1, 3]);
  });

  it("refuses a body that grows too large without saying so, and lives on", async () => {
    const body = new ReadableStream({
      start(stream) {
        for (let sent = 0; sent <= MAX_BYTES; sent += 1000) stream.enqueue(Buffer.alloc(1000, "x"));
        stream.close();
      },
    });
    const init = { method: "POST", body, duplex: "half", headers: { "content-type": JSON_TYPE } } as const;
    expect((await fetch(`${receiver.endpoint}/v1/traces`, init)).status).toBe(413);
    expect((await send("{}", JSON_TYPE)).status).toBe(200);
  });

  it("lives on when a sender goes in mid-request", async () => {
    const { port, hostname } = new URL(receiver.endpoint);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          "POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{",
        );
        setTimeout(() => socket.destroy(), 20);
      });
      socket.on("close", () => resolve());
    });
    expect((await send("{}", JSON_TYPE)).status).toBe(200);
  });

  it("answers many requests over one connection", async () => {
    const { port, hostname } = new URL(receiver.endpoint);
    const request = `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`;
    const answers = await new Promise<string>((resolve) => {
      let text = "";
      const socket = connect(Number(port), hostname, () => socket.write(request));
      socket.on("data", (data) => {
        text += data.toString();
        const count = text.split("200 OK").length - 1;
        if (count === 3) socket.destroy();
        else socket.write(request);
      });
      socket.on("close", () => resolve(text));
    });
    expect(answers.split("200 OK")).toHaveLength(4);
  });
});
