import type { Command } from "commander";
import { type CiFlags, ciRequest, withCiArguments } from "./ci-options.js";
import type { CommandIo } from "./io.js";

const EXAMPLES = `
Examples:
  agentctl ci summary                                     Markdown of the latest run
  agentctl ci summary main >> "$GITHUB_STEP_SUMMARY"      the page of a job of GitHub Actions`;

export function addCiSummary(ci: Command, io: CommandIo): void {
  const command = ci
    .command("summary")
    .description("Prints what runs found as Markdown, short enough for a comment.")
    .addHelpText("after", EXAMPLES);
  withCiArguments(command).action(async (references: readonly string[], flags: CiFlags) => {
    const { ciReport } = await import("../eval/ci/ci-report.js");
    const { renderCiMarkdown } = await import("../report/ci/ci-markdown.js");
    const { renderDocument } = await import("../report/json-document.js");
    const markdown = renderCiMarkdown(ciReport(ciRequest(references, flags), io.cwd));
    io.print(flags.json === true ? renderDocument("ci-summary", { markdown }) : markdown);
  });
}
