import type { Command } from "commander";
import { addCiAnnotations } from "./ci-annotations.js";
import { addCiComment } from "./ci-comment.js";
import { addCiOutputs } from "./ci-outputs.js";
import { addCiSummary } from "./ci-summary.js";
import type { CommandIo } from "./io.js";

const EXAMPLES = `
Examples:
  agentctl ci annotations latest    remarks on lines of golden set, gates and agent
  agentctl ci summary latest >> "$GITHUB_STEP_SUMMARY"
  agentctl ci comment latest        one comment on the pull request, updated each time`;

export function addCiCommand(program: Command, io: CommandIo): void {
  const ci = program
    .command("ci")
    .summary("tell GitHub or GitLab what a run found")
    .description("Tells GitHub or GitLab what stored runs found: summary, annotations, outputs, comment.")
    .addHelpText("after", EXAMPLES);
  addCiSummary(ci, io);
  addCiAnnotations(ci, io);
  addCiOutputs(ci, io);
  addCiComment(ci, io);
}
