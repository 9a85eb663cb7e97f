import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { scanFiles } from "../src/eval/forget/byte-scan.js";
import { runCli, startCli, temporaryFolder } from "./run-cli.js";

const ADA = ["--user", "ada", "--tenant", "acme"];
const FILES = {
  "agentctl.yaml": `version: 1
default_suite: main
suites:
  main: { dataset: datasets/main.jsonl, agent: agents/a.yaml }
`,
  "agents/a.yaml": `name: helper
prompt: { version: "1", text: Help. }
model: { provider: scripted, name: a.script.yaml }
identity: { tenant: acme, user: ada }
memory: {}
`,
  "agents/a.script.yaml": `version: 1
rules:
  - when: { system_matches: "prefers ([a-z ]+)" }
    reply: { text: "You like {{ match.1 }}." }
  - reply: { text: "Hello." }
`,
  "datasets/main.jsonl": '{"id":"other","input":"What is new?"}\n',
};

/** A project whose agent remembers; `said` are the lines of one chat. */
async function chatted(...said: readonly string[]): Promise<string> {
  const cwd = temporaryFolder();
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  await chat(cwd, ...said);
  return cwd;
}

async function chat(cwd: string, ...said: readonly string[]): Promise<string> {
  const child = startCli(["chat"], { cwd });
  child.stdin?.end(said.map((line) => `${line}\n`).join(""));
  const { stdout, stderr, exitCode } = await child;
  if (exitCode !== 0) throw new Error(stderr);
  return stdout;
}

const memory = (cwd: string, ...args: readonly string[]) => runCli(["memory", ...args], { cwd });
const receiptOf = (cwd: string) => {
  const [name = ""] = readdirSync(join(cwd, ".agentctl", "receipts"));
  return join(cwd, ".agentctl", "receipts", name);
};

describe("a user who is remembered, and then forgotten", { timeout: 120_000 }, () => {
  const QUESTION = "My kestrel feeder QX-20417 never arrived, says Jørgen.";
  let cwd: string;
  beforeAll(async () => {
    cwd = await chatted("I prefer paper letters.", QUESTION, "/save-case", "/save-case twin sets/more.jsonl");
  }, 120_000);

  it("is known in the next chat, and what was said is shown", async () => {
    expect(await chat(cwd, "Do you know me?")).toContain("You like paper letters.");
    const { stdout } = await memory(cwd, "show", ...ADA);
    expect(stdout).toMatch(/^ada: \d facts, 2 sessions\n/);
    expect(stdout).toMatch(/issue {2}reported: .*QX-20417/);
    expect((await memory(cwd, "show", "--user", "ada")).stdout).toBe("ada: 0 facts, 0 sessions");
  });

  it("keeps what was not asked to be forgotten", async () => {
    const asked = await memory(cwd, "forget", ...ADA, "--query", "paper letters");
    expect(asked).toMatchObject({ exitCode: 2, stdout: "" });
    expect(asked.stderr).toMatch(/nothing was removed: .* for good\nnext: repeat with --yes/);
    const none = await memory(cwd, "forget", ...ADA, "--query", "submarines", "--yes");
    expect(none.stdout).toBe("Nothing is remembered that fits: nothing was forgotten.");
    const { stdout } = await memory(cwd, "forget", ...ADA, "--kind", "preference", "--yes");
    expect(stdout).toBe("Forgot 1 fact, history included.");
    expect((await memory(cwd, "show", ...ADA)).stdout).toContain("QX-20417");
    const wrong = await memory(cwd, "forget", ...ADA, "--kind", "preferences", "--yes");
    expect(wrong).toMatchObject({ exitCode: 2 });
    expect(wrong.stderr).toContain("did you mean");
  });

  it("leaves no byte in the project once deleted: chat, saved cases, runs, reports, recordings", async () => {
    const outputs = ["-o", "r.html", "-o", "r.json", "-o", "r.md", "-o", "r.xml"];
    await runCli(["eval", "--record", "own.jsonl", ...outputs], { cwd });
    const pieces = ["kestrel feeder", "Jørgen"];
    const before = new Set(scanFiles([cwd], pieces).hits.map(({ file }) => file.slice(cwd.length + 1)));
    expect([...before]).toEqual(
      expect.arrayContaining([
        ".agentctl/agentctl.db",
        ".agentctl/conversations.db",
        ".agentctl/memory.db",
        "datasets/main.jsonl",
        "r.html",
        "r.json",
        "sets/more.jsonl",
      ]),
    );
    expect((await memory(cwd, "forget", ...ADA)).stderr).toMatch(
      /would remove everything of 2 conversations/,
    );
    const { stdout, stderr, exitCode } = await memory(cwd, "forget", ...ADA, "--yes");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/: none is left\.\nReceipt: \.agentctl/);
    expect(scanFiles([cwd], pieces).hits).toEqual([]);
    expect(readFileSync(join(cwd, "datasets", "main.jsonl"), "utf8")).toBe(FILES["datasets/main.jsonl"]);
    expect(existsSync(join(cwd, "r.json"))).toBe(false);
    expect((await memory(cwd, "show", ...ADA)).stdout).toBe("ada: 0 facts, 0 sessions");
  });

  it("has a receipt that is checked against key and user", async () => {
    const verify = (...args: readonly string[]) => memory(cwd, "verify-receipt", receiptOf(cwd), ...args);
    expect(await verify(...ADA)).toMatchObject({ exitCode: 0 });
    const other = await verify("--user", "ben", "--tenant", "acme");
    expect(other).toMatchObject({ exitCode: 1 });
    expect(other.stdout).toContain("It is NOT for this user.");
    const forged = join(cwd, "forged.json");
    writeFileSync(forged, readFileSync(receiptOf(cwd), "utf8").replace(/"messages": \d+/, '"messages": 99'));
    const { stdout, exitCode } = await memory(cwd, "verify-receipt", forged);
    expect({ stdout, exitCode }).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("NOT genuine"),
    });
  });
});

describe("memory in evaluations", () => {
  it("neither reads what chats left nor leaves anything to them", async () => {
    const cwd = await chatted("I prefer paper letters.");
    const shown = await memory(cwd, "show", ...ADA);
    const { stdout } = await runCli(["eval", "--json", "--quiet"], { cwd });
    expect(stdout).toContain("Hello.");
    expect(stdout).not.toContain("paper letters");
    expect((await memory(cwd, "show", ...ADA)).stdout).toBe(shown.stdout);
  });
});
