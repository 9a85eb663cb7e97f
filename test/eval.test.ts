import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type OpenaiServer, startOpenaiServer } from "./openai-server.js";
import { copyOfFixture, runCli, startCli } from "./run-cli.js";
import { runCommand } from "./run-command.js";

let server: OpenaiServer;
let cwd: string;

async function startProject(options: Partial<Parameters<typeof startOpenaiServer>[0]> = {}): Promise<void> {
  server = await startOpenaiServer({ delayMs: 5, text: "It is forty-two.", ...options });
  cwd = copyOfFixture("small");
  const agent = join(cwd, "agent.yaml");
  writeFileSync(agent, readFileSync(agent, "utf8").replace("http://127.0.0.1:1/v1", server.baseUrl));
}

beforeEach(() => startProject());
afterEach(() => server.close());

interface RunJson {
  readonly run: { readonly id: string; readonly status: string };
  readonly totals: {
    readonly passed: number;
    readonly failed: number;
    readonly errors: number;
    readonly completed: number;
  };
  readonly gate: { readonly verdict: string } | null;
}

function parse(stdout: string): RunJson {
  return JSON.parse(stdout) as RunJson;
}

describe("agentctl eval", () => {
  it("runs every case through a real endpoint and reports", async () => {
    const result = await runCommand(["eval", "--json"], { cwd });
    expect(result.exitCode).toBe(0);
    expect(parse(result.stdout).totals).toMatchObject({ passed: 8, failed: 4, errors: 0, completed: 12 });
    expect(server.requests()).toBe(12);
    expect(existsSync(join(cwd, "reports", "small.html"))).toBe(true);
  });

  it("exits with the verdict under --gate", async () => {
    expect((await runCommand(["eval", "--gate"], { cwd })).exitCode).toBe(0);
    writeFileSync(join(cwd, "gates.yaml"), "version: 1\ngates:\n  - { metric: task.success, min: 0.9 }\n");
    expect((await runCommand(["eval", "--gate"], { cwd })).exitCode).toBe(1);
    expect((await runCommand(["gate"], { cwd })).exitCode).toBe(1);
    writeFileSync(
      join(cwd, "gates.yaml"),
      "version: 1\ndefaults: { on_inconclusive: inconclusive }\ngates:\n  - { metric: task.success, min: 0.6, bound: lower }\n",
    );
    expect((await runCommand(["gate"], { cwd })).exitCode).toBe(4);
  });

  it("counts what infrastructure broke apart, exits 3, and runs it again on request", async () => {
    await server.close();
    await startProject({ statusOf: (request) => (request <= 5 ? 503 : 200) });
    const broken = await runCommand(["eval", "--json", "-j", "1"], { cwd });
    expect(broken.exitCode).toBe(3);
    expect(parse(broken.stdout).totals).toMatchObject({ errors: 5, completed: 7 });
    const gate = await runCommand(["gate", "--json"], { cwd });
    expect(gate.exitCode).not.toBe(0);
    const again = await runCommand(["eval", "--retry-errors", "--json"], { cwd });
    expect(again.exitCode).toBe(0);
    expect(parse(again.stdout).run.id).toBe(parse(broken.stdout).run.id);
    expect(parse(again.stdout).totals).toMatchObject({ passed: 8, failed: 4, errors: 0 });
    expect(server.requests()).toBe(17);
  });

  it("says in every gate that an endpoint that never answers is an error", async () => {
    await server.close();
    const result = await runCommand(["eval", "--gate", "--json"], { cwd });
    expect(parse(result.stdout).gate?.verdict).toBe("error");
    expect(result.exitCode).toBe(3);
  });

  it("answers the same trial from the cache, and not with --no-cache", async () => {
    await runCommand(["eval"], { cwd });
    await runCommand(["eval"], { cwd });
    expect(server.requests()).toBe(12);
    await runCommand(["eval", "--no-cache", "--limit", "3"], { cwd });
    expect(server.requests()).toBe(15);
    await runCommand(["eval", "--limit", "3", "--trials", "2"], { cwd });
    expect(server.requests()).toBe(18);
  });

  it("keeps a key that the provider repeats out of store, reports and cassette", async () => {
    await server.close();
    const secret = "sk-very-secret-0123456789";
    await startProject({ text: `It is forty-two. Your key is ${secret}.` });
    const flags = ["eval", "--record", "c.jsonl", "--output", "r.html", "r.json", "r.md", "r.xml"];
    const result = await runCommand(flags, { cwd, env: { OPENAI_API_KEY: secret } });
    expect(result.exitCode).toBe(0);
    expect(result.stdout + result.stderr).not.toContain(secret);
    for (const file of ["c.jsonl", "r.html", "r.json", "r.md", "r.xml", ".agentctl/agentctl.db"]) {
      expect(readFileSync(join(cwd, file)).includes(secret)).toBe(false);
    }
    expect(readFileSync(join(cwd, "r.json"), "utf8")).toContain("[redacted]");
  });

  it("stops a trial at --timeout", async () => {
    await server.close();
    await startProject({ delayMs: 400 });
    const result = await runCommand(["eval", "--timeout", "0.1", "--limit", "2", "--json"], { cwd });
    expect(parse(result.stdout).totals).toMatchObject({ completed: 2, passed: 0, failed: 2 });
    expect(result.stdout).toContain('"deadline"');
  });

  it("cannot keep a budget without a price, and says so", async () => {
    const agent = join(cwd, "agent.yaml");
    writeFileSync(agent, readFileSync(agent, "utf8").replace(/ {2}price:.*\n/, ""));
    const result = await runCommand(["eval", "--budget-usd", "1", "-j", "1", "--json"], { cwd });
    expect(parse(result.stdout)).toMatchObject({
      run: { status: "budget_exhausted" },
      totals: { completed: 1 },
    });
    expect(result.stderr).toContain("set `price`");
  });

  it("prices a cached answer at today's price", async () => {
    const cost = (stdout: string) => (JSON.parse(stdout) as { totals: { costUsd: number } }).totals.costUsd;
    const before = cost((await runCommand(["eval", "--json"], { cwd })).stdout);
    const agent = join(cwd, "agent.yaml");
    writeFileSync(
      agent,
      readFileSync(agent, "utf8").replace("input_usd_per_mtok: 1,", "input_usd_per_mtok: 1000,"),
    );
    const after = cost((await runCommand(["eval", "--json"], { cwd })).stdout);
    expect(before).toBeCloseTo(12 * 0.0002, 9);
    expect(after).toBeCloseTo(12 * 0.1001, 9);
    expect(server.requests()).toBe(12);
  });

  it("brings a cassette up to date: what is recorded again is replaced, the rest stays", async () => {
    await runCommand(["eval", "--record", "c.jsonl"], { cwd });
    await runCommand(["eval", "--record", "c.jsonl", "--limit", "2"], { cwd });
    await server.close();
    const replayed = await runCommand(["eval", "--recording", "c.jsonl", "--json"], { cwd });
    expect(parse(replayed.stdout).totals).toMatchObject({ passed: 8, failed: 4, errors: 0 });
  });

  it("takes the latency of a replay from the recording", async () => {
    await server.close();
    await startProject({ delayMs: 200 });
    await runCommand(["eval", "--record", "c.jsonl", "--limit", "2"], { cwd });
    const { stdout } = await runCommand(["eval", "--recording", "c.jsonl", "--limit", "2", "--json"], {
      cwd,
    });
    const { estimates } = JSON.parse(stdout) as { estimates: { metric: string; value: number | null }[] };
    expect(estimates.find((one) => one.metric === "latency.p50_ms")?.value).toBeGreaterThan(190);
  });

  it("stops at the budget with a verdict over what was run", async () => {
    const result = await runCommand(["eval", "--budget-usd", "0.0005", "-j", "1", "--json"], { cwd });
    expect(parse(result.stdout)).toMatchObject({
      run: { status: "budget_exhausted" },
      totals: { completed: 3 },
    });
    expect(parse(result.stdout).gate?.verdict).not.toBe("pass");
    expect(result.exitCode).toBe(3);
  });

  it("stops at the first failure with --fail-fast", async () => {
    const result = await runCommand(["eval", "--fail-fast", "-j", "1", "--json"], { cwd });
    expect(parse(result.stdout)).toMatchObject({
      run: { status: "failed_fast" },
      totals: { completed: 3, failed: 1 },
    });
  });

  it("selects cases by id, tag, pattern, limit and by what failed before", async () => {
    const completed = async (...flags: string[]) =>
      parse((await runCommand(["eval", "--json", ...flags], { cwd })).stdout).totals.completed;
    expect(await completed("--case-id", "case-01", "--case-id", "case-05")).toBe(2);
    expect(await completed("--filter-tag", "even")).toBe(6);
    expect(await completed("--filter-pattern", "number 1[0-2]")).toBe(3);
    expect(await completed("--limit", "4")).toBe(4);
    await runCommand(["eval"], { cwd });
    expect(await completed("--filter-failing", "latest")).toBe(4);
  });

  it("refuses a selection without a case, unless that is allowed", async () => {
    const refused = await runCommand(["eval", "--filter-tag", "evne"], { cwd });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("did you mean `even`");
    expect((await runCommand(["runs", "list", "--json"], { cwd })).stdout).not.toContain("evne");
    expect(
      (await runCommand(["eval", "--filter-tag", "none", "--pass-with-no-tests"], { cwd })).exitCode,
    ).toBe(0);
  });

  it("takes flags from variables and from .env; a flag wins over both", async () => {
    const completed = async (flags: string[], env: Record<string, string>) =>
      parse((await runCli(["eval", "--json", ...flags], { cwd, env })).stdout).totals.completed;
    expect(await completed([], { AGENTCTL_LIMIT: "2" })).toBe(2);
    writeFileSync(join(cwd, ".env"), "AGENTCTL_LIMIT=5\n");
    expect(await completed([], {})).toBe(5);
    expect(await completed([], { AGENTCTL_LIMIT: "2" })).toBe(2);
    expect(await completed(["--limit", "1"], { AGENTCTL_LIMIT: "2" })).toBe(1);
    writeFileSync(join(cwd, "other.env"), "AGENTCTL_LIMIT=7\n");
    expect(await completed(["--env-file", "other.env"], {})).toBe(7);
  });

  it("writes every report format by extension", async () => {
    const files = ["a.html", "a.json", "a.md", "a.xml"];
    const result = await runCommand(["eval", "--output", ...files], { cwd });
    expect(result.exitCode).toBe(0);
    expect(files.map((file) => existsSync(join(cwd, file)))).toEqual([true, true, true, true]);
    expect((await runCommand(["eval", "--output", "a.pdf"], { cwd })).exitCode).toBe(2);
  });

  it("records a cassette that answers when the endpoint is gone", async () => {
    await runCommand(["eval", "--record", "cassettes/small.jsonl"], { cwd });
    await server.close();
    const replayed = await runCommand(["eval", "--recording", "cassettes/small.jsonl", "--json"], { cwd });
    expect(replayed.exitCode).toBe(0);
    expect(parse(replayed.stdout).totals).toMatchObject({ passed: 8, failed: 4, errors: 0 });
    const agent = join(cwd, "agent.yaml");
    writeFileSync(agent, readFileSync(agent, "utf8").replace("one sentence", "two sentences"));
    const changed = await runCommand(["eval", "--recording", "cassettes/small.jsonl", "--json"], { cwd });
    expect(changed.exitCode).toBe(3);
    expect(parse(changed.stdout).totals.errors).toBe(12);
    expect(changed.stdout).toContain("changed since the recording");
  });
});

