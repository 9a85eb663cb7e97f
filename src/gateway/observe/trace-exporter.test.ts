import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { served, spanOfServed } from "../testing/served.js";
import { type OtlpSpan, spanOf } from "./span-of-event.js";
import { TraceExporter } from "./trace-exporter.js";

let server: Server;
let url: string;
let status: number;
let answer: string;
const bodies: string[] = [];

beforeEach(async () => {
  status = 200;
  answer = "{}";
  bodies.length = 0;
  server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    bodies.push(text);
    response.writeHead(status, { "content-type": "application/json" }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

function spansIn(text: string): readonly OtlpSpan[] {
  const { resourceSpans } = JSON.parse(text) as {
    resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[];
  };
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

describe("traces", () => {
  it("have a span a request, with names of OpenTelemetry, times and arm", async () => {
    const exporter = new TraceExporter({ url, service: "support" });
    exporter.export(served({ streamed: true }), spanOfServed());
    const failed = served({ arm: "canary", ok: false, status: 502, failure: "refused", usage: null });
    const context = { spanId: "00f067aa0ba902b8", parentSpanId: null, flags: 1, traceState: null };
    exporter.export(failed, spanOfServed({ context, requestModel: null }));
    await exporter.close();
    const [good, bad] = spansIn(bodies[0] ?? "");
    expect(good).toMatchObject({
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "00f067aa0ba902b7",
      parentSpanId: "b7ad6b7169203331",
      traceState: "a=1",
      // Sampled, and its parent is known to be of another process.
      flags: 0x301,
      name: "chat m",
      kind: 3,
      startTimeUnixNano: `${BigInt(Date.parse("2026-11-22T10:00:00.000Z")) * 1_000_000n}`,
      endTimeUnixNano: `${BigInt(Date.parse("2026-11-22T10:00:01.500Z")) * 1_000_000n}`,
      status: { code: 0 },
    });
    expect(Object.fromEntries((good?.attributes ?? []).map(({ key, value }) => [key, value]))).toMatchObject({
      "gen_ai.operation.name": { stringValue: "chat" },
      "gen_ai.provider.name": { stringValue: "openai" },
      "gen_ai.request.model": { stringValue: "m" },
      "gen_ai.response.model": { stringValue: "m-2026" },
      "server.address": { stringValue: "10.0.0.7" },
      "server.port": { intValue: "8000" },
      "gen_ai.usage.input_tokens": { intValue: "10" },
      "gen_ai.response.finish_reasons": { arrayValue: { values: [{ stringValue: "stop" }] } },
      "gen_ai.response.time_to_first_chunk": { doubleValue: 0.4 },
      "agentctl.arm": { stringValue: "stable" },
      "agentctl.release": { stringValue: "rel-1" },
    });
    expect(bad).toMatchObject({ name: "chat", flags: 0x101, status: { code: 2 } });
    expect(bad).not.toHaveProperty("parentSpanId");
    expect(bad).not.toHaveProperty("traceState");
    expect(bad?.attributes).toContainEqual({ key: "error.type", value: { stringValue: "refused" } });
    expect(exporter.status()).toEqual({ exported: 2, dropped: 0 });
  });

  it("are dropped and counted when the collector refuses them, or too many wait", async () => {
    status = 503;
    const exporter = new TraceExporter({ url, service: "support" });
    for (let index = 0; index < 4_100; index += 1) exporter.export(served(), spanOfServed());
    expect(exporter.status().dropped).toBe(4);
    await exporter.close();
    expect(exporter.status()).toEqual({ exported: 0, dropped: 4_100 });
    expect(bodies).toHaveLength(1);
  });

  it("go as fast as the collector takes them, and those that it rejects are dropped", async () => {
    const startedAt = performance.now();
    const exporter = new TraceExporter({ url, service: "support" });
    for (let index = 0; index < 4_000; index += 1) exporter.export(served(), spanOfServed());
    while (exporter.status().exported < 3_584) await new Promise((look) => setTimeout(look, 10));
    // One batch of 512 a second would take seven seconds.
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    answer = '{"partialSuccess":{"rejectedSpans":"16"}}';
    await exporter.close();
    expect(exporter.status()).toEqual({ exported: 3_984, dropped: 16 });
  });

  it.each([
    ["an answer of 429", { status: 429 }, "429", 2],
    ["a 500", { status: 500, ok: false, failure: "server_error" }, "server_error", 2],
    ["a fallback that worked", { route: "fallback", failure: "canary_refused" }, undefined, 0],
    ["a client that went away", { status: 0, failure: "client_gone" }, undefined, 0],
  ] as const)("tell the error of %s", (_, payload, errorType, code) => {
    const span = spanOf(served(payload), spanOfServed());
    const textOf = (name: string) => {
      const value = span.attributes.find(({ key }) => key === name)?.value;
      return value !== undefined && "stringValue" in value ? value.stringValue : undefined;
    };
    expect(span.status.code).toBe(code);
    expect(textOf("error.type")).toBe(errorType);
    expect(textOf("agentctl.failure")).toBe("failure" in payload ? payload.failure : undefined);
  });
});
