import type { Command } from "commander";
import type { CommandIo } from "./io.js";
import { type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl report                                  HTML of the latest run in reports/
  agentctl report main -o main.html -o main.xml    by extension: .html .json .md .xml .sarif .svg`;

interface ReportFlags extends OutputFlags {
  readonly config?: string;
  readonly output?: readonly string[];
}

export function addReportCommand(program: Command, io: CommandIo): void {
  const command = program
    .command("report")
    .summary("write the reports of a stored run")
    .description("Writes reports of a stored run and prints their paths. Nothing is run again.")
    .argument("[run]", "run id, its beginning, a tag, or `latest`", "latest")
    .option("-o, --output <file...>", "file to write; format by extension (default: reports/<suite>.html)")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(async (reference: string, flags: ReportFlags) => {
    const { writeStoredReports } = await import("../eval/run/report-stored-run.js");
    const { renderDocument } = await import("../report/json-document.js");
    const files = await writeStoredReports(reference, flags, io.cwd);
    io.print(flags.json === true ? renderDocument("report-files", { files }) : files.join("\n"));
  });
}
