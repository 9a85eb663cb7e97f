import type { Command } from "commander";
import { EXIT } from "../core/exit-codes.js";
import { type ActorFlags, examples, withActorFlags } from "./canary-options.js";
import type { CommandIo } from "./io.js";
import { notesFor, timeLimit } from "./options.js";

const CODES = `

Exit codes: 0 the split is 0 and was read back, or nothing was live; with --to, all traffic is
there; 2 wrong flags or files; 3 held, since the stable version is down, not confirmed within
--timeout, or written down by --to without moving traffic; 130 interrupted. It may be repeated.`;

interface RollbackOptions extends ActorFlags {
  readonly to?: string;
  readonly force?: boolean;
  readonly timeout?: number;
}

/** Adds `canary rollback`. */
export function addCanaryRollback(group: Command, io: CommandIo): void {
  const command = group
    .command("rollback")
    .description(
      "Takes all traffic off the new version. Asks the controller; when none lives, takes its place: sets the split to 0, " +
        "reads it back, repeats until it is confirmed. Needs no metrics store.",
    )
    .addHelpText(
      "after",
      `${examples('agentctl canary rollback --reason "error burst"', "agentctl canary rollback --to rel-40")}${CODES}`,
    );
  withActorFlags(command, "why; the journal keeps it, and --force wants it")
    .option("--to <version>", "go back to a recorded release or agent version after a promotion")
    .option("--force", "also onto a stable version that does not answer, or without a journal")
    .option("--timeout <seconds>", "stop trying after this long (default: never)", timeLimit);
  command.action(async (flags: RollbackOptions) => {
    const { takeBack } = await import("../release/commands/take-back.js");
    const { renderCanaryRollback } = await import("../report/canary-command-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const interruption = new AbortController();
    const stopListening = io.onInterrupt(() => interruption.abort());
    try {
      const services = { workingDirectory: io.cwd, env: io.env, note: notesFor(flags, io) };
      const result = await takeBack(flags, { ...services, signal: interruption.signal });
      io.print(
        flags.json === true ? renderDocument("canary-rollback", result) : renderCanaryRollback(result),
      );
      const isUnmoved = result.outcome === "pointed-back" && result.splitBps === null;
      if (result.outcome === "held" || isUnmoved) io.setExitCode(EXIT.infrastructure);
    } catch (error) {
      if (!interruption.signal.aborted) throw error;
      io.note("interrupted: the rollback stays asked for in the journal; repeat the command to confirm it");
      io.setExitCode(EXIT.interrupted);
    } finally {
      stopListening();
    }
  });
}
