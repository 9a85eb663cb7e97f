import { expect, it } from "vitest";
import { readEventLine } from "./live-event-line.js";
import { liveEvent, servedEvent } from "./testing/live-events.js";

const AT = Date.parse("2026-11-22T00:00:00.000Z");
const lineOf = (event: object) => readEventLine(JSON.stringify(event)).is;

it("amounts that no sum and no date can hold make a line broken", () => {
  expect(lineOf(servedEvent("1", "c-1", { latencyMs: 86_400_000 }, AT))).toBe("event");
  for (const amount of [1e308, 1e12, -1]) {
    expect(lineOf(servedEvent("1", "c-1", { latencyMs: amount }, AT))).toBe("broken");
    expect(lineOf(servedEvent("1", "c-1", { costUsd: amount }, AT))).toBe("broken");
    expect(lineOf(servedEvent("1", "c-1", { firstTokenMs: amount }, AT))).toBe("broken");
    const usage = { inputTokens: 1, outputTokens: amount };
    expect(lineOf(servedEvent("1", "c-1", { usage }, AT))).toBe("broken");
  }
  const scored = (value: number) =>
    liveEvent("2", "conversation_scored", "c-1", { metric: "m", value, by: "j" }, AT);
  expect(lineOf(scored(-0.5))).toBe("event");
  expect(lineOf(scored(-1e308))).toBe("broken");
});
