import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SseEvents } from "./sse-events.js";

/** Data of the events of a stream that comes in pieces of these lengths. */
function read(stream: Buffer, lengths: readonly number[] = []): string[] {
  const data: string[] = [];
  const events = new SseEvents((text) => data.push(Buffer.from(text, "latin1").toString("utf8")));
  let from = 0;
  for (const length of [...lengths, stream.length]) {
    events.push(stream.subarray(from, from + length));
    from += length;
  }
  return data;
}

describe("events of a stream", () => {
  it.each(["\n", "\r\n", "\r"])("are the same however it is cut, with lines that end in %j", (end) => {
    const lines = [
      "data: Grüße 世界",
      "",
      ": ping",
      "",
      "event: a",
      "data:b",
      "data: c",
      "id: 1",
      "",
      "data: [DONE]",
      "",
    ];
    const stream = Buffer.from(lines.map((line) => line + end).join(""));
    const whole = ["Grüße 世界", "b\nc", "[DONE]"];
    // A CR at the very end may be half of a CRLF, but ends the line all the same.
    expect(read(stream)).toEqual(whole);
    expect(read(stream, new Array(stream.length).fill(1))).toEqual(whole);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 30 }), (lengths) => {
        expect(read(stream, lengths)).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });

  it("do not include one that never ended", () => {
    expect(read(Buffer.from("data: a\n\ndata: b\n"))).toEqual(["a"]);
  });

  it.each([
    ["in one line", `data: ${"x".repeat(1024 * 1024 + 10)}\n\n`],
    ["in many lines", `${`data: ${"x".repeat(1000)}\n`.repeat(1100)}\n`],
  ])("that are longer than anybody needs are passed over, and the next ones are read: %s", (_, long) => {
    const stream = Buffer.from(`${long}data: b\n\n`);
    const isRead = (lengths: readonly number[]) => read(stream, lengths).join() === "b";
    expect([isRead([]), isRead([600_000, 400_000, 40_000]), isRead([600_000, 450_000])]).toEqual([
      true,
      true,
      true,
    ]);
  });
});
