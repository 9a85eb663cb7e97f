import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { execAgentSchema } from "../../../config/agent/external/exec-schema.js";
import { systemClock } from "../../../core/clock.js";
import type { ConfigError, ProviderError } from "../../../core/errors.js";
import { ANONYMOUS } from "../../../core/identity.js";
import type { ExternalAgent, ExternalMessage, ExternalReply } from "../external-agent.js";
import { openExec } from "./open-exec.js";

const ENV = { PATH: process.env.PATH, DESK_KEY: "sk-desk-0123456789", OTHER: "not asked for" };

/** Lines of a program that answers each message by an expression over `message`. */
function program(answer: string, atStart = ""): string {
  return `
const { createInterface } = require("node:readline");
const { spawn } = require("node:child_process");
const say = (line) => console.log(JSON.stringify(line));
const reply = (text) => say({ type: "reply", text: String(text) });
${atStart}
createInterface({ input: process.stdin }).on("line", (line) => {
  const message = JSON.parse(line);
  if (message.type === "start") { globalThis.start = message; say({ type: "ready" }); return; }
  ${answer}
});`;
}

async function agentOf(source: string, block: object = {}): Promise<ExternalAgent> {
  const folder = mkdtempSync(join(tmpdir(), "agentctl-exec-"));
  writeFileSync(join(folder, "agent.cjs"), source);
  const config = execAgentSchema.parse({
    kind: "exec",
    name: "desk",
    command: process.execPath,
    args: ["agent.cjs"],
    ...block,
  });
  return openExec(config, { file: "agents/desk.yaml", folder, env: ENV, clock: systemClock, secrets: [] });
}

const TOOL = { name: "find", description: "Finds.", parameters: { type: "object" } };

function sessionOf(agent: ExternalAgent) {
  const session = agent.open({
    conversationId: "case-1/0",
    caseId: "case-1",
    trial: 0,
    identity: { ...ANONYMOUS, tenantId: "acme", userId: "u-1" },
    tools: [TOOL],
    note: null,
    setNote: () => {},
  });
  const exchange = (said: Partial<ExternalMessage>, pieces: string[] = []): Promise<ExternalReply> =>
    session.exchange(
      { kind: "message", text: "hello", results: [], messages: [], ...said },
      {
        signal: new AbortController().signal,
        onText: (piece) => pieces.push(piece),
        onRetry: () => {},
      },
    );
  return { session, exchange };
}

async function answerOf(source: string, block: object = {}): Promise<string | null> {
  const agent = await agentOf(source, block);
  try {
    return (await sessionOf(agent).exchange({})).text;
  } finally {
    await agent.close();
  }
}

async function failureOf(source: string, block: object = {}): Promise<ProviderError> {
  return answerOf(source, block).then(
    () => expect.fail("expected a failure"),
    (error: unknown) => error as ProviderError,
  );
}

