import { describe, expect, it } from "vitest";
import { awaitTrace } from "./await-trace.js";
import { spanOf } from "./testing/span-of.js";
import { TraceInboxes } from "./trace-inbox.js";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const ROOT = spanOf("1", {});
const CHILD = spanOf("2", {}, { parent: "1" });
const signal = new AbortController().signal;

function bench(waitMs = 5_000, settleMs = 30) {
  const inboxes = new TraceInboxes();
  const inbox = inboxes.expect(TRACE, "f".repeat(16));
  const wait = (within = signal) => awaitTrace(inbox, { waitMs, settleMs }, within, () => inboxes.ignored());
  return { inboxes, inbox, wait };
}

describe("waiting for a trace", () => {
  it("ends some time after the root, with spans that came in several exports, each once", async () => {
    const { inboxes, wait } = bench();
    inboxes.receive([CHILD]);
    const waiting = wait();
    inboxes.receive([ROOT, CHILD]);
    setTimeout(() => inboxes.receive([spanOf("3", {}, { parent: "1" })]), 10);
    const spans = await waiting;
    expect(spans.map(({ spanId }) => Number(spanId))).toEqual([2, 1, 3]);
    expect(inboxes.ignored().duplicates).toBe(1);
  });

  it("takes a span below that of the trigger for the root", async () => {
    const { inboxes, wait } = bench();
    inboxes.receive([spanOf("1", {}, { parent: "f".repeat(16) })]);
    expect(await wait()).toHaveLength(1);
  });

  it("is an error without a root, however many other spans there are", async () => {
    const { inboxes, wait } = bench(40, 1);
    inboxes.receive([CHILD]);
    await expect(wait()).rejects.toMatchObject({
      code: "PROVIDER_TIMEOUT",
      message: `expected the root span of trace ${TRACE} within 40 ms of the reply, found 1 other spans`,
    });
  });

  it("says that the agent went by another trace when it did", async () => {
    const { inboxes, wait } = bench(20);
    inboxes.receive([
      { ...ROOT, traceId: "b".repeat(32) },
      { ...CHILD, traceId: "b".repeat(32) },
    ]);
    await expect(wait()).rejects.toMatchObject({
      message: expect.stringContaining("but 2 of 1 other traces"),
      nextStep: expect.stringContaining("traceparent"),
    });
    expect(inboxes.ignored()).toMatchObject({ unknown: 2, unknownTraces: 1 });
  });

  it("reads a trace at the deadline that never falls silent", async () => {
    const { inboxes, wait } = bench(120, 60);
    let id = 1;
    const more = setInterval(() => inboxes.receive([spanOf(`${id++}`, {})]), 10);
    const spans = await wait();
    clearInterval(more);
    expect(spans.length).toBeGreaterThan(1);
  });

  it("stops at once when it is aborted", async () => {
    const { wait } = bench();
    const controller = new AbortController();
    const waiting = wait(controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "PROVIDER_ABORTED" });
    await expect(wait(controller.signal)).rejects.toMatchObject({ code: "PROVIDER_ABORTED" });
  });

  it("refuses spans of a trace that was read already", () => {
    const { inboxes, inbox } = bench();
    inbox.close();
    expect(inboxes.receive([ROOT])).toEqual(["the trace was read already"]);
    expect(inboxes.ignored()).toMatchObject({ late: 1, unknown: 0 });
  });
});
