import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { copyOfFixture, temporaryFolder } from "./run-cli.js";
import { runCommand } from "./run-command.js";

let cwd: string;
beforeEach(() => {
  cwd = copyOfFixture("small");
});

function change(file: string, from: string, to: string): void {
  const path = join(cwd, file);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}

/** Runs `eval`, which must refuse: exit 2, nothing on stdout, no run stored. */
async function refusal(...flags: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await runCommand(["eval", ...flags], { cwd });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(existsSync(join(cwd, "reports"))).toBe(false);
  if (existsSync(join(cwd, ".agentctl"))) {
    const runs = JSON.parse((await runCommand(["runs", "list", "--json"], { cwd })).stdout) as {
      runs: unknown[];
    };
    expect(runs.runs).toEqual([]);
  }
  return stderr;
}

describe("bad input ends with exit 2 and a message that says what to do", () => {
  it("all problems of a dataset at once", async () => {
    writeFileSync(
      join(cwd, "cases.jsonl"),
      [
        '{"id":"a","input":"x"',
        '{"id":"b","input":"x"}',
        '{"id":"b","input":"x","expct":{}}',
        '{"id":"c","input":7}',
        "",
      ].join("\n"),
    );
    const message = await refusal();
    expect(message).toContain("cases.jsonl:1");
    expect(message).toMatch(/cases\.jsonl:3 .*unique.*line 2/);
    expect(message).toMatch(/cases\.jsonl:3 .*expct.*did you mean/);
    expect(message).toContain("cases.jsonl:4");
  });

  it("an empty dataset, and one that is not there", async () => {
    writeFileSync(join(cwd, "cases.jsonl"), "");
    expect(await refusal()).toContain("cases.jsonl");
    rmSync(join(cwd, "cases.jsonl"));
    expect(await refusal()).toContain("cases.jsonl");
    expect(await refusal("--dataset", "case.jsonl")).toContain("case.jsonl");
  });

  it("a line that is too long", async () => {
    writeFileSync(join(cwd, "cases.jsonl"), `{"id":"a","input":"${"x".repeat(11 * 1024 * 1024)}"}\n`);
    expect(await refusal()).toMatch(/cases\.jsonl:1 is longer than the limit/);
  });

  it("an agent that names an unknown provider, environment or tool", async () => {
    change("agent.yaml", "provider: openai", "provider: opnai");
    expect(await refusal()).toMatch(/agent\.yaml:4 unknown provider `opnai`; did you mean `openai`/);
    change("agent.yaml", "provider: opnai", "provider: openai");
    writeFileSync(
      join(cwd, "agent.yaml"),
      `${readFileSync(join(cwd, "agent.yaml"), "utf8")}environment: orders\ntools: [lookup_ordr]\n`,
    );
    expect(await refusal()).toMatch(/agent\.yaml:\d+ .*lookup_ordr.*did you mean `lookup_order`/);
  });

  it("an environment that no case can run in, before a run is stored", async () => {
    change("cases.jsonl", '"tags":["odd"]', '"tags":["odd"],"environment":"mars"');
    expect(await refusal()).toMatch(/cases\.jsonl:1 unknown environment `mars`/);
  });

  it("a folder where a file is wanted", async () => {
    mkdirSync(join(cwd, "folder"));
    expect(await refusal("--config", "folder")).toContain("folder expected a project file, found a folder");
    expect(await refusal("--agent", "folder")).toContain("folder expected an agent file, found a folder");
    expect(await refusal("--dataset", "folder")).toContain("folder");
    mkdirSync(join(cwd, "out.html"));
    expect(await refusal("--output", "out.html")).toContain("found a folder");
  });

  it("a suite whose name is a path", async () => {
    change("agentctl.yaml", "small: {", '"../../evil": {');
    expect(await refusal()).toMatch(/agentctl\.yaml:\d+ .*evil/);
  });

  it("a user with a goal whom no model plays", async () => {
    change("cases.jsonl", '"input":"Question number 3?"', '"input":{"user":{"goal":"Find out."}}');
    expect(await refusal()).toMatch(/cases\.jsonl:3 has a user with a goal/);
  });

  it("leaves no cassette behind", async () => {
    change("cases.jsonl", '"id":"case-02"', '"id":"case-01"');
    await refusal("--record", "c.jsonl");
    expect(existsSync(join(cwd, "c.jsonl"))).toBe(false);
  });

  it("a key that is missing", async () => {
    change("agent.yaml", "  base_url: http://127.0.0.1:1/v1\n", "");
    expect(await refusal()).toContain("OPENAI_API_KEY");
  });

  it("a gate on an unknown metric", async () => {
    change("gates.yaml", "task.success", "task.sucess");
    expect(await refusal("--gate")).toMatch(
      /gates\.yaml:3 unknown metric `task\.sucess`; did you mean `task\.success`/,
    );
  });

  it("a project file that is not there, or has no such suite", async () => {
    expect(await refusal("--suite", "smal")).toContain("did you mean `small`");
    const empty = temporaryFolder();
    const result = await runCommand(["eval"], { cwd: empty });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain("agentctl init");
  });

  it("flags that do not exist or make no sense", async () => {
    expect(await refusal("--max-concurency", "4")).toContain("--max-concurrency");
    expect(await refusal("-j", "0")).toContain("at least 1");
    expect(await refusal("--case-id", "case-1")).toContain("did you mean `case-01`");
    expect(await refusal("--filter-pattern", "(")).toContain("regular expression");
    expect(await refusal("--resume")).toContain("no run is left to resume");
    expect(await refusal("--resume", "nonsense")).toContain('found no run "nonsense"');
    expect(await refusal("--env-file", "nowhere.env")).toContain("nowhere.env");
  });

  it("a byte order mark and CRLF are no problem", async () => {
    const path = join(cwd, "cases.jsonl");
    writeFileSync(path, `\uFEFF${readFileSync(path, "utf8").replaceAll("\n", "\r\n")}`);
    const { exitCode } = await runCommand(["eval"], { cwd });
    expect(exitCode).toBe(3);
  });

  it("a run history that cannot be written is exit 3 and named", async () => {
    mkdirSync(join(cwd, ".agentctl", "agentctl.db"), { recursive: true });
    const { exitCode, stderr } = await runCommand(["eval"], { cwd });
    expect(exitCode).toBe(3);
    expect(stderr).toContain("agentctl.db");
  });
});

describe("agentctl init", () => {
  it("wants a folder", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "notes.txt"), "mine\n");
    const { exitCode, stderr } = await runCommand(["init", "notes.txt"], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/expected a folder, found the file .*notes\.txt\nnext: /);
  });

  it("never overwrites, and eval works at once", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "gates.yaml"), "mine\n");
    writeFileSync(join(folder, ".gitignore"), "node_modules/");
    expect((await runCommand(["init"], { cwd: folder })).exitCode).toBe(0);
    expect(readFileSync(join(folder, "gates.yaml"), "utf8")).toBe("mine\n");
    expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe(
      "node_modules/\n.agentctl/\nreports/\n.env\n",
    );
    const broken = await runCommand(["eval"], { cwd: folder });
    expect(broken.stderr).toContain("gates.yaml");
    rmSync(join(folder, "gates.yaml"));
    await runCommand(["init"], { cwd: folder });
    const { exitCode, stdout } = await runCommand(["eval", "--gate"], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("task.success");
    expect(stdout).toContain("did not pass");
  });
});
