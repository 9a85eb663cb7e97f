import { spawnSync } from "node:child_process";

type Environment = { readonly [name: string]: string | undefined };

/** Where the working tree stands. */
export interface Checkout {
  /** The branch that is checked out; in CI, whose heads are detached, that which it says; `null` when nobody knows. */
  readonly branch: string | null;
  /** Branches that may be the default one: one name where git or CI knows it. */
  readonly defaultBranches: readonly string[];
  /** Whether CI runs for a pull or merge request: what it checked out is not on the default branch yet. */
  readonly isPullRequest: boolean;
  readonly commit: string;
  /** Whether no tracked file differs from the commit; files that git does not know are not asked for. */
  readonly isClean: boolean;
}

/** Reads the state of a working tree; `null` where there is no git repository with a commit. */
export function readCheckout(folder: string, env: Environment): Checkout | null {
  const commit = git(folder, "rev-parse", "HEAD");
  if (commit === null) return null;
  return {
    branch: git(folder, "symbolic-ref", "--short", "-q", "HEAD") ?? branchOfCi(env),
    defaultBranches: defaultBranches(folder, env),
    isPullRequest: isPullRequest(env),
    commit,
    isClean: git(folder, "status", "--porcelain", "--untracked-files=no") === "",
  };
}

function isPullRequest(env: Environment): boolean {
  return (
    env.GITHUB_EVENT_NAME?.startsWith("pull_request") === true ||
    isSet(env.GITHUB_HEAD_REF) ||
    isSet(env.CI_MERGE_REQUEST_IID)
  );
}

function branchOfCi(env: Environment): string | null {
  if (env.GITHUB_REF?.startsWith("refs/heads/") === true || env.GITHUB_REF_TYPE === "branch") {
    return env.GITHUB_REF_NAME ?? null;
  }
  return isSet(env.CI_COMMIT_BRANCH) ? env.CI_COMMIT_BRANCH : null;
}

/** What the remote calls its default branch, else what CI says, else `main` or `master`. */
function defaultBranches(folder: string, env: Environment): readonly string[] {
  const remote = git(folder, "symbolic-ref", "--short", "-q", "refs/remotes/origin/HEAD");
  if (remote !== null) return [remote.replace(/^origin\//, "")];
  if (isSet(env.CI_DEFAULT_BRANCH)) return [env.CI_DEFAULT_BRANCH];
  const local = git(folder, "rev-parse", "-q", "--verify", "refs/heads/main");
  return local === null ? ["main", "master"] : ["main"];
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

function git(folder: string, ...args: readonly string[]): string | null {
  const { status, stdout } = spawnSync("git", args, { cwd: folder, encoding: "utf8", timeout: 10_000 });
  return status === 0 ? stdout.trim() : null;
}
