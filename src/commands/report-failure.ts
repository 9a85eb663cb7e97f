import { CommanderError } from "commander";
import { AgentctlError } from "../core/errors.js";
import { EXIT } from "../core/exit-codes.js";
import type { CommandIo } from "./io.js";

/** Prints what went wrong, once, and sets the exit code. */
export function reportFailure(error: unknown, io: Pick<CommandIo, "note" | "setExitCode">): void {
  if (error instanceof CommanderError) {
    // Commander has printed its message; help and version end with 0.
    io.setExitCode(error.exitCode === 0 ? EXIT.ok : EXIT.userError);
    return;
  }
  if (error instanceof AgentctlError) {
    io.note(`error ${error.code}:${error.message.includes("\n") ? "\n" : " "}${error.message}`);
    if (error.nextStep !== undefined) io.note(`next: ${error.nextStep}`);
    io.setExitCode(error.exitCode);
    return;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.note(`this is a bug in agentctl; please report it with these lines\n${stack}`);
  io.setExitCode(EXIT.bug);
}
