import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readAction, runAction } from "./github-runner.js";
import { type GithubServer, startGithubServer } from "./github-server.js";
import { expectShown, pageShell, stepsOf } from "./page-commands.js";
import { pageText, root } from "./pages.js";
import { temporaryFolder } from "./run-cli.js";

/** The program starts some twenty times, and each step of the action once more. */
const SLOW_MS = 180_000;

describe("docs/tutorial.md", () => {
  const steps = stepsOf("docs/tutorial.md");
  const shell = pageShell();
  let server: GithubServer | undefined;

  afterAll(async () => {
    await server?.close();
    shell.remove();
  });

  it("has commands, and shows what most of them print", () => {
    expect(steps.length).toBeGreaterThan(12);
    expect(steps.filter(({ captures }) => captures.length > 0).length).toBeGreaterThan(9);
  });

  it.each(steps)(
    "does what it says at line $line",
    async (step) => {
      expectShown(step, await shell.run(step));
    },
    SLOW_MS,
  );

  interface Workflow {
    readonly jobs: {
      readonly [job: string]: {
        readonly steps: readonly {
          readonly uses: string;
          readonly with?: { readonly [input: string]: string };
        }[];
      };
    };
  }

  /** What a job of pull request 7 does on a fresh clone, by the workflow of the tutorial and the steps of the action. */
  async function pullRequest(branch: string) {
    server ??= await startGithubServer();
    const workspace = join(temporaryFolder(), "shop");
    await execa("git", ["clone", "-q", "--branch", branch, shell.folder, workspace]);
    const file = readFileSync(join(workspace, ".github/workflows/agentctl.yml"), "utf8");
    const job = (parse(file) as Workflow).jobs.gate;
    const ours = job?.steps.find(({ uses }) => uses.startsWith("octo/agentctl@"));
    const action = readAction(root);
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(ours?.with ?? {})));
    return runAction(action, root, {
      workspace,
      inputs: { "node-version": "", ...ours?.with },
      github: { run_id: "42", run_attempt: "1", event_name: "pull_request" },
      env: {
        GITHUB_REPOSITORY: "octo/shop",
        GITHUB_SERVER_URL: "https://github.example",
        GITHUB_API_URL: server.apiUrl,
        GITHUB_EVENT_NAME: "pull_request",
        GITHUB_REF: "refs/pull/7/merge",
        GITHUB_RUN_ID: "42",
        GITHUB_RUN_ATTEMPT: "1",
      },
    });
  }

  it(
    "ends with a job that fails the bad pull request, and comments what the page shows",
    async () => {
      const { exitCode, outputs, log } = await pullRequest("one-passage");
      expect(exitCode, log).toBe(1);
      expect(outputs.verdict).toBe("fail");
      const comment = plain(server?.comments.at(-1)?.body ?? "");
      const shown = [...pageText("docs/tutorial.md").matchAll(/^> \| (?!verdict)(.*) \|$/gm)].map(
        ([, row = ""]) => plain(row).split(" | "),
      );
      expect(shown).toHaveLength(5);
      for (const cell of shown.flat()) expect(comment).toContain(cell);
    },
    SLOW_MS,
  );

  it(
    "and passes the good one from a clone that has no history",
    async () => {
      const { exitCode, outputs, log } = await pullRequest("main");
      expect(exitCode, log).toBe(0);
      expect(outputs.verdict).toBe("pass");
    },
    SLOW_MS,
  );
});

/** Text without mark-up, as a reader sees it. */
function plain(markdown: string): string {
  return markdown
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll(/<\/?code>|`|&nbsp;/g, "")
    .replaceAll(/ +/g, " ")
    .trim();
}