describe("a program", () => {
  it("is told of the conversation, and gets the variables it may have", async () => {
    const told = JSON.parse((await answerOf(program("reply(JSON.stringify(start))"))) ?? "") as object;
    expect(told).toEqual({
      type: "start",
      protocol: 1,
      conversation_id: "case-1/0",
      case_id: "case-1",
      trial: 0,
      tenant: "acme",
      user: "u-1",
      tools: [TOOL],
    });
    const names = await answerOf(
      program('reply(Object.keys(process.env).filter((name) => !name.startsWith("_")).sort())'),
      {
        env_allow: ["DESK_KEY"],
      },
    );
    expect(names).toBe("DESK_KEY,PATH");
  });

  it("hears what was said, and streams its answer", async () => {
    const agent = await agentOf(
      program(
        'say({ type: "delta", text: "a" }); say({ type: "delta", text: "b" }); reply(JSON.stringify(message));',
      ),
    );
    const pieces: string[] = [];
    const messages = [
      { role: "user", content: "one" },
      { role: "assistant", content: null, toolCalls: [] },
      { role: "tool", toolCallId: "1", name: "find", content: "x" },
      { role: "user", content: "two" },
    ] as const;
    const { text } = await sessionOf(agent).exchange(
      { text: "two", messages, traceparent: "00-1-2-01" },
      pieces,
    );
    expect(JSON.parse(text ?? "")).toEqual({
      type: "message",
      text: "two",
      messages: [
        { role: "user", content: "one" },
        { role: "user", content: "two" },
      ],
      traceparent: "00-1-2-01",
    });
    expect(pieces).toEqual(["a", "b"]);
    await agent.close();
  });

  it("asks for tools and goes on with their results", async () => {
    const agent = await agentOf(
      program(`if (message.type === "message") {
        say({ type: "tool_call", id: 1, name: "find", arguments: { id: 7 } });
        say({ type: "tool_call", id: 2, name: "find" });
      } else if (message.id === "2") reply(message.content + message.is_error);`),
    );
    const { exchange } = sessionOf(agent);
    const first = await exchange({});
    expect(first).toMatchObject({
      text: null,
      isPartial: true,
      calls: [{ id: "1", name: "find", arguments: { id: 7 } }],
    });
    const result = { id: "1", name: "find", content: "found", isError: false };
    const second = await exchange({ kind: "results", results: [result] });
    expect(second.calls).toEqual([{ id: "2", name: "find", arguments: {} }]);
    const last = await exchange({ kind: "results", results: [{ ...result, id: "2", isError: true }] });
    expect(last).toMatchObject({ text: "foundtrue", calls: [] });
    await agent.close();
  });

  it("ends with all that it started", async () => {
    const agent = await agentOf(
      program('const child = spawn("sleep", ["600"], { stdio: "inherit" }); reply(child.pid);'),
    );
    const { exchange, session } = sessionOf(agent);
    const pid = Number((await exchange({})).text);
    expect(isAlive(pid)).toBe(true);
    await session.close();
    await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false);
  });

  it("is quoted without secrets and colours when it dies", async () => {
    const source = program(
      'process.stderr.write("\\u001b[31mno access\\u001b[0m with " + process.env.DESK_KEY + "\\n", () => process.exit(3));',
    );
    const error = await failureOf(source, { env_allow: ["DESK_KEY"] });
    expect(error).toMatchObject({ code: "AGENT_FAILED", isRetryable: false });
    expect(error.message).toMatch(/ended before its reply \(exit code 3\): no access with \[redacted\]$/);
  });

  const broken: readonly (readonly [string, string, object, string])[] = [
    ["a reply before ready", 'say({ type: "reply", text: "x" });', {}, "before `ready`"],
    [
      "silence at the start",
      "process.stdin.pause(); setInterval(() => {}, 1000); say = () => {};",
      { startup_timeout_ms: 400 },
      "not ready within 400 ms",
    ],
    ["a long line", 'console.log("x".repeat(2000));', { max_line_bytes: 1000 }, "more than 1000 bytes"],
  ];

  it.each(broken)("ends the trial in error: %s", async (_, atStart, block, message) => {
    const source = program('reply("fine")', atStart).replace("const say", "let say");
    expect((await failureOf(source, block)).message).toContain(message);
  });

  it("may not speak between its turns", async () => {
    const agent = await agentOf(program('reply("one"); reply("two");'));
    const { exchange } = sessionOf(agent);
    await exchange({});
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(exchange({})).rejects.toThrow("nobody asked for");
    await agent.close();
  });

  it("that cannot be started is an error with its name", async () => {
    const error = await failureOf("", { command: "no-such-program-agentctl" });
    expect(error).toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    expect(`${error.message} ${error.nextStep}`).toMatch(
      /cannot be started \(ENOENT\).*no-such-program-agentctl/,
    );
  });

  it("is another version when its files are", async () => {
    const [one, same, other] = [await agentOf("1"), await agentOf("1"), await agentOf("2")];
    expect(one.hash).toBe(same.hash);
    expect(one.hash).not.toBe(other.hash);
  });

  it("is refused with every file that is not there", async () => {
    const block = { command: "./desk", cwd: "nowhere", hash_files: ["rules.txt"] };
    const error = await agentOf("", block).then(
      () => expect.fail("expected a failure"),
      (cause: unknown) => cause as ConfigError,
    );
    expect(error.problems.map(({ message }) => message.split(":")[0])).toEqual([
      "cwd",
      "command",
      "hash_files",
    ]);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
