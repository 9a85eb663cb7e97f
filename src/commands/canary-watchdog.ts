import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import { EXIT } from "../core/exit-codes.js";
import { examples, withReleaseFile } from "./canary-options.js";
import type { CommandIo } from "./io.js";
import { notesFor, type OutputFlags, timeLimit } from "./options.js";

const CODES = `

Exit codes: 0 nothing to do, or stopped, 2 wrong flags or files; with --once also 1 it took traffic
off a version that nobody controlled, 3 router or journal failed.`;

interface Flags extends OutputFlags {
  readonly release: string;
  readonly grace: number;
  readonly every: number;
  readonly once?: boolean;
}

/** Adds `canary watchdog`. */
export function addCanaryWatchdog(group: Command, io: CommandIo): void {
  const command = group
    .command("watchdog")
    .description(
      "Sets the split to 0 when the controller of a live release died: for routers that have no lease of their own, " +
        "which are all but `agentctl gateway`. Run it on another machine than the controller.",
    )
    .addHelpText(
      "after",
      `${examples("agentctl canary watchdog", "agentctl canary watchdog --once --grace 120 --json")}${CODES}`,
    );
  withReleaseFile(command)
    .option("--grace <seconds>", "how long the lease of the controller may have been over", timeLimit, 60)
    .option("--every <seconds>", "between two looks", timeLimit, 10)
    .option("--once", "look once and exit; --json implies it")
    .action(async (flags: Flags) => {
      const { watch } = await import("../release/start/watch-over.js");
      const { renderDocument } = await import("../report/json-document.js");
      const stop = new AbortController();
      const stopListening = io.onInterrupt(() => stop.abort());
      const isOnce = flags.once === true || flags.json === true;
      try {
        const last = await watch({
          file: flags.release,
          workingDirectory: io.cwd,
          env: io.env,
          clock: systemClock,
          graceMs: flags.grace * 1000,
          everyMs: isOnce ? null : flags.every * 1000,
          signal: stop.signal,
          note: notesFor(flags, io),
        });
        io.print(
          flags.json === true ? renderDocument("canary-watchdog", last) : `${last.outcome}: ${last.reason}`,
        );
        if (!isOnce) return;
        const codes = { "set-to-zero": EXIT.gateFailed, failed: EXIT.infrastructure } as const;
        io.setExitCode(last.outcome in codes ? codes[last.outcome as keyof typeof codes] : EXIT.ok);
      } finally {
        stopListening();
      }
    });
}
