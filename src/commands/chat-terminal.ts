import type { Interface } from "node:readline";
import type { ChatTerminal } from "../eval/chat/chat-loop.js";
import type { CommandIo } from "./io.js";

export interface OpenTerminal {
  readonly terminal: ChatTerminal;
  close(): void;
}

/**
 * Standard input and output as the terminal of a chat: line editing where a person types, plain lines from a pipe.
 *
 * @param io.write - where the conversation goes; a result in JSON leaves it to stderr
 */
export async function openTerminal(
  io: Pick<CommandIo, "note" | "useColor" | "columns" | "onInterrupt">,
  write: (text: string) => void,
): Promise<OpenTerminal> {
  const { createInterface } = await import("node:readline");
  const isTyped = process.stdin.isTTY === true && process.stderr.isTTY === true;
  const lines = createInterface({
    input: process.stdin,
    terminal: isTyped,
    ...(isTyped ? { output: process.stderr, prompt: "you> " } : {}),
  });
  const queue = new LineQueue(lines);
  let onTurn: (() => void) | null = null;
  let warned = false;
  let interrupted = false;
  const interrupt = () => {
    if (onTurn !== null) {
      const stop = onTurn;
      onTurn = null;
      io.note("\nstopping; Ctrl-C again quits");
      stop();
      warned = true;
    } else if (warned || !isTyped) {
      interrupted = true;
      if (isTyped) io.note("");
      queue.end();
    } else {
      warned = true;
      io.note("\nCtrl-C again quits, /help lists the commands");
      lines.prompt();
    }
  };
  lines.on("SIGINT", interrupt);
  const stopListening = isTyped ? () => {} : io.onInterrupt(interrupt);
  return {
    terminal: {
      useColor: io.useColor,
      columns: io.columns,
      ask: async () => {
        if (isTyped) lines.prompt();
        const line = await queue.next();
        warned = false;
        return line;
      },
      write,
      note: io.note,
      onInterrupt: (handler) => {
        onTurn = handler;
        return () => {
          onTurn = null;
        };
      },
      isInterrupted: () => interrupted,
    },
    close: () => {
      stopListening();
      lines.close();
    },
  };
}

/** Lines that came while nobody asked wait; after the end there are no more. */
class LineQueue {
  private readonly waiting: string[] = [];
  private asked: ((line: string | null) => void) | null = null;
  private ended = false;

  constructor(lines: Interface) {
    lines.on("line", (line) => this.give(line));
    lines.on("close", () => this.end());
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
    this.ended = true;
    this.asked?.(null);
    this.asked = null;
  }

  private give(line: string): void {
    if (this.asked === null) this.waiting.push(line);
    else this.asked(line);
    this.asked = null;
  }
}
