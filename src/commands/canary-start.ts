import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import { UsageError } from "../core/errors.js";
import { EXIT } from "../core/exit-codes.js";
import type { StartFlags } from "../release/start/start-release.js";
import { examples, withReleaseFile } from "./canary-options.js";
import type { CommandIo } from "./io.js";
import { notesFor, type OutputFlags, withConfigFlag } from "./options.js";

const CODES = `

It stays in the foreground and controls the release; a service manager keeps it running. Ctrl-C
leaves the release where it is: --resume goes on, also after a crash and on another machine with
the journal.

Exit codes: 0 promoted, 1 rolled back or cancelled, 2 wrong flags or files, or refused, 3 router,
journal or another controller, 130 stopped while the release goes on.`;

interface Flags extends StartFlags, OutputFlags {
  readonly actor?: string;
}

/** Adds `canary start`. */
export function addCanaryStart(group: Command, io: CommandIo): void {
  const command = group
    .command("start")
    .description(
      "Releases the version that the gates passed on: makes the plan from the `canary` block of the gate rules and the " +
        "release file, and controls it until it is promoted or taken back.",
    )
    .addHelpText(
      "after",
      `${examples("agentctl canary start --run latest", "agentctl canary start --resume")}${CODES}`,
    );
  withConfigFlag(withReleaseFile(command))
    .option("--run <run>", "run that is judged now: id, its beginning, a tag, or `latest`")
    .option("--gate-report <file>", "document of `agentctl gate --json`, instead of --run")
    .option("--gates <file>", "gate rules with the `canary` block", "gates.yaml")
    .option("--dry-run", "check everything and print the steps; nothing is written, no traffic moves")
    .option("--resume [id]", "go on with a release that has a plan already (default: the live one)")
    .option("--supersede", "take back the live release first, when all checks of this one have passed")
    .option("--actor <name>", "author, as the journal records it (default: that of git or the system)")
    .action(async (flags: Flags) => {
      if (flags.dryRun === true && flags.json === true) {
        throw new UsageError("--dry-run prints no document", {
          nextStep: "agentctl canary plan --json describes the plan",
        });
      }
      if (flags.supersede === true && flags.resume !== undefined) {
        throw new UsageError("--supersede starts a release and --resume goes on with one", {
          nextStep: "give one of them",
        });
      }
      const { actorName } = await import("../release/commands/actor-name.js");
      const { exitCodeOfStatus, releaseStatus } = await import("../release/commands/release-status.js");
      const { withService } = await import("../release/commands/open-service.js");
      const { takeBackFor } = await import("../release/commands/take-back.js");
      const { startRelease } = await import("../release/start/start-release.js");
      const { renderPlannedSteps } = await import("../release/start/planned-steps-text.js");
      const { renderCanaryStatus } = await import("../report/canary-command-text.js");
      const { renderDocument } = await import("../report/json-document.js");
      const note = notesFor(flags, io);
      const stop = new AbortController();
      const stopListening = io.onInterrupt(() => stop.abort());
      try {
        const { record, plan, isLeft } = await startRelease(flags, {
          workingDirectory: io.cwd,
          env: io.env,
          clock: systemClock,
          author: actorName(flags.actor, io.env, io.cwd),
          signal: stop.signal,
          note,
          endLive: (service, successor) =>
            takeBackFor(service, successor, {
              workingDirectory: io.cwd,
              env: io.env,
              note,
              signal: stop.signal,
            }),
        });
        if (record === null) {
          io.print(renderPlannedSteps(plan));
          return;
        }
        const status = await withService(flags.release, io.cwd, ({ journal }) =>
          releaseStatus(journal, record, systemClock.now()),
        );
        io.print(flags.json === true ? renderDocument("canary-status", status) : renderCanaryStatus(status));
        if (isLeft)
          note(`the release goes on where it is; next: agentctl canary start --resume ${record.id}`);
        io.setExitCode(isLeft ? EXIT.interrupted : exitCodeOfStatus(status));
      } finally {
        stopListening();
      }
    });
}
