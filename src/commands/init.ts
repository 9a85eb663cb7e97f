import { resolve } from "node:path";
import type { Command } from "commander";
import type { CommandIo } from "./io.js";

const EXAMPLES = `
Examples:
  agentctl init                 into this folder
  agentctl init my-agent && cd my-agent && agentctl eval`;

export function addInitCommand(program: Command, io: CommandIo): void {
  program
    .command("init")
    .summary("write a project that can be evaluated at once")
    .description(
      "Writes agentctl.yaml, agents/, gates.yaml, judges/, datasets/ and a CI workflow. Never overwrites a file.",
    )
    .argument("[folder]", "folder of the project", ".")
    .addHelpText("after", EXAMPLES)
    .action(async (folder: string) => {
      const { scaffoldProject } = await import("../eval/scaffold.js");
      const { created, kept } = scaffoldProject(resolve(io.cwd, folder));
      for (const file of created.filter((name) => !name.startsWith("datasets/handbook/")))
        io.print(`created ${file}`);
      const documents = created.filter((name) => name.startsWith("datasets/handbook/")).length;
      if (documents > 0) io.print(`created datasets/handbook/ (${documents} documents)`);
      if (kept.length > 0) io.print(`kept ${kept.length} files that were there already`);
      io.print(`next: ${folder === "." ? "" : `cd ${folder} && `}agentctl eval`);
    });
}
