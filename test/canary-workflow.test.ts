import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { CanaryProject, UP_TO_BAKING } from "./canary-project.js";
import { type ActionFile, runAction } from "./github-runner.js";
import { root } from "./pages.js";
import { keepCases, runCli } from "./run-cli.js";

interface Workflow {
  readonly on: {
    readonly workflow_call: { readonly inputs: { readonly [name: string]: { readonly default?: unknown } } };
  };
  readonly defaults: unknown;
  readonly jobs: {
    readonly [name: string]: {
      readonly steps: ActionFile["runs"]["steps"];
      readonly outputs?: { readonly [name: string]: string };
      readonly "runs-on": string;
      readonly environment: string;
    };
  };
}

const GATES = `version: 1
gates: [{ metric: task.success, min: 0.1 }]
canary:
  steps: [{ traffic: 50%, bake: 1s, min_conversations: 5 }]
  rollback_triggers: { safety_violations: { threshold: "+1 per 10 conversations", window: 1m } }
`;
const PAGE = "https://github.example/octo/shop/actions/runs/42";

let project: CanaryProject;
let workspace: string;
let run: { readonly id: string; readonly version: string };

beforeAll(async () => {
  project = await CanaryProject.create();
  workspace = join(project.folder, "work");
  await runCli(["init", "work"], { cwd: project.folder });
  keepCases(workspace, 12);
  writeFileSync(join(workspace, "gates.yaml"), GATES);
  const events = join(project.folder, "events");
  mkdirSync(events);
  const journal = join(project.folder, "releases.db");
  writeFileSync(
    join(workspace, "release.yaml"),
    JSON.stringify({ ...config(), traffic: config().stable.url, events: [events], journal }),
  );
  symlinkSync(root, join(workspace, ".agentctl-action"));
  mkdirSync(join(project.folder, "bin"));
  const program = join(project.folder, "bin", "agentctl");
  writeFileSync(program, `#!/bin/sh\nexec node -- "${join(root, "bin", "agentctl.js")}" "$@"\n`);
  chmodSync(program, 0o755);
  await runCli(["eval"], { cwd: workspace });
  const { stdout } = await runCli(["gate", "latest", "--json"], { cwd: workspace });
  const report = JSON.parse(stdout) as { readonly runId: string; readonly agentVersion: string };
  run = { id: report.runId, version: report.agentVersion };
}, 30_000);
afterAll(async () => {
  await project.remove();
  rmSync(project.folder, { recursive: true });
});

function workflowOf(name: string): Workflow {
  return parse(readFileSync(join(root, ".github/workflows", name), "utf8")) as Workflow;
}

/** The steps of a job as they are written, with bash as a runner of GitHub does it. */
function runJob(
  { on, jobs }: Workflow,
  options: {
    readonly inputs?: { readonly [name: string]: string };
    readonly verdict?: string;
    readonly actor?: string;
    readonly onLine?: (line: string, interrupt: () => void) => void;
  } = {},
) {
  const [{ steps = [], outputs = {} } = {}] = Object.values(jobs);
  const { verdict = "pass", actor = "ana", inputs = {}, onLine } = options;
  const known = Object.entries(on.workflow_call.inputs).map(([name, one]) => [
    name,
    { description: name, default: String(one.default ?? "") },
  ]);
  const values = Object.entries(outputs).map(([name, value]) => [name, { description: name, value }]);
  const file = {
    inputs: Object.fromEntries(known),
    outputs: Object.fromEntries(values),
    runs: { using: "composite", steps },
  };
  return runAction(file as ActionFile, root, {
    workspace,
    inputs,
    github: {
      server_url: "https://github.example",
      repository: "octo/shop",
      run_id: "42",
      run_attempt: "1",
      triggering_actor: actor,
    },
    env: {},
    secrets: { GATEWAY_TOKEN: "a-token" },
    actions: { agentctl: { outputs: { verdict, "run-id": run.id }, path: [join(project.folder, "bin")] } },
    ...(onLine === undefined ? {} : { onLine }),
  });
}

const config = () =>
  JSON.parse(readFileSync(join(project.folder, "release.yaml"), "utf8")) as {
    readonly stable: { readonly url: string };
    readonly canary: { readonly url: string };
  };

const RELEASE = "Release, step by step";
const BACK = "Take the traffic back";

