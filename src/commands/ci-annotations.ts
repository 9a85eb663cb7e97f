import type { Command } from "commander";
import { type CiFlags, type CiFormat, ciRequest, withCiArguments, withFormatFlag } from "./ci-options.js";
import type { CommandIo } from "./io.js";

const EXAMPLES = `
Examples:
  agentctl ci annotations                                       workflow commands of GitHub Actions
  agentctl ci annotations --format gitlab > gl-code-quality.json`;

export function addCiAnnotations(ci: Command, io: CommandIo): void {
  const command = ci
    .command("annotations")
    .description(
      "Prints remarks on lines of golden set, gates and agent: at most 10 a level, the most serious first.",
    )
    .addHelpText("after", EXAMPLES);
  withFormatFlag(command, "github: workflow commands; gitlab: Code Quality report, unlimited");
  withCiArguments(command).action(
    async (references: readonly string[], flags: CiFlags & { format: CiFormat }) => {
      const { ciReport } = await import("../eval/ci/ci-report.js");
      const { ciAnnotations } = await import("../eval/ci/ci-annotations.js");
      const { renderDocument } = await import("../report/json-document.js");
      const report = ciReport(ciRequest(references, flags), io.cwd);
      const annotations = await ciAnnotations(report, flags.config, io.cwd);
      if (flags.json === true) io.print(renderDocument("ci-annotations", { annotations }));
      else if (flags.format === "gitlab") {
        const { renderCodeQuality } = await import("../report/ci/code-quality.js");
        io.print(renderCodeQuality(annotations, "agentctl.yaml"));
      } else {
        const { workflowCommands } = await import("../report/ci/workflow-commands.js");
        for (const line of workflowCommands(annotations)) io.print(line);
      }
    },
  );
}
