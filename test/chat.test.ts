import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { initialisedProject, startCli } from "./run-cli.js";

const SCRIPT = `version: 1
rules:
  - when: { last_role: user, last_matches: slow }
    reply: { tool_calls: [{ name: lookup_order, arguments: { order_id: A-1042 } }] }
  - when: { last_role: tool, context_matches: slow }
    reply: { text: Too late., delay_ms: 20000 }
  - when: { last_role: user, last_matches: broken }
    error: { status: 401 }
  - when: { last_role: user, last_matches: "cancel (A-\\\\d+)" }
    reply:
      tool_calls:
        - name: cancel_order
          arguments: { order_id: "{{ match.1 }}", reason: changed_mind, confirmed: true }
  - when: { last_role: user, last_matches: "where is (A-\\\\d+)" }
    reply: { tool_calls: [{ name: lookup_order, arguments: { order_id: "{{ match.1 }}" } }] }
  - when: { last_role: tool, last_matches: '"status":"(\\w+)"' }
    reply: { text: "It is {{ match.1 }}.", delay_ms: 2, first_token_ms: 1 }
  - when: { last_role: tool }
    reply: { text: I cannot do that. }
  - reply: { text: "Hello." }
`;

const AGENT = `name: chatty
prompt: { version: "1", text: Be brief. }
model: { provider: scripted, name: chatty.script.yaml, max_retries: 0 }
environment: orders
`;

let cwd: string;

beforeEach(async () => {
  cwd = await initialisedProject();
  writeFileSync(join(cwd, "agents", "chatty.script.yaml"), SCRIPT);
  writeFileSync(join(cwd, "agents", "chatty.yaml"), AGENT);
});

async function chat(lines: readonly string[], args: readonly string[] = []) {
  const process = startCli(["chat", "--agent", "agents/chatty.yaml", ...args], { cwd });
  process.stdin?.end(lines.map((line) => `${line}\n`).join(""));
  const { stdout, stderr, exitCode } = await process;
  return { stdout, stderr, exitCode };
}

/** Waits until the program has written something. */
function shown(output: NodeJS.ReadableStream | null, text: string): Promise<void> {
  let written = "";
  return new Promise((resolve) => {
    output?.on("data", (chunk) => {
      written += String(chunk);
      if (written.includes(text)) resolve();
    });
  });
}

describe("agentctl chat", () => {
  it("answers each line of a pipe, and shows the calls", async () => {
    const { stdout, stderr, exitCode } = await chat(["Hi", "Where is A-1042?"]);
    const shown = stdout.replace(/[\d.]+ m?s$/m, "T");
    expect(shown).toMatch(
      /^Hello\.\n {2}✓ lookup_order\({"order_id":"A-1042"}\) → .* · T\nIt is processing\.$/,
    );
    expect(stderr).toContain("go on with: agentctl chat --session ");
    expect(stderr).toContain("The replies come from a script, not from an LLM");
    expect(exitCode).toBe(0);
  });

  it("goes on with a session, with what was done in it", async () => {
    await chat(["Cancel A-1068"], ["--session", "one"]);
    const { stdout, stderr } = await chat(["Where is A-1068?"], ["--session", "one"]);
    expect(stderr).toContain("goes on after 1 message of yours");
    expect(stdout).toContain("It is cancelled.");
  });

  it("tells a provider's failure in one line, and goes on", async () => {
    const { stdout, stderr, exitCode } = await chat(["broken", "Hi"]);
    expect(stderr.split("\n").filter((line) => line.startsWith("error PROVIDER_AUTH:"))).toHaveLength(1);
    expect(stderr).toContain("next: ");
    expect(stdout).toBe("Hello.");
    expect(exitCode).toBe(3);
  });

  it("shows the trace, and helps with commands that it does not know", async () => {
    const { stdout, stderr } = await chat(["/trace", "Where is A-1042?", "/trace", "/nope", "/quit", "Hi"]);
    expect(stderr).toContain("nothing was said yet");
    expect(stdout).toContain("Stopped because the agent answered");
    expect(stderr).toContain("there is no command /nope");
    expect(stdout).not.toContain("Hello.");
  });

  it("saves a case that an evaluation can run, once under each id", async () => {
    const lines = [
      "Cancel A-1068",
      "Where is A-9999?",
      "/save-case mine my.jsonl",
      "/save-case mine my.jsonl",
    ];
    const { stderr } = await chat(lines);
    expect(stderr).toContain("saved case mine to my.jsonl");
    expect(stderr).toContain('has the case "mine" already');
    const saved: unknown = JSON.parse(readFileSync(join(cwd, "my.jsonl"), "utf8"));
    const cancelled = {
      name: "cancel_order",
      args: { order_id: "A-1068", reason: "changed_mind", confirmed: true },
    };
    expect(saved).toMatchObject({
      id: "mine",
      input: { user: { script: ["Cancel A-1068", "Where is A-9999?"] } },
      expect: { tool_calls: [cancelled], state: { actions: [cancelled] } },
      review: { status: "pending" },
    });
    const args = ["eval", "--agent", "agents/chatty.yaml", "--dataset", "my.jsonl", "--json"];
    const { stdout } = await startCli(args, { cwd });
    const estimates = (JSON.parse(stdout ?? "") as { estimates: { metric: string; value: number }[] })
      .estimates;
    expect(estimates.find(({ metric }) => metric === "task.success")?.value).toBe(1);
  });

  it("prints one document where JSON is wanted", async () => {
    const { stdout } = await chat(["Hi", "Where is A-1042?"], ["--json", "--quiet"]);
    expect(JSON.parse(stdout ?? "")).toMatchObject({ schema: "agentctl/trace", agent: "chatty" });
  });

  it("stops at Ctrl-C within a turn", async () => {
    const process = startCli(["chat", "--agent", "agents/chatty.yaml"], { cwd });
    process.stdin?.write("slow\n");
    await shown(process.stdout, "lookup_order");
    process.kill("SIGINT");
    await shown(process.stdout, "stopped by you");
    process.stdin?.end("Hi\n");
    const { stdout, exitCode } = await process;
    expect(stdout).toMatch(/^ {2}✓ lookup_order.*\n {2}■ stopped by you\nHello\.$/);
    expect(exitCode).toBe(0);
  });

  it("refuses an agent whose model is a recording, and a session id of nobody's suite", async () => {
    writeFileSync(join(cwd, "agents", "chatty.yaml"), AGENT.replace("scripted", "replay"));
    expect((await chat(["Hi"])).exitCode).toBe(2);
    expect((await chat(["Hi"], ["--suite", "nope"])).exitCode).toBe(2);
  });
});
