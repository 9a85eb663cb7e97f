import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../src/core/clock.js";
import { examine, exitCodeOfDoctor } from "../src/eval/doctor/examine.js";
import { scaffoldProject } from "../src/eval/project/scaffold.js";
import type { DoctorCheck } from "../src/report/doctor-report.js";
import { runCli, temporaryFolder } from "./run-cli.js";

const SECRET = "sk-very-secret-0123456789";
const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

async function endpoint(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function doctor(cwd: string, env: Record<string, string> = {}, isOffline = true) {
  // Datasets are named relative to where the program was started.
  process.chdir(cwd);
  const report = await examine(undefined, { workingDirectory: cwd, env, clock: systemClock, isOffline });
  const find = (area: string, name = ""): DoctorCheck | undefined =>
    report.checks.find((check) => check.area === area && check.name.includes(name));
  return { report, find, exitCode: exitCodeOfDoctor(report) };
}

const online = (env: Record<string, string> = { MY_KEY: SECRET }) => doctor(cwd, env, false);

function starterProject(): string {
  const folder = temporaryFolder();
  scaffoldProject(folder);
  return folder;
}

/** The agent file with another model. */
function withModel(cwd: string, model: string): void {
  const file = join(cwd, "agents/support.yaml");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/model:\n(?: .*\n)+/, `model:\n${model}`));
}

let cwd: string;
beforeAll(() => {
  cwd = starterProject();
  // Judges of the starter want a key that is not part of what is looked at here.
  rmSync(join(cwd, "judges"), { recursive: true });
});

describe("a project that works", () => {
  it("has no problem, and nothing is written", async () => {
    const { report, find, exitCode } = await doctor(cwd);
    expect(exitCode).toBe(0);
    expect(report.checks.filter(({ state }) => state === "problem" || state === "warning")).toEqual([]);
    expect(find("project", "starter.jsonl")).toMatchObject({ state: "ok", evidence: "72 cases" });
    expect(find("store", "agentctl.db")?.evidence).toBe("not there yet: the first run makes it");
    expect(existsSync(join(cwd, ".agentctl"))).toBe(false);
  });

  it("is told as text with the areas, and a fix for what is missing", async () => {
    const { stdout, exitCode } = await runCli(["doctor"], { cwd: temporaryFolder() });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^program\n {2}ok {9}agentctl: \d/);
    expect(stdout).toContain("fix: agentctl init");
    expect(stdout).toMatch(/0 problems, 1 warnings, \d unknown, \d+ ok\n?$/);
  });
});

describe("keys and endpoints", () => {
  const openai = (url: string) =>
    `  provider: openai\n  name: some-model\n  base_url: ${url}\n  api_key_env: MY_KEY\n`;

  it("says whether a key is set and accepted, and never what it is", async () => {
    const asked: string[] = [];
    const url = await endpoint((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.end(JSON.stringify({ data: [] }));
    });
    withModel(cwd, openai(url));
    const { find, report, exitCode } = await online();
    expect(exitCode).toBe(0);
    expect(asked).toEqual([`GET /v1/models Bearer ${SECRET}`]);
    expect(find("keys", "MY_KEY")).toMatchObject({ state: "ok", evidence: "set, for agents/support.yaml" });
    expect(find("endpoints")).toMatchObject({ state: "ok", name: url });
    expect(find("clock", "against 127.0.0.1")).toMatchObject({ state: "ok" });
    expect(JSON.stringify(report)).not.toContain("very-secret");
    const text = await runCli(["doctor"], { cwd, env: { MY_KEY: `"${SECRET}"` } });
    expect(text.stdout).toContain("spaces or quotes around it");
    expect(text.stdout + text.stderr).not.toContain("very-secret");
  });

  it.each([
    [401, "problem", "it refuses the key"],
    [500, "problem", "it is not well"],
    [429, "warning", "too many requests"],
    [404, "unknown", "does not list its models"],
    [302, "warning", "it sends elsewhere"],
  ])("an endpoint that answers %i is a %s", async (status, state, evidence) => {
    const url = await endpoint((_request, response) => {
      response.writeHead(status, { location: "/elsewhere" }).end();
    });
    withModel(cwd, openai(url));
    const { find, exitCode } = await online();
    expect(find("endpoints")).toMatchObject({ state, evidence: expect.stringContaining(evidence) });
    expect(exitCode).toBe(state === "problem" ? 3 : 0);
  });

  it("an endpoint that refuses connections, or hangs, is a problem of the network", async () => {
    const gone = createServer().listen(0, "127.0.0.1");
    await once(gone, "listening");
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    withModel(cwd, openai(`http://127.0.0.1:${port}/v1`));
    const refused = await online();
    expect(refused.find("endpoints")).toMatchObject({ state: "problem", evidence: "refuses connections" });
    expect(refused.exitCode).toBe(3);
    withModel(cwd, openai(await endpoint(() => {})));
    const hanging = await online();
    expect(hanging.find("endpoints")?.evidence).toBe("no answer within 3 s");
  });

  it("--offline asks nobody, and says so", async () => {
    let asked = 0;
    withModel(
      cwd,
      openai(
        await endpoint((_request, response) => {
          asked += 1;
          response.end();
        }),
      ),
    );
    const { find, report } = await doctor(cwd, { MY_KEY: SECRET });
    expect(find("endpoints")).toMatchObject({ state: "unknown", evidence: "not asked: --offline" });
    expect(report.state).toBe("unknown");
    expect(asked).toBe(0);
  });

  it("a clock that differs from an endpoint's is told", async () => {
    const url = await endpoint((_request, response) => {
      response.writeHead(200, { date: new Date(Date.now() + 300_000).toUTCString() }).end("{}");
    });
    withModel(cwd, openai(url));
    const { find } = await online();
    expect(find("clock", "against")).toMatchObject({ state: "warning" });
    expect(find("clock", "against")?.evidence).toMatch(/^(299|300) s behind$/);
  });

  it("a missing key of a provider is a problem of the files", async () => {
    withModel(cwd, "  provider: anthropic\n  name: some-model\n");
    const { find, exitCode } = await doctor(cwd);
    expect(find("keys", "ANTHROPIC_API_KEY")).toMatchObject({
      state: "problem",
      evidence: "missing, for agents/support.yaml",
      fix: "set ANTHROPIC_API_KEY in the environment or in .env",
    });
    expect(exitCode).toBe(2);
    withModel(cwd, "  provider: embedded\n  name: embedded-v1\n");
  });

  it("a key that only judges need is no problem", async () => {
    const folder = starterProject();
    const { find, exitCode } = await doctor(folder);
    expect(find("keys", "OPENAI_API_KEY")).toMatchObject({ state: "warning" });
    expect(find("keys", "OPENAI_API_KEY")?.evidence).toContain("judges/helpfulness.yaml");
    expect(exitCode).toBe(0);
  });
});

