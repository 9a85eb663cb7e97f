import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type OpenaiServer, startOpenaiServer } from "./openai-server.js";
import { copyOfFixture, runCli, startCli, temporaryFolder } from "./run-cli.js";
import { runCommand } from "./run-command.js";

let server: OpenaiServer;
let cwd: string;

beforeEach(async () => {
  server = await startOpenaiServer({ delayMs: 5, text: "It is forty-two." });
  cwd = copyOfFixture("small");
  const agent = join(cwd, "agent.yaml");
  writeFileSync(agent, readFileSync(agent, "utf8").replace("http://127.0.0.1:1/v1", server.baseUrl));
});
afterEach(() => server.close());

interface RunJson {
  readonly run: { readonly id: string; readonly status: string; readonly seed: number };
  readonly totals: { readonly completed: number; readonly errors: number };
}

function parse(stdout: string): RunJson {
  return JSON.parse(stdout) as RunJson;
}

describe("where files are looked for and written", () => {
  it("takes absolute paths as they are, everywhere", async () => {
    const elsewhere = temporaryFolder();
    for (const name of ["cases.jsonl", "agent.yaml", "gates.yaml"]) {
      writeFileSync(join(elsewhere, name), readFileSync(join(cwd, name)));
    }
    writeFileSync(
      join(cwd, "agentctl.yaml"),
      [
        "version: 1",
        "default_suite: small",
        `suites: { small: { dataset: ${elsewhere}/cases.jsonl, agent: ${elsewhere}/agent.yaml } }`,
        `gates: ${elsewhere}/gates.yaml`,
        `store: ${elsewhere}/store/runs.db`,
        `reports: ${elsewhere}/out`,
        "",
      ].join("\n"),
    );
    writeFileSync(join(elsewhere, "flags.env"), "AGENTCTL_LIMIT=2\n");
    const result = await runCommand(
      ["eval", "--gate", "--json", "--env-file", join(elsewhere, "flags.env")],
      {
        cwd,
      },
    );
    expect(result.exitCode).toBe(0);
    expect(parse(result.stdout).totals.completed).toBe(2);
    expect(existsSync(join(elsewhere, "store", "runs.db"))).toBe(true);
    expect(existsSync(join(elsewhere, "out", "small.html"))).toBe(true);
    expect(existsSync(join(cwd, ".agentctl"))).toBe(false);
  });

  it("finds project and .env from a folder below, and resumes from another folder than it started in", async () => {
    const below = join(cwd, "a", "b");
    mkdirSync(below, { recursive: true });
    writeFileSync(join(cwd, ".env"), "AGENTCTL_MAX_CONCURRENCY=1\n");
    await server.close();
    server = await startOpenaiServer({ delayMs: 100, text: "It is forty-two." });
    const agent = join(cwd, "agent.yaml");
    writeFileSync(agent, readFileSync(agent, "utf8").replace(/base_url: .*/, `base_url: ${server.baseUrl}`));
    const child = startCli(["eval", "--no-cache", "--dataset", "../../cases.jsonl"], { cwd: below });
    while (server.requests() < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill("SIGKILL");
    await child;
    const resumed = await runCommand(["eval", "--resume", "--json"], { cwd });
    expect(resumed.exitCode).toBe(0);
    expect(parse(resumed.stdout)).toMatchObject({ run: { status: "complete" }, totals: { completed: 12 } });
  });

  it("does not take a folder called .env for a file of variables", async () => {
    mkdirSync(join(cwd, ".env"));
    expect((await runCommand(["eval", "--limit", "1"], { cwd })).exitCode).toBe(0);
    const asked = await runCommand(["eval", "--env-file", ".env"], { cwd });
    expect(asked.exitCode).toBe(2);
    expect(asked.stderr).toContain("found a folder");
  });

  it("follows a link, and writes to a pipe instead of replacing it", async () => {
    writeFileSync(join(cwd, "target.html"), "old");
    symlinkSync("target.html", join(cwd, "link.html"));
    await runCommand(["eval", "--output", "link.html"], { cwd });
    expect(lstatSync(join(cwd, "link.html")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(cwd, "target.html"), "utf8")).toContain("<!doctype html>");
    execFileSync("mkfifo", [join(cwd, "pipe.md")]);
    const reader = startCat(join(cwd, "pipe.md"));
    const { exitCode } = await runCommand(["eval", "--output", "pipe.md"], { cwd });
    expect(exitCode).toBe(0);
    expect(await reader).toContain("agentctl");
    expect(lstatSync(join(cwd, "pipe.md")).isFIFO()).toBe(true);
  });

  it("lets several programs write the same report", async () => {
    const results = await Promise.all([1, 2, 3, 4].map(() => runCli(["eval"], { cwd })));
    expect(results.map((result) => result.exitCode)).toEqual([0, 0, 0, 0]);
  });
});

describe("flags at their limits", () => {
  it("refuses times that no timer can wait for", async () => {
    const result = await runCommand(["eval", "--timeout", "99999999"], { cwd });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain("at most 2147483 seconds");
    const agent = join(cwd, "agent.yaml");
    writeFileSync(agent, readFileSync(agent, "utf8").replace("timeout_ms: 10000", "timeout_ms: 3000000000"));
    const config = await runCommand(["eval"], { cwd });
    expect(config.exitCode).toBe(2);
    expect(config.stderr).toMatch(/agent\.yaml:\d+ .*timeout_ms/);
  });

  it("refuses more trials than a run can hold", async () => {
    const result = await runCommand(["eval", "--trials", "99999999999"], { cwd });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain("at most 2,000,000 trials");
  });

  it("sends the seed that was asked for, and then asks again", async () => {
    await runCommand(["eval"], { cwd });
    const seeded = await runCommand(["eval", "--seed", "7", "--json"], { cwd });
    expect(parse(seeded.stdout).run.seed).toBe(7);
    expect(server.requests()).toBe(24);
    expect(server.lastBody()).toContain('"seed":7');
  });

  it("keeps no run in which nothing was selected", async () => {
    const empty = await runCommand(["eval", "--filter-tag", "none", "--pass-with-no-tests"], { cwd });
    expect(empty.exitCode).toBe(0);
    expect((await runCommand(["gate"], { cwd })).stderr).toContain("found no run yet");
  });

  it("does not remove a run that another process executes", async () => {
    await server.close();
    server = await startOpenaiServer({ delayMs: 200, text: "It is forty-two." });
    const agent = join(cwd, "agent.yaml");
    writeFileSync(agent, readFileSync(agent, "utf8").replace(/base_url: .*/, `base_url: ${server.baseUrl}`));
    const child = startCli(["eval", "--no-cache", "-j", "2"], { cwd });
    while (server.requests() < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    const removal = await runCommand(["runs", "rm", "latest"], { cwd });
    expect(removal.exitCode).toBe(2);
    expect(removal.stderr).toContain("is being executed by process");
    expect((await child).exitCode).toBe(0);
    expect((await runCommand(["runs", "rm", "latest"], { cwd })).exitCode).toBe(0);
  });
});

async function startCat(path: string): Promise<string> {
  const { execa } = await import("execa");
  return (await execa("cat", [path])).stdout;
}