describe("an interrupted run", () => {
  beforeEach(async () => {
    await server.close();
    await startProject({ delayMs: 150 });
  });

  const finishedRequests = async (atLeast: number) => {
    while (server.requests() < atLeast) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  for (const signal of ["SIGKILL", "SIGINT"] as const) {
    it(`is resumed after ${signal} without repeating a finished trial`, async () => {
      const child = startCli(["eval", "-j", "2", "--no-cache"], { cwd });
      await finishedRequests(6);
      child.kill(signal);
      const stopped = await child;
      if (signal === "SIGINT") {
        expect(stopped.exitCode).toBe(130);
        expect(stopped.stderr).toContain("agentctl eval --resume");
      }
      const before = JSON.parse((await runCommand(["runs", "list", "--json"], { cwd })).stdout) as {
        runs: { id: string; trials: number }[];
      };
      const stored = before.runs[0]?.trials ?? 0;
      expect(stored).toBeGreaterThanOrEqual(4);
      expect(stored).toBeLessThan(12);
      const requestsBefore = server.requests();
      const resumed = await runCommand(["eval", "--resume", "--no-cache", "--json"], { cwd });
      expect(resumed.exitCode).toBe(0);
      expect(parse(resumed.stdout)).toMatchObject({
        run: { status: "complete" },
        totals: { passed: 8, failed: 4 },
      });
      expect(server.requests() - requestsBefore).toBe(12 - stored);
    });
  }

  it("is resumed for its own cases alone, whatever else the dataset holds", async () => {
    const dataset = join(cwd, "cases.jsonl");
    const outsider = '{"id":"outsider","input":{"user":{"goal":"Find out."}},"tags":["later"]}';
    writeFileSync(dataset, `${readFileSync(dataset, "utf8")}${outsider}\n`);
    const selection = ["--filter-tag", "even", "--filter-tag", "odd"];
    const child = startCli(["eval", ...selection, "-j", "2", "--no-cache"], { cwd });
    await finishedRequests(4);
    child.kill("SIGKILL");
    await child;
    const resumed = await runCommand(["eval", "--resume", "--json"], { cwd });
    expect(resumed.stderr).not.toContain("goal");
    expect(parse(resumed.stdout)).toMatchObject({ run: { status: "complete" }, totals: { completed: 12 } });
  });

  it("is not resumed on a dataset or an agent that changed since", async () => {
    const child = startCli(["eval", "-j", "2", "--no-cache"], { cwd });
    await finishedRequests(4);
    child.kill("SIGKILL");
    await child;
    const dataset = join(cwd, "cases.jsonl");
    const original = readFileSync(dataset, "utf8");
    writeFileSync(dataset, original.replace("Question number 7?", "Question number seven?"));
    const changed = await runCommand(["eval", "--resume"], { cwd });
    expect(changed.exitCode).toBe(2);
    expect(changed.stderr).toContain('cases.jsonl:7 case "case-07" has changed');
    writeFileSync(dataset, original);
    const agent = join(cwd, "agent.yaml");
    writeFileSync(agent, readFileSync(agent, "utf8").replace("one sentence", "two sentences"));
    const other = await runCommand(["eval", "--resume"], { cwd });
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toContain("expected version");
    expect((await runCommand(["eval", "--resume", "--limit", "3"], { cwd })).exitCode).toBe(2);
  });

  it("is not executed by two processes at once", async () => {
    await server.close();
    await startProject({ delayMs: 600 });
    const first = startCli(["eval", "-j", "2", "--no-cache"], { cwd });
    await finishedRequests(4);
    const second = await runCommand(["eval", "--resume"], { cwd });
    expect(second.exitCode).toBe(2);
    expect(second.stderr).toContain("is being executed by process");
    expect((await first).exitCode).toBe(0);
    expect(server.requests()).toBe(12);
  });

  it("leaves a store that two programs can use at once", async () => {
    const [first, second] = await Promise.all([
      runCli(["eval", "--json", "--no-cache"], { cwd }),
      runCli(["eval", "--json", "--no-cache"], { cwd }),
    ]);
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    expect(parse(first.stdout).run.id).not.toBe(parse(second.stdout).run.id);
    const { stdout } = await runCli(["runs", "list"], { cwd });
    expect(stdout).toContain(parse(first.stdout).run.id);
    expect(stdout).toContain(parse(second.stdout).run.id);
  });
});
