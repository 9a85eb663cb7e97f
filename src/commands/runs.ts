import type { Command } from "commander";
import type { CommandIo } from "./io.js";
import { positiveInteger } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl runs list --limit 5
  agentctl runs tag latest main         gates and comparisons can then say \`main\``;

interface ConfigFlag {
  readonly config?: string;
}

export function addRunsCommand(program: Command, io: CommandIo): void {
  const runs = program
    .command("runs")
    .summary("list, show, tag and remove stored runs")
    .addHelpText("after", EXAMPLES);
  const withConfig = (command: Command) =>
    command.option("-c, --config <file>", "project file (default: agentctl.yaml here or above)");

  withConfig(runs.command("list"))
    .description("Lists stored runs, newest first.")
    .option("--limit <n>", "at most this many", positiveInteger, 20)
    .option("--suite <name>", "only runs of this suite")
    .option("--tag <tag>", "only runs with this tag")
    .option("--json", "print one JSON document on stdout")
    .action(async (flags: ConfigFlag & { limit: number; suite?: string; tag?: string; json?: boolean }) => {
      const { withStore } = await import("../eval/stored-run.js");
      const { renderRunList, renderRunListJson } = await import("../report/run-list.js");
      const list = withStore(flags.config, io.cwd, (store) => store.listRuns(flags));
      io.print(flags.json === true ? renderRunListJson(list) : renderRunList(list, io));
    });

  withConfig(runs.command("show"))
    .description("Shows one run: estimates, failures and verdict, as `eval` printed them.")
    .argument("[run]", "run id, its beginning, a tag, or `latest`", "latest")
    .option("--json", "print one JSON document on stdout")
    .action(async (reference: string, flags: ConfigFlag & { json?: boolean }) => {
      const { reportStoredRun } = await import("../eval/report-stored-run.js");
      const { renderSummary } = await import("../report/terminal.js");
      const { renderJson } = await import("../report/json.js");
      const report = reportStoredRun(reference, flags, io.cwd);
      io.print(flags.json === true ? renderJson(report) : renderSummary(report, io));
    });

  withConfig(runs.command("tag"))
    .description("Adds a tag to a run, or removes it.")
    .argument("<run>", "run id, its beginning, a tag, or `latest`")
    .argument("<tag>", "e.g. main")
    .option("--remove", "remove the tag instead")
    .action(async (reference: string, tag: string, flags: ConfigFlag & { remove?: boolean }) => {
      const { requireRun, withStore } = await import("../eval/stored-run.js");
      const id = withStore(flags.config, io.cwd, (store) => {
        const run = requireRun(store, reference);
        if (flags.remove === true) store.untagRun(run.id, tag);
        else store.tagRun(run.id, tag);
        return run.id;
      });
      io.print(`${id} ${flags.remove === true ? "no longer has" : "has"} the tag ${tag}`);
    });

  withConfig(runs.command("rm"))
    .description("Removes runs with all their trials.")
    .argument("<run...>", "run ids, their beginnings, or tags")
    .action(async (references: readonly string[], flags: ConfigFlag) => {
      const { requireRun, withStore } = await import("../eval/stored-run.js");
      const ids = withStore(flags.config, io.cwd, (store) => {
        const found = references.map((reference) => requireRun(store, reference).id);
        for (const id of found) store.deleteRun(id);
        return found;
      });
      io.print(`removed ${ids.join(", ")}`);
    });
}
