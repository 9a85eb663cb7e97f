import { encodeJson, type TestSpan } from "./encode-spans.js";

let spans = 0;

/** Ends the root span of a trace that was triggered, as an agent does that continues `traceparent`. */
export async function exportRoot(
  endpoint: string,
  traceparent: string,
  more: Partial<TestSpan> = {},
  children: readonly Partial<TestSpan>[] = [],
): Promise<void> {
  const [, traceId = "", parentSpanId = ""] = traceparent.split("-");
  const root = spanOf({ traceId, parentSpanId, ...more });
  const body = encodeJson([
    ...children.map((child) => spanOf({ traceId, parentSpanId: root.spanId, ...child })),
    root,
  ]);
  const headers = { "content-type": "application/json" };
  await fetch(`${endpoint}/v1/traces`, { method: "POST", headers, body });
}

function spanOf(more: Partial<TestSpan>): TestSpan {
  const now = BigInt(Date.now()) * 1_000_000n;
  return {
    traceId: "",
    spanId: (++spans).toString(16).padStart(16, "0"),
    parentSpanId: "",
    name: "invoke_agent puppet",
    start: now - 5_000_000n,
    end: now,
    attributes: [],
    events: [],
    status: { code: 0, message: "" },
    ...more,
  };
}
