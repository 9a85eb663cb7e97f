import { describe, expect, it } from "vitest";
import type { AgentEvent, EventPayloads, EventType } from "../core/events.js";
import { CHAT_HELP, ChatLines } from "./chat-text.js";

function event<Type extends EventType>(type: Type, payload: EventPayloads[Type]): AgentEvent {
  return { event_type: type, payload } as unknown as AgentEvent;
}

const started = (args: object = { order_id: "A-1042" }) =>
  event("tool_call_start", {
    callId: "tool-0",
    name: "update_shipping_address",
    arguments: args as never,
    sideEffect: true,
  });
const ended = (isError: boolean, result = '{"order_id":"A-1042","status":"processing"}') =>
  event("tool_call_end", {
    callId: "tool-0",
    name: "update_shipping_address",
    result,
    isError,
    truncatedChars: 0,
    durationMs: 12.3,
  });
const guarded = (action: "block" | "confirm") =>
  event("guardrail_triggered", { rule: "tool.cap", action, detail: "too much", callId: "tool-0" });

const linesAt = (columns: number) => new ChatLines({ columns, useColor: false });

describe.each([40, 80, 200])("lines of a chat at %i columns", (columns) => {
  it.each([
    ["a call that worked", [ended(false)], "✓"],
    ["a call that failed", [ended(true)], "✗"],
    ["a call that was blocked", [guarded("block"), ended(true)], "blocked by tool.cap"],
    ["a call that asks first", [guarded("confirm"), ended(true)], "asks you first"],
  ])("fit it, and say what became of %s", (_, events, shown) => {
    const lines = linesAt(columns);
    expect(lines.line(started({ text: "x".repeat(500) }))).toBeNull();
    expect(lines.running()?.length).toBeLessThanOrEqual(columns);
    const line = events.map((one) => lines.line(one)).at(-1) ?? "";
    expect(line).toContain(shown);
    expect(line.length).toBeLessThanOrEqual(columns);
    expect(lines.running()).toBeNull();
  });
});

describe("lines of a chat", () => {
  it("show control characters of a result instead of obeying them", () => {
    const lines = linesAt(120);
    lines.line(started());
    expect(lines.line(ended(false, "a\u001b[2J\u0007\u202eb"))).not.toMatch(/\p{Cc}|\p{Cf}/u);
  });

  it("say all calls that run", () => {
    const lines = linesAt(120);
    lines.line(started());
    lines.line(
      event("tool_call_start", { callId: "tool-1", name: "look", arguments: {}, sideEffect: false }),
    );
    expect(lines.running()).toBe('  … update_shipping_address({"order_id":"A-1042"}), look({})');
    lines.line(ended(false));
    expect(lines.running()).toBe("  … look({})");
  });

  it("name the call that asks first, also where there is little room", () => {
    const lines = linesAt(40);
    lines.line(started());
    lines.line(guarded("confirm"));
    expect(lines.line(ended(true))).toBe("  ? update_shipping_a… → asks you first");
  });

  it("have a help that fits a terminal", () => {
    for (const line of CHAT_HELP.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });
});
