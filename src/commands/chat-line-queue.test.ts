import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { ChatLineQueue } from "./chat-line-queue.js";

/** A terminal that marks pastes, with real line editing on it. */
function terminal() {
  const input = new PassThrough();
  const lines = createInterface({ input, output: new PassThrough(), terminal: true });
  const queue = new ChatLineQueue(lines);
  queue.watchPastes(input as unknown as NodeJS.ReadStream);
  const paste = (text: string) => input.write(`\u001b[200~${text}\u001b[201~`);
  return { queue, lines, type: (text: string) => input.write(text), paste };
}

describe("lines at a terminal", () => {
  it("are one message each where they are typed", async () => {
    const { queue, type } = terminal();
    type("one\rtwo\r");
    expect([await queue.next(), await queue.next()]).toEqual(["one", "two"]);
  });

  it("are one message where they were pasted together, sent with the next Enter", async () => {
    const { queue, type, paste } = terminal();
    paste("Dear team,\r\rmy order A-1042\r");
    paste("is late");
    type(" again\r");
    type("thanks\r");
    expect(await queue.next()).toBe("Dear team,\n\nmy order A-1042\nis late again");
    expect(await queue.next()).toBe("thanks");
  });

  it("may be asked for before they come, and end once", async () => {
    const { queue, type, lines } = terminal();
    const first = queue.next();
    type("hello\r");
    expect(await first).toBe("hello");
    const last = queue.next();
    lines.close();
    queue.end();
    expect([await last, await queue.next()]).toEqual([null, null]);
  });
});

describe("lines of a pipe", () => {
  it("are one message each", async () => {
    const input = new PassThrough();
    const queue = new ChatLineQueue(createInterface({ input }));
    input.end("one\n/trace\nlast without an end");
    const got = [await queue.next(), await queue.next(), await queue.next(), await queue.next()];
    expect(got).toEqual(["one", "/trace", "last without an end", null]);
  });
});
