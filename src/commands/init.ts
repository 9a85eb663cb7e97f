import { resolve } from "node:path";
import type { Command } from "commander";
import type { CommandIo } from "./io.js";
import { notesFor, type OutputFlags, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl init                 into this folder
  agentctl init my-agent && cd my-agent && agentctl eval`;

export function addInitCommand(program: Command, io: CommandIo): void {
  const command = program
    .command("init")
    .summary("write a project that can be evaluated at once")
    .description(
      "Writes agentctl.yaml, agents/, gates.yaml, judges/, datasets/ and a CI workflow. Never overwrites a file.",
    )
    .argument("[folder]", "folder of the project", ".")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(command).action(async (folder: string, flags: OutputFlags) => {
    const { scaffoldProject } = await import("../eval/project/scaffold.js");
    const { renderScaffold } = await import("../report/created-list.js");
    const { renderDocument } = await import("../report/json-document.js");
    const result = scaffoldProject(resolve(io.cwd, folder));
    io.print(flags.json === true ? renderDocument("init", { folder, ...result }) : renderScaffold(result));
    notesFor(flags, io)(`next: ${folder === "." ? "" : `cd ${folder} && `}agentctl eval`);
  });
}
