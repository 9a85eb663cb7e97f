import { describe, expect, it } from "vitest";
import { SseReader } from "./sse-reader.js";

function eventsOf(...pieces: readonly string[]): readonly (readonly [data: string, event: string])[] {
  const events: [string, string][] = [];
  const reader = new SseReader((data, event) => events.push([data, event]));
  for (const piece of pieces) reader.add(piece);
  return events;
}

describe("SseReader", () => {
  it("keeps data with line separators of Unicode, which JSON may hold as they are", () => {
    expect(eventsOf('data: {"content":"a\u2028b\u2029"}\n\n')).toEqual([
      ['{"content":"a\u2028b\u2029"}', ""],
    ]);
  });

  it("takes one space behind the colon away, and no other character", () => {
    expect(eventsOf("data:  two\ndata:\tone\ndata\ndata:\n\n")).toEqual([[" two\n\tone\n\n", ""]]);
  });

  it("takes lines of all three ends, cut anywhere, and passes over comments and other fields", () => {
    expect(eventsOf("event: ping\r", "\n: comment\r\nid: 1\rda", "ta: x\r\n\r", "\ndata: y\n\n")).toEqual([
      ["x", "ping"],
      ["y", ""],
    ]);
  });
});
