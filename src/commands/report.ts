import type { Command } from "commander";
import type { CommandIo } from "./io.js";

const EXAMPLES = `
Examples:
  agentctl report                                  HTML of the latest run in reports/
  agentctl report main -o main.html -o main.xml    by extension: .html .json .md .xml`;

interface ReportFlags {
  readonly config?: string;
  readonly output?: readonly string[];
}

export function addReportCommand(program: Command, io: CommandIo): void {
  program
    .command("report")
    .summary("write the reports of a stored run")
    .description("Writes reports of a stored run. Nothing is run again.")
    .argument("[run]", "run id, its beginning, a tag, or `latest`", "latest")
    .option("-o, --output <file...>", "file to write; format by extension (default: reports/<suite>.html)")
    .option("-c, --config <file>", "project file (default: agentctl.yaml here or above)")
    .addHelpText("after", EXAMPLES)
    .action(async (reference: string, flags: ReportFlags) => {
      const { writeStoredReports } = await import("../eval/report-stored-run.js");
      for (const file of await writeStoredReports(reference, flags, io.cwd)) io.print(file);
    });
}
