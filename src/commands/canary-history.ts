import type { Command } from "commander";
import { EXIT } from "../core/exit-codes.js";
import { examples, type ReleaseFlags, withReleaseFile } from "./canary-options.js";
import type { CommandIo } from "./io.js";
import { notesFor } from "./options.js";

const ONE = "only this release";

/** Adds `canary history`. */
export function addCanaryHistory(group: Command, io: CommandIo): void {
  const command = group
    .command("history")
    .description("Shows every release of the service with every row of its journal, newest first.")
    .option("--id <release>", ONE)
    .addHelpText("after", examples("agentctl canary history", "agentctl canary history --id rel-41 --json"));
  withReleaseFile(command).action(async (flags: ReleaseFlags) => {
    const { withService } = await import("../release/commands/open-service.js");
    const { releaseHistory } = await import("../release/commands/release-history.js");
    const { renderCanaryHistory } = await import("../report/canary-command-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const history = await withService(flags.release, io.cwd, (service) => releaseHistory(service, flags.id));
    io.print(flags.json === true ? renderDocument("canary-history", history) : renderCanaryHistory(history));
  });
}

const CODES = `

Exit codes: 0 every hash fits, 1 one does not or its evidence is missing, 2 wrong flags or files,
3 the journal cannot be read.`;

/** Adds `canary export`. */
export function addCanaryExport(group: Command, io: CommandIo): void {
  const command = group
    .command("export")
    .description(
      "Prints journal, plans and evidence, one JSON value a line, after checking the hashes of plans, gate reports and evidence.",
    )
    .option("--id <release>", ONE)
    .addHelpText(
      "after",
      `${examples("agentctl canary export > releases.jsonl", "agentctl canary export --id rel-41 --json")}${CODES}`,
    );
  withReleaseFile(command).action(async (flags: ReleaseFlags) => {
    const { withService } = await import("../release/commands/open-service.js");
    const { exportReleases } = await import("../release/commands/release-history.js");
    const { renderCanaryLines } = await import("../report/canary-command-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const exported = await withService(flags.release, io.cwd, (service) => exportReleases(service, flags.id));
    io.print(flags.json === true ? renderDocument("canary-export", exported) : renderCanaryLines(exported));
    for (const problem of exported.problems) notesFor(flags, io)(`error: ${problem}`);
    if (exported.problems.length > 0) io.setExitCode(EXIT.gateFailed);
  });
}
