import type { Interface } from "node:readline";
import { EXIT } from "../core/exit-codes.js";
import type { ChatTerminal } from "../eval/chat/chat-loop.js";
import { ChatLineQueue } from "./chat-line-queue.js";
import type { CommandIo } from "./io.js";

export interface OpenTerminal {
  readonly terminal: ChatTerminal;
  close(): void;
}

const CLEAR_LINE = "\r\u001b[2K";
/** Makes the terminal say where a paste begins and ends. */
const PASTE_MARKS_ON = "\u001b[?2004h";
const PASTE_MARKS_OFF = "\u001b[?2004l";

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
  const queue = new ChatLineQueue(lines);
  const interrupts = new Interrupts(lines, queue, io, isTyped);
  const status = new StatusLine(write, isTyped && process.stdout.isTTY === true);
  if (isTyped) {
    queue.watchPastes(process.stdin);
    process.stderr.write(PASTE_MARKS_ON);
  }
  let isOver = false;
  lines.on("close", () => {
    // The end of the input leaves the cursor behind the prompt.
    if (isTyped && !isOver && !interrupts.ended) io.note("");
  });
  return {
    terminal: {
      useColor: io.useColor,
      get columns() {
        return process.stdout.columns ?? io.columns;
      },
      ask: async () => {
        if (isTyped) lines.prompt();
        const line = await queue.next();
        interrupts.forgive();
        return line;
      },
      write: (text) => status.write(text),
      status: (line) => status.show(line),
      note: (line) => {
        status.show(null);
        io.note(line);
      },
      onInterrupt: (handler) => interrupts.during(handler),
      isInterrupted: () => interrupts.ended,
    },
    close: () => {
      isOver = true;
      if (isTyped) process.stderr.write(PASTE_MARKS_OFF);
      interrupts.close();
      lines.close();
    },
  };
}

/** Ctrl-C: stops the turn, then quits; while a turn does not stop, it quits at once. */
class Interrupts {
  private turn: { readonly stop: () => void; isStopping: boolean } | null = null;
  private isWarned = false;
  ended = false;
  readonly close: () => void;

  constructor(
    private readonly lines: Interface,
    private readonly queue: ChatLineQueue,
    private readonly io: Pick<CommandIo, "note" | "onInterrupt">,
    private readonly isTyped: boolean,
  ) {
    const listener = () => this.interrupt();
    lines.on("SIGINT", listener);
    this.close = isTyped ? () => {} : io.onInterrupt(listener);
  }

  during(stop: () => void): () => void {
    this.turn = { stop, isStopping: false };
    return () => {
      this.turn = null;
    };
  }

  forgive(): void {
    this.isWarned = false;
  }

  private interrupt(): void {
    const { turn, io, isTyped } = this;
    if (turn?.isStopping === true) {
      process.stderr.write(isTyped ? `${PASTE_MARKS_OFF}\n` : "");
      process.exit(EXIT.interrupted);
    }
    if (turn !== null) {
      turn.isStopping = true;
      this.isWarned = true;
      io.note("\nstopping; Ctrl-C again quits");
      turn.stop();
    } else if (this.isWarned || !isTyped) {
      this.ended = true;
      if (isTyped) io.note("");
      this.queue.end();
    } else {
      this.isWarned = true;
      io.note("\nCtrl-C again quits, /help lists the commands");
      this.lines.prompt();
    }
  }
}

/** A line that gives way to whatever is written next. */
class StatusLine {
  private isShown = false;

  constructor(
    private readonly out: (text: string) => void,
    private readonly isWatched: boolean,
  ) {}

  show(line: string | null): void {
    if (!this.isWatched) return;
    if (this.isShown) this.out(CLEAR_LINE);
    this.isShown = line !== null;
    if (line !== null) this.out(line);
  }

  write(text: string): void {
    if (this.isShown) this.show(null);
    this.out(text);
  }
}
