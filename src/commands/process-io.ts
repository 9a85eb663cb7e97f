import { EXIT } from "../core/exit-codes.js";
import type { CommandIo } from "./io.js";

/** The real process as a {@link CommandIo}. */
export function processIo(): CommandIo {
  const isCi = process.env.CI !== undefined && process.env.CI !== "" && process.env.CI !== "false";
  return {
    cwd: process.cwd(),
    env: process.env,
    print: (text) => process.stdout.write(`${text}\n`),
    note: (text) => process.stderr.write(`${text}\n`),
    isTerminal: process.stdout.isTTY === true && process.stderr.isTTY === true && !isCi,
    useColor: process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb",
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
    setExitCode: (code) => {
      process.exitCode = code;
    },
  };
}
