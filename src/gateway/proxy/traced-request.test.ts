import { describe, expect, it } from "vitest";
import type { SpanFacts } from "../parts.js";
import { startTestGateway } from "./testing/test-gateway.js";
import { twoArms } from "./testing/two-arms.js";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const CALLER = "b7ad6b7169203331";
const GIVEN = `00-${TRACE}-${CALLER}-01`;

const arms = twoArms();

/** @param sample - `null`: traces are not exported */
async function start(sample: number | null, settings: object = {}, stable: object = {}): Promise<void> {
  // Nothing is sent there: the sink of a test keeps what is to be exported.
  const otlp = sample === null ? {} : { otlp: { url: "http://127.0.0.1:9/v1/traces", sample } };
  arms.test = await startTestGateway({
    stable: arms.stable.url,
    canary: arms.canary.url,
    settings: { ...otlp, ...settings },
    arms: { stable },
  });
}

/** Sends a request and tells what became of its trace. */
async function ask(headers: Record<string, string>, path = "/v1/chat/completions") {
  const answer = await fetch(arms.test.origin + path, { method: "POST", headers, body: '{"model":"m"}' });
  await answer.text();
  const [event] = await arms.test.sink.count(1);
  return {
    span: arms.test.sink.spans[0] as SpanFacts | null,
    traceId: event?.trace_id,
    told: answer.headers.get("x-agentctl-trace-id"),
    sent: arms.stable.asked[0]?.headers,
  };
}

describe("the trace of a request", () => {
  it("has the gateway's span between the caller's and the server's", async () => {
    await start(1);
    const { span, traceId, told, sent } = await ask({ traceparent: GIVEN, tracestate: "a=1,b=2" });
    expect(span?.context).toMatchObject({ parentSpanId: CALLER, flags: 1, traceState: "a=1,b=2" });
    expect(span?.context.spanId).not.toBe(CALLER);
    expect(sent).toMatchObject({
      traceparent: `00-${TRACE}-${span?.context.spanId}-01`,
      tracestate: "a=1,b=2",
    });
    expect([traceId, told]).toEqual([TRACE, TRACE]);
  });

  it("begins at the gateway when no caller names one", async () => {
    await start(1);
    const { span, traceId, told, sent } = await ask({ tracestate: "a=1" });
    expect(span?.context).toMatchObject({ parentSpanId: null, flags: 1, traceState: null });
    expect(sent?.traceparent).toBe(`00-${traceId}-${span?.context.spanId}-01`);
    expect(sent).not.toHaveProperty("tracestate");
    expect(told).toBe(traceId);
  });

  it.each([
    ["of another form", `00-${TRACE}-${CALLER}`],
    ["in capitals", GIVEN.toUpperCase()],
    ["of the version ff", `ff-${TRACE}-${CALLER}-01`],
    ["of version 00 with more behind it", `${GIVEN}-1`],
    ["of no trace", `00-${"0".repeat(32)}-${CALLER}-01`],
    ["of no span", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["that was sent twice", `${GIVEN}, ${GIVEN}`],
  ])("is a new one after a traceparent %s", async (_, traceparent) => {
    await start(1);
    const { span, traceId, sent } = await ask({ traceparent, tracestate: "a=1" });
    expect(traceId).toMatch(/^[\da-f]{32}$/);
    expect(traceId).not.toBe(TRACE);
    expect(span?.context).toMatchObject({ parentSpanId: null, traceState: null });
    expect(sent).not.toHaveProperty("tracestate");
  });

  it("of a later version is continued in version 00, with the flags that that has", async () => {
    await start(1);
    const { span, sent } = await ask({ traceparent: `cc-${TRACE}-${CALLER}-ff-new` });
    expect(span?.context).toMatchObject({ parentSpanId: CALLER, flags: 3 });
    expect(sent?.traceparent).toBe(`00-${TRACE}-${span?.context.spanId}-03`);
  });

  it.each([
    ["traces are not exported", null, GIVEN],
    ["the caller does not sample it", 1, GIVEN.replace(/01$/, "00")],
    ["it is not in the gateway's share", 0, GIVEN],
  ])("passes as it came when %s", async (_, sample, traceparent) => {
    await start(sample);
    const { span, traceId, sent } = await ask({ traceparent, tracestate: "a=1" });
    expect(span).toBeNull();
    expect(sent).toMatchObject({ traceparent, tracestate: "a=1" });
    expect(traceId).toBe(TRACE);
  });

  it("that begins outside the share is sampled nowhere", async () => {
    await start(0);
    const { span, traceId, sent } = await ask({});
    expect(span).toBeNull();
    expect(sent?.traceparent).toMatch(new RegExp(`^00-${traceId}-[\\da-f]{16}-00$`));
  });

  it("has the span of a copy within that of its request", async () => {
    await start(1, { shadow: { percent: 100 } });
    await ask({ traceparent: GIVEN });
    const events = await arms.test.sink.count(2);
    const [request, copy] = ["no-id", "shadow"].map(
      (route) => arms.test.sink.spans[events.findIndex(({ payload }) => payload.route === route)]?.context,
    );
    expect(copy).toMatchObject({ parentSpanId: request?.spanId, flags: 1 });
    expect(arms.canary.asked[0]?.headers.traceparent).toBe(`00-${TRACE}-${copy?.spanId}-01`);
    expect(arms.stable.asked[0]?.headers.traceparent).toBe(`00-${TRACE}-${request?.spanId}-01`);
  });

  it("keeps a request id that reads like a header, also in a copy", async () => {
    await start(1, { shadow: { percent: 100 } });
    await ask({ "x-request-id": "traceparent" });
    await arms.test.sink.count(2);
    expect(arms.canary.asked[0]?.headers["x-request-id"]).toBe("traceparent");
  });

  it.each([
    ["/v1/chat/completions", "openai"],
    ["/v1/messages", "anthropic"],
  ])("names at %s the provider by its API, the server and both models", async (path, provider) => {
    await start(1, {}, { model: "served-model" });
    const { span } = await ask({}, path);
    expect(span).toMatchObject({
      provider,
      server: { address: "127.0.0.1", port: arms.stable.port },
      requestModel: "served-model",
      responseModel: "test-model-1",
    });
  });

  it("asks for the model that the client names when the arm has none", async () => {
    await start(1);
    expect((await ask({ "x-conversation-id": "c" })).span?.requestModel).toBe("m");
  });
});
