import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { CommandIo } from "./io.js";
import { notesFor, type OutputFlags, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl incident show                 the latest one
  agentctl incident cases inc-20261122 --dataset datasets/regressions.jsonl

A rollback writes incidents/<id>.yaml by itself. People add contributing factors and
actions to that file; an action with a case becomes a golden case.`;

const ID = "incident, or the release that was rolled back; the latest when left out";

interface IncidentFlags extends OutputFlags {
  readonly folder: string;
}

/** Adds `incident`. */
export function addIncidentCommand(program: Command, io: CommandIo): void {
  const group = program
    .command("incident")
    .summary("what is known of a rollback, and the cases that come of it")
    .description(
      "Shows the incidents that rollbacks wrote, makes golden cases of their actions, and closes them.",
    )
    .addHelpText("after", EXAMPLES);
  addList(group, io);
  addShow(group, io);
  addCases(group, io);
  addClose(group, io);
}

function withFolder(command: Command): Command {
  return withOutputFlags(command.option("--folder <folder>", "folder of the incidents", "incidents"));
}

function addList(group: Command, io: CommandIo): void {
  const command = group
    .command("list")
    .description("Lists the incidents.")
    .addHelpText("after", "\nExamples:\n  agentctl incident list\n  agentctl incident list --json");
  withFolder(command).action(async (flags: IncidentFlags) => {
    const { incidentSummary, openFolder } = await import("../release/incident/incident-folder.js");
    const { renderIncidentList } = await import("../report/incident-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const incidents = openFolder(flags.folder, io.cwd).all();
    io.print(
      flags.json === true
        ? renderDocument("incident-list", { incidents: incidents.map(incidentSummary) })
        : renderIncidentList(incidents),
    );
  });
}

function addShow(group: Command, io: CommandIo): void {
  const command = group
    .command("show")
    .argument("[id]", ID)
    .description("Shows an incident as Markdown: timeline, figures, affected conversations, actions.")
    .addHelpText(
      "after",
      "\nExamples:\n  agentctl incident show\n  agentctl incident show inc-20261122 > ticket.md",
    );
  withFolder(command).action(async (id: string | undefined, flags: IncidentFlags) => {
    const { openFolder } = await import("../release/incident/incident-folder.js");
    const { renderIncident } = await import("../report/incident-text.js");
    const { renderDocument } = await import("../report/json-document.js");
    const { incident, file } = openFolder(flags.folder, io.cwd).find(id);
    io.print(
      flags.json === true
        ? renderDocument("incident", { file, isNew: false, incident })
        : renderIncident(incident),
    );
  });
}

function addCases(group: Command, io: CommandIo): void {
  const command = group
    .command("cases")
    .argument("[id]", ID)
    .description("Adds the cases of an incident's actions to a golden set. A second time adds nothing.")
    .requiredOption("--dataset <file>", "golden set (.jsonl), made when missing")
    .addHelpText(
      "after",
      "\nExamples:\n  agentctl incident cases --dataset datasets/regressions.jsonl\n  agentctl incident cases inc-20261122 --dataset datasets/regressions.jsonl --json",
    );
  withFolder(command).action(async (id: string | undefined, flags: IncidentFlags & { dataset: string }) => {
    const { openFolder } = await import("../release/incident/incident-folder.js");
    const { addIncidentCases } = await import("../release/incident/add-cases.js");
    const { renderDocument } = await import("../report/json-document.js");
    const folder = openFolder(flags.folder, io.cwd);
    const { incident, file } = folder.find(id);
    const found = await addIncidentCases(incident, file, resolve(io.cwd, flags.dataset), folder.shown);
    if (flags.json === true) {
      io.print(renderDocument("incident-cases", { dataset: flags.dataset, ...found }));
      return;
    }
    for (const added of found.added) io.print(`added ${added}`);
    notesFor(
      flags,
      io,
    )(`${flags.dataset}: ${found.added.length} added, ${found.kept.length} were there already`);
  });
}

function addClose(group: Command, io: CommandIo): void {
  const command = group
    .command("close")
    .argument("[id]", ID)
    .description("Closes an incident that people wrote contributing factors and actions into.")
    .addHelpText(
      "after",
      "\nExamples:\n  agentctl incident close\n  agentctl incident close inc-20261122 --folder ops/incidents",
    );
  withFolder(command).action(async (id: string | undefined, flags: IncidentFlags) => {
    const { openFolder } = await import("../release/incident/incident-folder.js");
    const { renderDocument } = await import("../report/json-document.js");
    const { incident, file } = await openFolder(flags.folder, io.cwd).close(id);
    io.print(
      flags.json === true
        ? renderDocument("incident", { file, isNew: false, incident })
        : `closed ${incident.id} (${join(flags.folder, `${incident.id}.yaml`)})`,
    );
  });
}
