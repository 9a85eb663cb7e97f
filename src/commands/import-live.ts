import { type Command, Option } from "commander";
import { type ImportOutputFlags, printImported, withRunFlags } from "./import-options.js";
import type { CommandIo } from "./io.js";

const EXAMPLES = `
Examples:
  agentctl import live .agentctl/captures --release rel-20261122 --tag live
  agentctl import live .agentctl/captures --arm canary --tag live`;

interface LiveCommandFlags extends ImportOutputFlags {
  readonly release?: string;
  readonly arm?: "stable" | "canary";
}

/** Adds `import live`, which takes conversations that a gateway kept. */
export function addLiveImport(group: Command, io: CommandIo): void {
  const command = group
    .command("live")
    .summary("store live conversations that a gateway kept as a run")
    .description(
      "Stores live conversations that a gateway kept (`capture` in gateway.yaml) as a run, one trial each, so that they " +
        "can be scored, judged, reviewed and traced. They were redacted before they were written.",
    )
    .argument("<path>", "JSONL file, or folder of them")
    .option("--release <id>", "only conversations of this release")
    .addOption(new Option("--arm <arm>", "only conversations of this arm").choices(["stable", "canary"]))
    .addHelpText("after", EXAMPLES);
  withRunFlags(command, "live").action(async (path: string, flags: LiveCommandFlags) => {
    const { importLive } = await import("../eval/import/import-live.js");
    const { systemClock } = await import("../core/clock.js");
    const services = { workingDirectory: io.cwd, clock: systemClock };
    await printImported({ kind: "run", report: await importLive(path, flags, services) }, flags, io);
  });
}