it("tells of every broken file at once", async () => {
  const folder = starterProject();
  writeFileSync(join(folder, "gates.yaml"), "version: 1\ngates:\n  - { metric: bogus, min: 1 }\n");
  writeFileSync(join(folder, "agents/support.yaml"), "name: 5\n");
  writeFileSync(join(folder, "judges/tone.yaml"), "version: 2\n");
  const { report, exitCode } = await doctor(folder);
  const broken = report.checks.filter(({ area, state }) => area === "project" && state === "problem");
  expect(broken.map(({ name }) => name)).toEqual(["agents/support.yaml", "gates.yaml", "judges/tone.yaml"]);
  expect(broken.every(({ fix }) => fix !== null)).toBe(true);
  expect(exitCode).toBe(2);
});

describe("the run history", () => {
  it("tells of runs that wait, and how to go on with them", async () => {
    const folder = starterProject();
    await runCli(["eval", "--limit", "1", "--quiet"], { cwd: folder });
    const database = new Database(join(folder, ".agentctl/agentctl.db"));
    const id = database.prepare("SELECT id FROM runs").pluck().get() as string;
    database.prepare("UPDATE runs SET status = 'interrupted'").run();
    const claim = database.prepare("INSERT OR REPLACE INTO claims SELECT key, ?, ? FROM runs");
    claim.run(hostname(), 2 ** 22 - 1);
    const stale = await doctor(folder);
    expect(stale.find("store", `run ${id}`)).toMatchObject({
      state: "warning",
      evidence: expect.stringMatching(/^interrupted; process \d+, which executed it, is gone$/),
      fix: `agentctl eval --resume ${id}`,
    });
    claim.run(hostname(), process.pid);
    database.close();
    const running = await doctor(folder);
    expect(running.find("store", `run ${id}`)).toMatchObject({ state: "ok" });
  });

  it("finds a file that is damaged, and one that is no store", async () => {
    const folder = starterProject();
    await runCli(["eval", "--limit", "20", "--quiet"], { cwd: folder });
    const file = join(folder, ".agentctl/agentctl.db");
    truncateSync(file, 4096 * 12);
    const damaged = await doctor(folder);
    expect(damaged.find("store", "agentctl.db")).toMatchObject({ state: "problem" });
    expect(damaged.exitCode).toBe(3);
    rmSync(join(folder, ".agentctl"), { recursive: true });
    mkdirSync(join(folder, ".agentctl"));
    writeFileSync(file, "not a database, but long enough to be taken for one ".repeat(40));
    expect((await doctor(folder)).find("store", "agentctl.db")?.state).toBe("problem");
  });

  it("knows whether the baseline that gates compare with is there", async () => {
    const folder = starterProject();
    const rules =
      "version: 1\nbaseline: main\ngates:\n  - { metric: task.success, no_worse_than: baseline, margin: 0.05 }\n";
    writeFileSync(join(folder, "gates.yaml"), rules);
    expect((await doctor(folder)).find("baseline")).toMatchObject({
      state: "warning",
      fix: "agentctl runs tag RUN main",
    });
    await runCli(["eval", "--limit", "2", "--tag", "main", "--quiet"], { cwd: folder });
    expect((await doctor(folder)).find("baseline", "main")).toMatchObject({ state: "ok" });
  });
});
