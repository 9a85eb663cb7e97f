import type { Interface, Key } from "node:readline";

/**
 * What a person says, one message after the other. A line is a message; lines that were pasted together are one, once the
 * last of them is sent. What came while nobody asked waits; after the end there is no more.
 */
export class ChatLineQueue {
  private readonly waiting: string[] = [];
  private readonly pasted: string[] = [];
  private isPasting = false;
  private asked: ((line: string | null) => void) | null = null;
  private ended = false;

  constructor(lines: Pick<Interface, "on">) {
    lines.on("line", (line) => this.take(line));
    lines.on("close", () => this.end());
  }

  /** @param input - a terminal that marks what is pasted; its keys are read by the same interface */
  watchPastes(input: Pick<NodeJS.ReadStream, "on">): void {
    input.on("keypress", (_: string | undefined, key: Key) => {
      if (key.name === "paste-start") this.isPasting = true;
      if (key.name === "paste-end") this.isPasting = false;
    });
  }

  next(): Promise<string | null> {
    const line = this.waiting.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (this.ended) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.asked = resolve;
    });
  }

  end(): void {
    if (this.ended) return;
    if (this.pasted.length > 0) this.give(this.pasted.splice(0).join("\n"));
    this.ended = true;
    this.asked?.(null);
    this.asked = null;
  }

  private take(line: string): void {
    this.pasted.push(line);
    if (!this.isPasting) this.give(this.pasted.splice(0).join("\n"));
  }

  private give(message: string): void {
    if (this.asked === null) this.waiting.push(message);
    else this.asked(message);
    this.asked = null;
  }
}
