import { StoreError } from "../core/errors.js";
import { EXIT } from "../core/exit-codes.js";
import type { CommandIo } from "./io.js";
import { reportFailure } from "./report-failure.js";
import { mayUseColor } from "./use-color.js";

/** The real process as a {@link CommandIo}. */
export function processIo(): CommandIo {
  const isCi = process.env.CI !== undefined && process.env.CI !== "" && process.env.CI !== "false";
  const note = (text: string) => {
    process.stderr.write(`${text}\n`);
  };
  let hasFailedOutput = false;
  const setExitCode = (code: number) => {
    if (!hasFailedOutput) process.exitCode = code;
  };
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (isReaderGone(error) || hasFailedOutput) return;
    reportFailure(new StoreError(`cannot write to stdout: ${error.message}`, { cause: error }), {
      note,
      setExitCode,
    });
    hasFailedOutput = true;
  });
  // There is no place left to tell of a failure on stderr.
  process.stderr.on("error", () => {});
  return {
    cwd: process.cwd(),
    env: process.env,
    print: (text) => process.stdout.write(text.endsWith("\n") ? text : `${text}\n`),
    note,
    isTerminal:
      process.stdout.isTTY === true && process.stderr.isTTY === true && process.env.TERM !== "dumb" && !isCi,
    useColor: mayUseColor(process.env, process.stdout.isTTY === true),
    columns: process.stdout.columns ?? 100,
    onInterrupt: (handler) => {
      let interrupts = 0;
      const listener = () => {
        interrupts += 1;
        if (interrupts > 1) process.exit(EXIT.interrupted);
        handler();
      };
      process.on("SIGINT", listener);
      process.on("SIGTERM", listener);
      return () => {
        process.off("SIGINT", listener);
        process.off("SIGTERM", listener);
      };
    },
    changeEnvironment: (set, unset) => {
      Object.assign(process.env, set);
      for (const name of unset) delete process.env[name];
    },
    setExitCode,
  };
}

/** `| head -1` and a closed pager are no failure: what the command did stands, and so does its exit code. */
function isReaderGone(error: NodeJS.ErrnoException): boolean {
  return error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED";
}
