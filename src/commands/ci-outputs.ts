import type { Command } from "commander";
import { type CiFlags, type CiFormat, ciRequest, withCiArguments, withFormatFlag } from "./ci-options.js";
import type { CommandIo } from "./io.js";

const EXAMPLES = `
Examples:
  agentctl ci outputs                             verdict, run ids, pass rate and cost, one a line
  agentctl ci outputs main >> "$GITHUB_OUTPUT"    for the later steps of a job`;

export function addCiOutputs(ci: Command, io: CommandIo): void {
  const command = ci
    .command("outputs")
    .description("Prints what later steps of a job may ask for, as name=value.")
    .addHelpText("after", EXAMPLES);
  withFormatFlag(command, "github: `run-id=…`; gitlab: `EVAL_RUN_ID=…`, for a dotenv report");
  withCiArguments(command).action(
    async (references: readonly string[], flags: CiFlags & { format: CiFormat }) => {
      const { ciReport } = await import("../eval/ci/ci-report.js");
      const { jobOutputs, renderJobOutputs } = await import("../report/ci/job-outputs.js");
      const { renderDocument } = await import("../report/json-document.js");
      const outputs = jobOutputs(ciReport(ciRequest(references, flags), io.cwd));
      io.print(
        flags.json === true ? renderDocument("ci-outputs", outputs) : renderJobOutputs(outputs, flags.format),
      );
    },
  );
}
