import { readFileSync } from "node:fs";
import { UsageError } from "../../core/errors.js";
import type { CodeHost } from "./code-host.js";
import { githubComments } from "./github-comments.js";
import { gitlabNotes } from "./gitlab-notes.js";

type Environment = { readonly [name: string]: string | undefined };

/** Where a CI job comments, and its page; `host: null` when it runs for no pull or merge request. */
export interface CommentTarget {
  readonly host: CodeHost | null;
  readonly link: string | null;
}

/**
 * Finds out from the variables of GitHub Actions or GitLab CI where to comment.
 *
 * @param pullRequest - number to use instead of that of the job
 * @throws {UsageError} outside such a job, and without a token
 */
export function commentTarget(env: Environment, pullRequest: number | undefined): CommentTarget {
  if (isSet(env.GITLAB_CI)) return gitlabTarget(env, pullRequest);
  if (isSet(env.GITHUB_REPOSITORY)) return githubTarget(env, pullRequest);
  throw new UsageError("expected the variables of GitHub Actions or GitLab CI, found neither", {
    nextStep: "elsewhere, set GITHUB_REPOSITORY and GITHUB_TOKEN and name the pull request with --pr",
  });
}

function githubTarget(env: Environment, pullRequest: number | undefined): CommentTarget {
  const repository = env.GITHUB_REPOSITORY ?? "";
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new UsageError("GITHUB_REPOSITORY: expected owner/name, found another form");
  }
  const server = env.GITHUB_SERVER_URL ?? "https://github.com";
  const link = isSet(env.GITHUB_RUN_ID)
    ? `${server}/${repository}/actions/runs/${encodeURIComponent(env.GITHUB_RUN_ID)}`
    : null;
  const number = pullRequest ?? pullRequestOf(env);
  if (number === null) return { host: null, link };
  const token = tokenOf(env, ["GITHUB_TOKEN", "GH_TOKEN"]);
  const apiUrl = withoutSlash(env.GITHUB_API_URL ?? "https://api.github.com");
  return { host: githubComments(apiUrl, token, repository, number), link };
}

/** The number stands in the event; on a `pull_request` event also in the name of the ref. */
function pullRequestOf(env: Environment): number | null {
  const event = eventOf(env.GITHUB_EVENT_PATH);
  const candidates = [
    event?.pull_request?.number,
    event?.issue?.pull_request === undefined ? undefined : event.issue.number,
    event?.workflow_run?.pull_requests?.[0]?.number,
    Number(/^refs\/pull\/(\d+)\//.exec(env.GITHUB_REF ?? "")?.[1] ?? Number.NaN),
  ];
  return candidates.find((one): one is number => Number.isSafeInteger(one) && (one as number) > 0) ?? null;
}

interface GithubEvent {
  readonly pull_request?: { readonly number?: number };
  readonly issue?: { readonly number?: number; readonly pull_request?: object };
  readonly workflow_run?: { readonly pull_requests?: readonly { readonly number?: number }[] };
}

function eventOf(file: string | undefined): GithubEvent | null {
  if (!isSet(file)) return null;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as GithubEvent | null;
  } catch (cause) {
    throw new UsageError("GITHUB_EVENT_PATH: expected a JSON file, found something else", { cause });
  }
}

function gitlabTarget(env: Environment, mergeRequest: number | undefined): CommentTarget {
  const link = env.CI_PIPELINE_URL ?? null;
  const number = mergeRequest ?? Number(env.CI_MERGE_REQUEST_IID ?? Number.NaN);
  if (!Number.isSafeInteger(number) || number < 1) return { host: null, link };
  const { CI_API_V4_URL: apiUrl, CI_PROJECT_ID: project } = env;
  if (!isSet(apiUrl) || !isSet(project)) {
    throw new UsageError("expected CI_API_V4_URL and CI_PROJECT_ID of GitLab CI, found one of them unset");
  }
  return { host: gitlabNotes(withoutSlash(apiUrl), tokenOf(env, ["GITLAB_TOKEN"]), project, number), link };
}

function tokenOf(env: Environment, names: readonly string[]): string {
  for (const name of names) {
    const token = env[name]?.trim();
    if (isSet(token)) return token;
  }
  throw new UsageError(`expected a token in ${names.join(" or ")}, found none`, {
    nextStep: "docs/ci.md says which rights it needs",
  });
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
