import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import { examples, type ReleaseFlags, withReleaseFlags } from "./canary-options.js";
import type { CommandIo } from "./io.js";

const CODES = `

Exit codes: 0 promoted, 1 rolled back or rolling back, cancelled, superseded,
2 wrong flags or files, or no release, 3 held, or the journal cannot be read,
4 live: it goes on, waits, or is paused.`;

/** Adds `canary status`. */
export function addCanaryStatus(group: Command, io: CommandIo): void {
  const command = group
    .command("status")
    .description("Shows where a release stands, by its journal. The exit code is the state.")
    .addHelpText(
      "after",
      `${examples("agentctl canary status", "agentctl canary status --id rel-41 --json")}${CODES}`,
    );
  withReleaseFlags(command).action(async (flags: ReleaseFlags) => {
    const { chosenRelease, withService } = await import("../release/commands/open-service.js");
    const { exitCodeOfStatus, releaseStatus } = await import("../release/commands/release-status.js");
    const { renderCanaryStatus } = await import("../report/canary-command-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const status = await withService(flags.release, io.cwd, (service) =>
      releaseStatus(service.journal, chosenRelease(service, flags.id), systemClock.now()),
    );
    io.print(flags.json === true ? renderDocument("canary-status", status) : renderCanaryStatus(status));
    io.setExitCode(exitCodeOfStatus(status));
  });
}
