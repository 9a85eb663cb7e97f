import { AgentctlError } from "../../core/errors.js";
import { EXIT, type ExitCode } from "../../core/exit-codes.js";
import { CHAT_HELP, ChatLines, stopLine } from "../../report/chat-text.js";
import { oneLine, plainText } from "../../report/plain-text.js";
import { painter, type TextStyle } from "../../report/text-style.js";
import { renderWaterfall } from "../../report/waterfall.js";
import type { FinishedTurn } from "../../runtime/session/session-turn.js";
import type { Chat } from "./open-chat.js";

/** The terminal of a chat, or what stands in its place. */
export interface ChatTerminal extends TextStyle {
  /** The next line of the user; `null` at the end of the input, or when the user wants out. */
  readonly ask: () => Promise<string | null>;
  /** Writes as it is, without a newline. */
  readonly write: (text: string) => void;
  /** Shows a line until something else is written; `null` takes it away. Nothing where nobody watches. */
  readonly status: (line: string | null) => void;
  /** Writes a line for the person at the terminal. */
  readonly note: (line: string) => void;
  /** Calls back at Ctrl-C while a turn runs. Returns the undo. */
  readonly onInterrupt: (handler: () => void) => () => void;
  /** Whether Ctrl-C ended the chat. */
  readonly isInterrupted: () => boolean;
}

const ERROR_CHARACTERS = 300;

/**
 * Talks until the user leaves. Errors of a turn are told in one line, and the conversation goes on.
 *
 * @returns 0; 3 when a turn could not be run; 130 when Ctrl-C ended it
 */
export async function chatLoop(chat: Chat, terminal: ChatTerminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  for (;;) {
    const line = (await terminal.ask())?.trim();
    if (line === undefined || /^\/(?:quit|exit)(?:\s|$)/.test(line)) break;
    if (line === "") continue;
    try {
      if (line.startsWith("/")) await runCommand(line, chat, terminal);
      else if (!(await runTurn(line, chat, terminal))) code = EXIT.infrastructure;
    } catch (error) {
      if (!(error instanceof AgentctlError)) throw error;
      tellFailure(error.code, error.message, error.nextStep, terminal);
      code = error.exitCode;
    }
  }
  return terminal.isInterrupted() ? EXIT.interrupted : code;
}

async function runCommand(line: string, chat: Chat, terminal: ChatTerminal): Promise<void> {
  const [name, ...rest] = line.split(/\s+/);
  switch (name) {
    case "/help":
      terminal.note(CHAT_HELP);
      return;
    case "/trace": {
      const subject = chat.trace(rest[0] === "all" ? "all" : "turn");
      if (subject === null) terminal.note("nothing was said yet in this process");
      else terminal.write(`${renderWaterfall(subject, terminal)}\n`);
      return;
    }
    case "/save-case": {
      const [id, file] = rest;
      const saved = await chat.saveCase(id ?? null, file ?? null);
      terminal.note(`saved case ${saved.id} to ${saved.file}; review is pending`);
      return;
    }
    default:
      terminal.note(`there is no command ${oneLine(name ?? "", 40)}\n${CHAT_HELP}`);
  }
}

/** @returns whether the turn could be run */
async function runTurn(text: string, chat: Chat, terminal: ChatTerminal): Promise<boolean> {
  const abort = new AbortController();
  const stopListening = terminal.onInterrupt(() => abort.abort());
  const lines = new ChatLines(terminal);
  let streamed = "";
  const endStream = () => {
    if (streamed !== "" && !streamed.endsWith("\n")) terminal.write("\n");
    streamed = "";
  };
  try {
    const turns = await chat.send(
      text,
      {
        onText: (delta) => {
          terminal.write(plainText(delta));
          streamed += delta;
        },
        onEvent: (event) => {
          const line = lines.line(event);
          if (line !== null) {
            endStream();
            terminal.write(`${line}\n`);
          }
          if (event.event_type === "tool_call_start") endStream();
          if (event.event_type.startsWith("tool_call")) terminal.status(lines.running());
          if (event.event_type !== "response_sent") return;
          const isShown = streamed.trim() === event.payload.text.trim();
          endStream();
          if (!isShown) terminal.write(`${plainText(event.payload.text)}\n`);
        },
      },
      abort.signal,
    );
    endStream();
    return turns.map((turn) => tellEnd(turn, terminal)).every(Boolean);
  } finally {
    terminal.status(null);
    endStream();
    stopListening();
  }
}

function tellEnd({ stop, error }: FinishedTurn, terminal: ChatTerminal): boolean {
  if (error !== null) {
    const next = error.isRetryable
      ? "say it again in a moment"
      : "say it in another way, or check the agent file";
    tellFailure(error.code, error.message, next, terminal);
    return false;
  }
  const line = stopLine(stop, terminal);
  if (line !== null) terminal.write(`${line}\n`);
  return true;
}

function tellFailure(code: string, message: string, next: string | undefined, terminal: ChatTerminal): void {
  const hint = next === undefined ? "" : `; next: ${next}`;
  terminal.note(painter(terminal)(`error ${code}: ${oneLine(message, ERROR_CHARACTERS)}${hint}`, "red"));
}
