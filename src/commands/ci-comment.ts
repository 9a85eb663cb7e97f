import type { Command } from "commander";
import { type CiFlags, ciRequest, withCiArguments } from "./ci-options.js";
import type { CommandIo } from "./io.js";
import { notesFor, positiveInteger } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl ci comment                               the pull or merge request of this job
  agentctl ci comment main --pr 7 --key nightly     another one, and a comment of its own

Variables: GITHUB_TOKEN, or GITLAB_TOKEN in GitLab CI; the rest is set by the job.`;

interface CommentFlags extends CiFlags {
  readonly key?: string;
  readonly pr?: number;
}

export function addCiComment(ci: Command, io: CommandIo): void {
  const command = ci
    .command("comment")
    .description("Writes what runs found as one comment on a pull or merge request, and updates it.")
    .option("--key <text>", "tells the comments of several jobs apart (default: the suites)")
    .option("--pr <number>", "pull or merge request (default: that of the job)", positiveInteger)
    .addHelpText("after", EXAMPLES);
  withCiArguments(command).action(async (references: readonly string[], flags: CommentFlags) => {
    const { ciReport } = await import("../eval/ci/ci-report.js");
    const { ciComment } = await import("../eval/ci/ci-comment.js");
    const { renderDocument } = await import("../report/json-document.js");
    const { key, pr } = flags;
    const done = await ciComment(ciReport(ciRequest(references, flags), io.cwd), io.env, {
      ...(key === undefined ? {} : { key }),
      ...(pr === undefined ? {} : { pullRequest: pr }),
    });
    if (flags.json === true) io.print(renderDocument("ci-comment", done));
    else if (done.action === "none") notesFor(flags, io)("this job runs for no pull or merge request");
    else io.print(`${done.action} the comment on ${done.place}${done.url === null ? "" : `: ${done.url}`}`);
  });
}
