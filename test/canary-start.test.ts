import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CanaryProject, UP_TO_BAKING } from "./canary-project.js";
import { documentOf } from "./json-documents.js";
import { keepCases, startCli } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const GATES = `version: 1
gates: [{ metric: task.success, min: 0.1 }]
canary:
  steps: [{ traffic: 50%, bake: 1s, min_conversations: 5 }]
  rollback_triggers: { safety_violations: { threshold: "+1 per 10 conversations", window: 1m } }
`;

let project: CanaryProject;
beforeEach(async () => {
  project = await CanaryProject.create();
  const file = join(project.folder, "release.yaml");
  const config = JSON.parse(readFileSync(file, "utf8")) as { stable: { url: string } };
  writeFileSync(file, JSON.stringify({ ...config, traffic: config.stable.url, events: ["events"] }));
  writeFileSync(join(project.folder, "gates.yaml"), GATES);
  mkdirSync(join(project.folder, "events"));
});
afterEach(async () => {
  await project.remove();
  rmSync(project.folder, { recursive: true });
});

const canary = (...args: string[]) => runCommand(["canary", ...args], { cwd: project.folder });

/** Starts a release, and stops the controller when traffic has moved. */
async function untilItBakes(start: readonly string[]) {
  const started = startCli(["canary", ...start], { cwd: project.folder });
  started.stderr?.on("data", (chunk: Buffer) => {
    if (chunk.toString().includes("BAKING(0)")) started.kill("SIGINT");
  });
  const stopped = await started;
  expect(stopped.exitCode).toBe(130);
  return stopped;
}

describe("canary start", () => {
  it("refuses without a proof, promotes with one, and goes on after a Ctrl-C", async () => {
    const cwd = project.folder;
    expect((await canary("start")).stderr).toContain("--run and --gate-report");
    await runCommand(["init", "agent"], { cwd });
    keepCases(join(cwd, "agent"), 12);
    const config = ["-c", "agent/agentctl.yaml"];
    expect((await runCommand(["eval", ...config], { cwd })).exitCode).toBe(0);
    const start = ["start", ...config, "--run", "latest", "--actor", "ana"];
    const strict = GATES.replace("min: 0.1", "max: 0.001");
    writeFileSync(join(cwd, "strict.yaml"), strict);
    const refused = await canary(...start, "--gates", "strict.yaml");
    expect({ code: refused.exitCode, text: refused.stderr }).toMatchObject({
      code: 2,
      text: expect.stringContaining("the gates say fail, expected pass"),
    });
    const gate = await runCommand(["gate", "latest", ...config, "--rules", "strict.yaml", "--json"], { cwd });
    writeFileSync(join(cwd, "edited.json"), gate.stdout.replaceAll('"fail"', '"pass"'));
    const edited = ["start", ...config, "--gate-report", "edited.json", "--actor", "ana"];
    expect((await canary(...edited, "--gates", "strict.yaml")).stderr).toContain(
      "edited.json is no proof: verdict pass in the file, fail of the run judged now",
    );
    const dry = await canary(...start, "--dry-run");
    expect(dry.stdout).toContain("step 1: 50 % for 1 s to 4 s, at least 5 conversations");
    expect(project.split.bps).toBe(0);

    const stopped = await untilItBakes(start);
    expect(stopped.stderr).toContain("next: agentctl canary start --resume rel-");
    expect(project.split.bps).toBe(5000);
    expect(project.journal.lease("support")).toBeNull();
    const first = project.journal.live("support")?.id ?? "";
    const second = await canary(...start);
    expect(second).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("start --supersede") });
    expect(project.journal.live("support")?.id).toBe(first);
    expect((await untilItBakes([...start, "--supersede"])).stderr).toContain(`${first} is taken back first`);
    expect(project.journal.get(first)?.state.name).toBe("SUPERSEDED");
    const last = project.journal.rows(first).findLast(({ kind }) => kind === "transition");
    expect(last).toMatchObject({ actor: "ana", reason: expect.stringMatching(/^rel-.* takes its place$/) });
    expect(project.split.bps).toBe(5000);
    project.converse();
    const promoted = await documentOf("canary-status", ["canary", "start", "--resume"], { cwd });
    expect(promoted).toMatchObject({ outcome: "promoted", confirmedBps: 10_000 });
    expect(project.split.bps).toBe(10_000);
    expect(project.journal.stable("support")?.runId).toMatch(/^\d{8}-/);
  });
});

describe("canary watchdog", () => {
  it("takes traffic off a version whose controller died, and fences it", async () => {
    const look = (grace: string, exitCode: number) =>
      documentOf("canary-watchdog", ["canary", "watchdog", "--grace", grace, "--json"], {
        cwd: project.folder,
        exitCode,
      });
    expect(await look("1", 0)).toMatchObject({ outcome: "nothing-live" });
    project.release("rel-1", UP_TO_BAKING);
    expect(await look("3600", 0)).toMatchObject({ outcome: "in-grace" });
    expect(project.split.bps).toBe(100);
    const epoch = project.journal.acquireLease("support", "dead", 0, 1).epoch;
    expect(await look("1", 1)).toMatchObject({ outcome: "set-to-zero", releaseId: "rel-1" });
    expect(project.split.bps).toBe(0);
    expect(project.journal.get("rel-1")?.state).toEqual({ name: "PAUSED", step: 0, reason: "drift" });
    expect(() => project.journal.append("rel-1", { epoch, at: 0, rows: [] })).toThrow("somebody else");
    expect(await look("0.001", 0)).toMatchObject({ outcome: "at-zero" });
  });
});
