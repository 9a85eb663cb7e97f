import type { Command } from "commander";
import { EXIT } from "../core/exit-codes.js";
import type { CanaryWatch } from "../report/schemas/canary-watch.js";
import { examples, type ReleaseFlags, withReleaseFlags } from "./canary-options.js";
import type { CommandIo } from "./io.js";

const CODES = `

On a terminal a screen: p pauses, r resumes, a approves, b rolls back, as the commands do; q leaves.
Elsewhere, and under CI, one line a change until the release has ended. It writes nothing itself.

Exit codes: as of canary status (0 promoted, 1 rolled back, cancelled, superseded, 2 wrong flags or
files, 3 held, 4 live), 130 interrupted. The release goes on.`;

interface WatchFlags extends ReleaseFlags {
  readonly actor?: string;
}

/** Adds `canary watch`. */
export function addCanaryWatch(group: Command, io: CommandIo): void {
  const command = group
    .command("watch")
    .description(
      "Shows a release while it goes on: both arms beside each other, every rule with its limits, what the next decision " +
        "waits for and why.",
    )
    .addHelpText(
      "after",
      `${examples("agentctl canary watch", "agentctl canary watch --id rel-41 --json")}${CODES}`,
    );
  withReleaseFlags(command)
    .option("--actor <name>", "your name for what you ask for by key (default: that of git or the system)")
    .action(async (flags: WatchFlags) => {
      const { exitCodeOfStatus } = await import("../release/commands/release-status.js");
      const interruption = new AbortController();
      const stopListening = io.onInterrupt(() => interruption.abort());
      try {
        const { status } = await shown(flags, io, interruption.signal);
        io.setExitCode(interruption.signal.aborted ? EXIT.interrupted : exitCodeOfStatus(status));
      } finally {
        stopListening();
      }
    });
}

async function shown(flags: WatchFlags, io: CommandIo, signal: AbortSignal): Promise<CanaryWatch> {
  const places = { workingDirectory: io.cwd, env: io.env, signal };
  if (flags.json === true) {
    const { withWatch } = await import("../release/watch/watch-release.js");
    const { renderDocument } = await import("../report/json-document.js");
    const found = await withWatch(flags, { ...places, onLook: () => {} }, (watch) => watch.look());
    io.print(renderDocument("canary-watch", found));
    return found;
  }
  if (!io.isTerminal || process.stdin.isTTY !== true) {
    const { followPlainly } = await import("../release/watch/follow-plainly.js");
    return followPlainly(flags, places, io.print);
  }
  // Loaded only here: ink takes a while.
  const { watchOnTerminal } = await import("../release/watch/watch-on-terminal.js");
  const terminal = { stdin: process.stdin, screen: process.stdout, useColor: io.useColor };
  const { watch, text } = await watchOnTerminal(flags, places, terminal);
  io.print(text);
  return watch;
}
