import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { type ActionResult, readAction, runAction } from "./github-runner.js";
import { type GithubServer, startGithubServer } from "./github-server.js";
import { root } from "./pages.js";
import { initialisedProject, temporaryFolder } from "./run-cli.js";

const IDENTITY = ["-c", "user.name=ann", "-c", "user.email=ann@example.org"];

/** A repository with an agent whose gate passes, the action, and a stand-in for the API of GitHub. */
export interface ActionProject {
  readonly workspace: string;
  readonly server: GithubServer;
  /** Runs git in the repository, as somebody. */
  git(...args: readonly string[]): Promise<unknown>;
  /** Runs the action as a job of pull request 7 does. */
  run(inputs?: { readonly [name: string]: string }): Promise<ActionResult>;
}

export const action = readAction(root);

export async function actionProject(): Promise<ActionProject> {
  const server = await startGithubServer();
  const workspace = await initialisedProject();
  // Few cases are enough here; all of them pass.
  const dataset = join(workspace, "datasets", "starter.jsonl");
  const cases = readFileSync(dataset, "utf8")
    .split("\n")
    .slice(0, 14)
    .filter((line) => !/key-reset-03|plan-price-02/.test(line));
  writeFileSync(dataset, `${cases.join("\n")}\n`);
  writeFileSync(
    join(workspace, "gates.yaml"),
    "version: 1\ngates:\n  - { metric: task.success, min: 0.5 }\n",
  );
  const event = join(temporaryFolder(), "event.json");
  writeFileSync(event, JSON.stringify({ pull_request: { number: 7 } }));
  const git = (...args: readonly string[]) => execa("git", [...IDENTITY, ...args], { cwd: workspace });
  await git("init", "-q", "-b", "main");
  await git("add", "-A");
  await git("commit", "-q", "-m", "start");
  const run = (inputs: { readonly [name: string]: string } = {}) =>
    runAction(action, root, {
      workspace,
      inputs: { "node-version": "", ...inputs },
      github: { run_id: "42", run_attempt: "1", event_name: "pull_request" },
      env: {
        GITHUB_REPOSITORY: "octo/shop",
        GITHUB_SERVER_URL: "https://github.example",
        GITHUB_API_URL: server.apiUrl,
        GITHUB_EVENT_NAME: "pull_request",
        GITHUB_EVENT_PATH: event,
        GITHUB_REF: "refs/pull/7/merge",
        GITHUB_RUN_ID: "42",
        GITHUB_RUN_ATTEMPT: "1",
      },
    });
  return { workspace, server, git, run };
}
