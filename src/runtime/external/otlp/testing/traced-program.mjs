// A program that sends spans of its own and speaks the lines of kind exec.
import { createInterface } from "node:readline";

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const text = (key, stringValue) => ({ key, value: { stringValue } });

async function trace(traceparent) {
  const [, traceId, parentSpanId] = traceparent.split("-");
  const times = { startTimeUnixNano: "1", endTimeUnixNano: "2" };
  const spans = [
    { traceId, spanId: "00000000000000a1", parentSpanId, name: "invoke_agent", ...times },
    {
      traceId,
      spanId: "00000000000000a2",
      parentSpanId: "00000000000000a1",
      name: "execute_tool lookup",
      ...times,
      attributes: [
        text("gen_ai.operation.name", "execute_tool"),
        text("gen_ai.tool.call.arguments", '{"id":7}'),
        text("gen_ai.tool.call.result", "found"),
      ],
    },
  ];
  await fetch(process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.type === "start") say({ type: "ready" });
  if (message.type !== "message") continue;
  await trace(message.traceparent);
  say({ type: "reply", text: `heard ${message.text}` });
}
