import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { startOpenaiServer } from "./openai-server.js";
import { copyOfFixture, initialisedProject, runCli, temporaryFolder } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const BIN = join(import.meta.dirname, "..", "bin", "agentctl.js");

let cwd: string;
beforeAll(async () => {
  cwd = await initialisedProject();
  await runCommand(["eval", "--tag", "main"], { cwd });
});

/** Commands that print a result as text, with the options that let them run again and again. */
const COMMANDS = [
  ["init"],
  ["eval", "-n", "3"],
  ["gate", "main"],
  ["report", "main"],
  ["runs", "list"],
  ["runs", "show", "main"],
  ["runs", "trend", "task.success"],
  ["runs", "tag", "main", "good"],
  ["compare", "main", "latest"],
  ["trace", "main", "key-reset-01"],
  ["metrics"],
  ["--help"],
];

describe.each(COMMANDS.map((args) => ({ args })))("$args", ({ args }) => {
  it("writes no escape code into a pipe", async () => {
    const { stdout, stderr, exitCode } = await runCli(args, { cwd, env: { TERM: "xterm-256color" } });
    expect(exitCode).toBe(0);
    expect(stdout).not.toBe("");
    expect(stdout + stderr).not.toContain("\u001b");
  });
});

describe("colour", () => {
  it("comes into a pipe only where FORCE_COLOR asks for it, and never under NO_COLOR", async () => {
    const colored = await runCli(["gate", "main"], { cwd, env: { FORCE_COLOR: "1" } });
    expect(colored.stdout).toContain("\u001b[32m");
    const plain = await runCli(["gate", "main"], { cwd, env: { FORCE_COLOR: "1", NO_COLOR: "1" } });
    expect(plain.stdout).not.toContain("\u001b");
    const json = await runCli(["gate", "main", "--json"], { cwd, env: { FORCE_COLOR: "1" } });
    expect(json.stdout).not.toContain("\u001b");
  });
});

describe("--quiet", () => {
  it.each(COMMANDS.filter(([name]) => name !== "--help").map((args) => ({ args })))(
    "$args leaves stderr empty and stdout as it was",
    async ({ args }) => {
      const env = { AGENTCTL_TYPO: "1" };
      const loud = await runCommand(args, { cwd, env });
      const quiet = await runCli([...args, "--quiet"], { cwd, env });
      expect(loud.stderr).toContain("AGENTCTL_TYPO belongs to no flag");
      expect(quiet.stderr).toBe("");
      expect(quiet.stdout.split("\n").length).toBe(loud.stdout.split("\n").length);
      expect(quiet.exitCode).toBe(loud.exitCode);
    },
  );

  it("is also a variable, and false turns it off", async () => {
    const of = async (value: string) =>
      (await runCli(["eval", "-n", "2"], { cwd, env: { AGENTCTL_QUIET: value } })).stderr;
    expect(await of("true")).toBe("");
    expect(await of("false")).toContain("wrote reports/starter.html");
  });

  it("takes the progress of a long run from stderr, where --json leaves it", async () => {
    const server = await startOpenaiServer({ delayMs: 120, text: "It is forty-two." });
    try {
      const small = copyOfFixture("small");
      const agent = join(small, "agent.yaml");
      writeFileSync(agent, readFileSync(agent, "utf8").replace("http://127.0.0.1:1/v1", server.baseUrl));
      const flags = ["eval", "--no-cache", "-j", "1", "--json"];
      const loud = await runCli(flags, { cwd: small });
      expect(loud.stderr).toMatch(/\d+\/12/);
      expect(JSON.parse(loud.stdout)).toMatchObject({ totals: { completed: 12 } });
      expect((await runCli([...flags, "--quiet"], { cwd: small })).stderr).toBe("");
    } finally {
      await server.close();
    }
  });

  it("never hides an error", async () => {
    const { stderr, exitCode } = await runCli(["gate", "nothing", "--quiet"], { cwd });
    expect(stderr).toContain('found no run "nothing"');
    expect(exitCode).toBe(2);
  });
});

describe("a reader that leaves early", () => {
  /** Runs the program with a stdout that nobody reads. */
  function runUnread(args: readonly string[]): Promise<{ exitCode: number | null; stderr: string }> {
    return new Promise((resolve) => {
      const child = spawn(BIN, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
      let stderr = "";
      child.stdout.destroy();
      child.stderr.on("data", (chunk) => {
        stderr += String(chunk);
      });
      child.on("close", (exitCode) => resolve({ exitCode, stderr }));
    });
  }

  it("is no failure: the exit code is that of the command", async () => {
    expect(await runUnread(["metrics"])).toEqual({ exitCode: 0, stderr: "" });
    writeFileSync(join(cwd, "strict.yaml"), "version: 1\ngates:\n  - { metric: task.success, min: 0.999 }\n");
    expect(await runUnread(["gate", "main", "--rules", "strict.yaml"])).toEqual({ exitCode: 1, stderr: "" });
    expect(await runUnread(["gate", "nothing", "--quiet"])).toMatchObject({ exitCode: 2 });
  });

  it("is told from a stdout that is full, which is exit 3", async () => {
    if (!existsSync("/dev/full")) return;
    const full = openSync("/dev/full", "w");
    const result = await new Promise<{ exitCode: number | null; stderr: string }>((resolve) => {
      const child = spawn(BIN, ["metrics", "--json"], { cwd, stdio: ["ignore", full, "pipe"] });
      let stderr = "";
      child.stderr?.on("data", (chunk) => {
        stderr += String(chunk);
      });
      child.on("close", (exitCode) => resolve({ exitCode, stderr }));
    });
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toMatch(/^error STORE_FAILED: cannot write to stdout/);
    expect(result.stderr).not.toContain("    at ");
  });
});

describe("agentctl runs", () => {
  const refused = async (...args: string[]) => {
    const { stdout, stderr, exitCode } = await runCommand(["runs", ...args], { cwd });
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
    return stderr;
  };

  it("rm refuses what is not there, and then removes nothing", async () => {
    expect(await refused("rm", "nothing")).toContain('found no run "nothing"');
    expect(await refused("rm", "main", "nothing")).toContain("agentctl runs list");
    expect(await refused("rm", "")).toContain('found no run ""');
    expect((await runCommand(["runs", "show", "main"], { cwd })).exitCode).toBe(0);
    const empty = temporaryFolder();
    await runCommand(["init"], { cwd: empty });
    expect((await runCommand(["runs", "rm", "latest"], { cwd: empty })).exitCode).toBe(2);
  });

  it("tag refuses a tag that is empty or reads as another name of a run", async () => {
    expect(await refused("tag", "main", "")).toContain("empty");
    expect(await refused("tag", "main", "  ")).toContain("empty");
    expect(await refused("tag", "main", "Latest")).toContain("always means the newest run");
    expect(await refused("tag", "main", "20261121-065500-abcdef")).toContain("id of a run");
    expect(await refused("tag", "nothing", "good")).toContain('found no run "nothing"');
    const { stderr, exitCode } = await runCommand(["eval", "--tag", "latest"], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("always means the newest run");
  });
});
