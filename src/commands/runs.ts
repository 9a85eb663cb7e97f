import type { Command } from "commander";
import { UsageError } from "../core/errors.js";
import { problemOfTag } from "../core/run-tag.js";
import type { CommandIo } from "./io.js";
import { type OutputFlags, positiveInteger, withConfigFlag, withOutputFlags } from "./options.js";
import { addRunsExport } from "./runs-export.js";
import { addRunsMerge } from "./runs-merge.js";
import { addRunsTrend } from "./runs-trend.js";

const REFERENCE = "run id, its beginning, a tag, or `latest`";

interface ProjectFlags extends OutputFlags {
  readonly config?: string;
}

export function addRunsCommand(program: Command, io: CommandIo): void {
  const runs = program
    .command("runs")
    .summary("list, show, follow, tag, export, merge and remove stored runs")
    .description("Lists, shows, follows, tags, exports, merges and removes stored runs.")
    .addHelpText(
      "after",
      examples(
        "agentctl runs list --limit 5",
        "agentctl runs tag latest main         `gate main` then judges this run",
      ),
    );
  addList(runs, io);
  addShow(runs, io);
  addRunsTrend(runs, io);
  addTag(runs, io);
  addRunsExport(runs, io);
  addRunsMerge(runs, io);
  addRemove(runs, io);
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

function addList(runs: Command, io: CommandIo): void {
  const command = runs
    .command("list")
    .description("Lists stored runs, newest first.")
    .option("--limit <n>", "at most this many", positiveInteger, 20)
    .option("--suite <name>", "only runs of this suite")
    .option("--tag <tag>", "only runs with this tag")
    .addHelpText(
      "after",
      examples("agentctl runs list --suite tau-airline --limit 5", "agentctl runs list --tag main --json"),
    );
  withOutputFlags(withConfigFlag(command)).action(
    async (flags: ProjectFlags & { limit: number; suite?: string; tag?: string }) => {
      const { withStore } = await import("../eval/run/stored-run.js");
      const { renderRunList, renderRunListJson } = await import("../report/run-list.js");
      const list = withStore(flags.config, io.cwd, (store) => store.listRuns(flags));
      io.print(flags.json === true ? renderRunListJson(list) : renderRunList(list, io));
    },
  );
}

function addShow(runs: Command, io: CommandIo): void {
  const command = runs
    .command("show")
    .description("Shows one run: estimates, failures and verdict, as `eval` printed them.")
    .argument("[run]", REFERENCE, "latest")
    .addHelpText(
      "after",
      examples(
        "agentctl runs show                    the latest run",
        "agentctl runs show main --json        the same document as `eval --json`",
      ),
    );
  withOutputFlags(withConfigFlag(command)).action(async (reference: string, flags: ProjectFlags) => {
    const { reportStoredRun } = await import("../eval/run/report-stored-run.js");
    const { renderSummary } = await import("../report/terminal.js");
    const { renderJson } = await import("../report/json.js");
    const report = reportStoredRun(reference, flags, io.cwd);
    io.print(flags.json === true ? renderJson(report) : renderSummary(report, io));
  });
}

function addTag(runs: Command, io: CommandIo): void {
  const command = runs
    .command("tag")
    .description("Adds a tag to a run, or removes it.")
    .argument("<run>", REFERENCE)
    .argument("<tag>", "e.g. main")
    .option("--remove", "remove the tag instead")
    .addHelpText(
      "after",
      examples(
        "agentctl runs tag latest main         `gate main` then judges this run",
        "agentctl runs tag main main --remove  the newest run with the tag loses it",
      ),
    );
  withOutputFlags(withConfigFlag(command)).action(
    async (reference: string, tag: string, flags: ProjectFlags & { remove?: boolean }) => {
      const isTagged = flags.remove !== true;
      // A tag that an earlier version let through can still be removed.
      const problem = isTagged ? problemOfTag(tag) : null;
      if (problem !== null)
        throw new UsageError(`tag ${JSON.stringify(tag)}: ${problem}`, { nextStep: "choose another tag" });
      const { requireRun, withStore } = await import("../eval/run/stored-run.js");
      const { renderDocument } = await import("../report/json-document.js");
      const run = withStore(flags.config, io.cwd, (store) => {
        const { id } = requireRun(store, reference);
        if (isTagged) store.tagRun(id, tag);
        else store.untagRun(id, tag);
        return requireRun(store, id);
      });
      io.print(
        flags.json === true
          ? renderDocument("run-tag", { runId: run.id, tag, isTagged, tags: run.tags })
          : `${run.id} ${isTagged ? "has" : "no longer has"} the tag ${tag}`,
      );
    },
  );
}

function addRemove(runs: Command, io: CommandIo): void {
  const command = runs
    .command("rm")
    .summary("Removes runs with all their trials.")
    .description("Removes runs with all their trials. When one is not found, none is removed.")
    .argument("<run...>", "run ids, their beginnings, tags, or `latest`")
    .addHelpText(
      "after",
      examples("agentctl runs rm latest", "agentctl runs rm 20261121-0655 20261121-0712 --json"),
    );
  withOutputFlags(withConfigFlag(command)).action(
    async (references: readonly string[], flags: ProjectFlags) => {
      const { removeRuns } = await import("../eval/run/remove-runs.js");
      const { renderDocument } = await import("../report/json-document.js");
      const runIds = removeRuns(references, flags.config, io.cwd);
      io.print(
        flags.json === true ? renderDocument("removed-runs", { runIds }) : `removed ${runIds.join(", ")}`,
      );
    },
  );
}