describe("agentctl-canary.yml", () => {
  const workflow = workflowOf("agentctl-canary.yml");

  it("runs where its caller says, with pipes that fail, and takes traffic back before anything else", () => {
    const { rollout } = workflow.jobs;
    expect(rollout?.["runs-on"]).toContain("fromJSON(inputs.runs-on)");
    expect(rollout?.environment).toContain("inputs.environment");
    expect(workflow.defaults).toEqual({ run: { shell: "bash" } });
    const names = (rollout?.steps ?? []).map(({ name }) => name);
    expect(names.indexOf(BACK)).toBe(names.indexOf(RELEASE) + 1);
  });

  it("moves no traffic when the gates did not pass", async () => {
    const job = await runJob(workflow, { verdict: "inconclusive" });
    expect(job.exitCode).toBe(1);
    expect(job.ran).not.toContain(RELEASE);
    expect(project.journal.list({ service: "support" })).toEqual([]);
  });

  it("takes all traffic back when the job is cancelled", { timeout: 20_000 }, async () => {
    const job = await runJob(workflow, {
      onLine: (line, interrupt) => {
        if (line.startsWith("BAKING(0)")) interrupt();
      },
    });
    expect(job.log).toContain("VERIFYING(0) 50 %");
    expect(job.exitCode, job.log).toBe(130);
    expect(job.ran).toContain(BACK);
    expect(project.split.bps).toBe(0);
    const [release] = project.journal.list({ service: "support" });
    expect(release).toMatchObject({ author: "ana", state: { name: "ROLLED_BACK" } });
    expect(job.outputs).toEqual({ outcome: "rolled-back", "release-id": release?.id, "run-id": run.id });
    const asked = project.journal.rows(release?.id ?? "").filter(({ actor }) => actor === "ana");
    expect(asked.map(({ reason }) => reason).join()).toContain(`job failure: ${PAGE}`);
    expect(job.summary).toMatch(/canary: rel-\S+ is ROLLED_BACK.+ {4}SHIFTING\(0\) 50 %/s);
  });

  it("goes on with the release of a job that died, and promotes it", { timeout: 20_000 }, async () => {
    const step = { bps: 5000, bakeMs: 500, maxBakeMs: 60_000, minConversations: 5, needsApproval: false };
    const { url } = config().canary;
    const canary = { agentVersion: run.version, url, model: null, runId: "run-before" };
    project.release("rel-died", UP_TO_BAKING, { steps: [step], canary });
    const job = await runJob(workflow, {
      onLine: (line) => {
        if (line.includes("BAKING(0)")) project.converse();
      },
    });
    expect(job.exitCode, job.log).toBe(0);
    expect(job.log).toContain("release rel-died: goes on in BAKING(0)");
    expect(job.ran).not.toContain(BACK);
    expect(job.outputs).toEqual({ outcome: "promoted", "release-id": "rel-died", "run-id": run.id });
    expect(project.split.bps).toBe(10_000);
    expect(Object.keys(job.used)).toEqual(
      expect.arrayContaining([
        "Keep the incident of a rollback",
        "Keep the baseline that was moved, and what waits for review",
      ]),
    );
  });

  it("leaves a release of another version alone, and its traffic", async () => {
    project.release("rel-other", UP_TO_BAKING);
    const job = await runJob(workflow);
    expect(job.exitCode, job.log).toBe(2);
    expect(job.commands).toContainEqual(
      expect.objectContaining({
        name: "error",
        message: expect.stringContaining("rel-other is in BAKING(0) and of another version"),
      }),
    );
    expect(job.ran).not.toContain(RELEASE);
    expect(job.ran).toContain(BACK);
    expect(project.split.bps).toBe(100);
    expect(job.outputs.outcome).toBe("");
    expect(job.summary).toContain("rel-other is BAKING(0), which is not of this job");
  });
});

describe("agentctl-canary-act.yml", () => {
  const workflow = workflowOf("agentctl-canary-act.yml");
  const act = (name: string, actor: string) =>
    runJob(workflow, { actor, inputs: { act: name, reason: "samples look fine" } });

  it("takes back the release that is live", async () => {
    const back = await act("rollback", "mia");
    expect(back.exitCode, back.log).toBe(0);
    expect(project.journal.get("rel-other")?.state.name).toBe("ROLLED_BACK");
    expect(project.split.bps).toBe(0);
  });

  it("asks with the name that GitHub knows: an author cannot approve, somebody else can", async () => {
    expect(workflow.defaults).toEqual({ run: { shell: "bash" } });
    project.release("rel-asks", [{ type: "plan-frozen" }, { type: "preflight-passed" }], {
      needsApproval: true,
      fourEyes: true,
    });
    const own = await act("approve", "ana");
    expect(own.exitCode, own.log).toBe(2);
    expect(own.log).toContain("RELEASE_FORBIDDEN");
    const other = await act("approve", "mia");
    expect(other.exitCode, other.log).toBe(0);
    expect(other.summary).toContain("mia");
    expect(project.journal.requests("rel-asks").map(({ event }) => event)).toEqual([
      { type: "approved", actor: "mia", reason: "samples look fine" },
    ]);
  });

  it.each(["promote", "start", "status; id"])("does not do %s", async (name) => {
    expect(await act(name, "mia")).toMatchObject({ exitCode: 2, summary: "" });
  });
});
