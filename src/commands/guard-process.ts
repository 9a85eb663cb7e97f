import { Console } from "node:console";
import { EXIT } from "../core/exit-codes.js";
import type { CommandIo } from "./io.js";
import { reportFailure } from "./report-failure.js";

/**
 * Keeps code of the user's project, such as a metric, from ending a command so that it looks done: an error that
 * nobody catches is reported like any other, and `process.exit(0)` before the end is no success. What such code logs
 * goes to stderr, for stdout holds the result.
 *
 * @returns to be called when the command has ended by itself
 */
export function guardProcess(io: Pick<CommandIo, "note" | "setExitCode">): () => void {
  const fail = (error: unknown) => {
    reportFailure(error, io);
    process.exit(EXIT.bug);
  };
  const refuseEarlyExit = (code: number) => {
    if (code !== EXIT.ok) return;
    io.note("error: the process was ended before the command was done, by code that called process.exit");
    process.exitCode = EXIT.bug;
  };
  globalThis.console = new Console(process.stderr, process.stderr);
  process.on("uncaughtException", fail);
  process.on("exit", refuseEarlyExit);
  return () => {
    process.off("exit", refuseEarlyExit);
  };
}
