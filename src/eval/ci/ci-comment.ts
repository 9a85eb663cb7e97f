import { setTimeout as wait } from "node:timers/promises";
import { CodeHostError } from "../../core/errors.js";
import type { CommentDocument } from "../../report/ci/ci-documents.js";
import { type CiReport, commentMark, renderComment } from "../../report/ci/ci-markdown.js";
import { commentTarget } from "./comment-target.js";
import { upsertComment } from "./upsert-comment.js";

/**
 * Writes what a CI job found as the one comment of its pull or merge request, and updates it from then on.
 *
 * @param options.key - tells the comments of several jobs apart; default: the suites of the runs
 * @throws {UsageError} outside a CI job, and without a token
 * @throws {CodeHostError} when the comment cannot be written
 */
export async function ciComment(
  report: CiReport,
  env: { readonly [name: string]: string | undefined },
  options: { readonly key?: string; readonly pullRequest?: number },
): Promise<CommentDocument> {
  const { host, link } = commentTarget(env, options.pullRequest);
  if (host === null) return { action: "none", place: null, url: null };
  const key = options.key ?? report.runs.map(({ run }) => run.suite).join("-");
  try {
    const outcome = await upsertComment(host, commentMark(key), renderComment(report, key, link), wait);
    return { ...outcome, place: host.place };
  } catch (error) {
    if (!(error instanceof CodeHostError)) throw error;
    throw new CodeHostError(`cannot comment on ${host.place}: ${error.message}`, {
      ...(error.status === undefined ? {} : { status: error.status }),
      nextStep:
        error.status === 403 || error.status === 404
          ? "give the job the right to write comments; jobs of pull requests from forks cannot have it"
          : "the report is in the summary and the artifacts of the job",
    });
  }
}
