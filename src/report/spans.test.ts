import { expect, it } from "vitest";
import { sampleTrace } from "./report-samples.js";
import { spansOf, spanTotalMs } from "./spans.js";

const trace = sampleTrace("x", 0);
const at = trace.modelCalls[0]!.startedAt;

it("orders calls of one millisecond by cause", () => {
  const [model] = trace.modelCalls;
  const [tool] = trace.toolCalls;
  const [retrieval] = trace.retrievals;
  const spans = spansOf({
    ...trace,
    modelCalls: ["a", "b", "c"].map((id) => ({
      ...model!,
      callId: id,
      model: id,
      startedAt: at,
      toolCallIds: id === "c" ? [] : [`tool-${id}`],
    })),
    toolCalls: ["a", "b"].map((id) => ({
      ...tool!,
      callId: `tool-${id}`,
      name: `tool-${id}`,
      startedAt: at,
    })),
    retrievals: [{ ...retrieval!, query: "q", startedAt: at }],
  });
  expect(spans.map((span) => span.label)).toEqual(["q", "a", "tool-a", "b", "tool-b", "c"]);
});

it("measures from the first start to the last end", () => {
  const spans = spansOf(trace);
  expect(spans.map((span) => span.startMs)).toEqual([0, 810, 880, 930, 1000]);
  expect(spanTotalMs(spans)).toBe(1000);
  expect(spanTotalMs([])).toBe(1);
});
