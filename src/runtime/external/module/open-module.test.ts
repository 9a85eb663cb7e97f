import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { moduleAgentSchema } from "../../../config/agent/external/module-schema.js";
import { systemClock } from "../../../core/clock.js";
import { ConfigError } from "../../../core/errors.js";
import { ANONYMOUS } from "../../../core/identity.js";
import type { Message } from "../../../core/message.js";
import type { ExternalMessage, ExternalReply } from "../external-agent.js";
import { openModule } from "./open-module.js";

const folder = mkdtempSync(join(tmpdir(), "module-agent-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function opened(text: string, options: object = {}) {
  const name = `agent-${Math.random().toString(36).slice(2)}.ts`;
  writeFileSync(join(folder, name), text);
  return open(`./${name}`, options);
}

function open(module: string, options: object = {}) {
  const config = moduleAgentSchema.parse({ kind: "module", name: "mine", module, ...options });
  return openModule(config, { file: "agents/mine.yaml", folder, env: {}, clock: systemClock, secrets: [] });
}

const TOOLS = [{ name: "find", description: "Finds.", parameters: { type: "object" } }];
const MESSAGES: readonly Message[] = [{ role: "user", content: "hello" }];

async function session(text: string) {
  const agent = await opened(text);
  const pieces: string[] = [];
  const own = agent.open({
    conversationId: "case-1/0",
    caseId: "case-1",
    trial: 0,
    identity: ANONYMOUS,
    tools: TOOLS,
    note: null,
    setNote: () => {},
  });
  const say = (said: Partial<ExternalMessage>): Promise<ExternalReply> =>
    own.exchange(
      { kind: "message", text: "hello", results: [], messages: MESSAGES, ...said },
      { signal: new AbortController().signal, onText: (delta) => pieces.push(delta), onRetry: () => {} },
    );
  return { say, pieces };
}

describe("a module that is an agent", () => {
  it("calls tools through agentctl, those of one moment together", async () => {
    const { say } = await session(`
      interface Context { callTool(name: string, args: object): Promise<{ content: string; isError: boolean }>; tools: any[] }
      export default async function agent(input: { message: string }, context: Context) {
        const both = await Promise.all([context.callTool("find", { id: 1 }), context.tools[0].call({ id: 2 })]);
        const last = await context.callTool("find", { id: 3 });
        return [...both, last].map((one) => one.content + one.isError).join();
      }`);
    const first = await say({});
    expect(first).toMatchObject({ text: null, finishReason: "tool_calls" });
    expect(first.calls.map(({ name, arguments: args }) => [name, args])).toEqual([
      ["find", { id: 1 }],
      ["find", { id: 2 }],
    ]);
    const results = first.calls.map(({ id, name }, index) => ({
      id,
      name,
      content: `r${index}`,
      isError: index === 1,
    }));
    const second = await say({ kind: "results", results });
    expect(second.calls).toHaveLength(1);
    expect(new Set([...first.calls, ...second.calls].map(({ id }) => id)).size).toBe(3);
    const last = second.calls.map(({ id, name }) => ({ id, name, content: "r2", isError: false }));
    expect((await say({ kind: "results", results: last })).text).toBe("r0false,r1true,r2false");
  });

  it("streams, reports as it goes, and may end with an object", async () => {
    const { say, pieces } = await session(`
      export default async function* agent(_: unknown, context: any) {
        context.report({ reasoning: ["look first"], toolCalls: [{ name: "look", result: { seen: true } }] });
        yield "Hel";
        yield "lo";
        yield { usage: { inputTokens: 5, outputTokens: 2, reasoningTokens: 1 }, model: "m", retrievals: [] };
      }`);
    expect(await say({})).toEqual({
      text: "Hello",
      calls: [],
      finishReason: "stop",
      usage: { inputTokens: 5, outputTokens: 2, reasoningTokens: 1 },
      costUsd: null,
      model: "m",
      isEscalated: false,
      steps: [
        { kind: "reasoning", text: "look first", confidence: null, alternatives: [] },
        {
          kind: "tool",
          name: "look",
          arguments: {},
          result: '{"seen":true}',
          isError: false,
          durationMs: null,
        },
      ],
      says: { tools: true, retrievals: true, modelCalls: false },
    });
    expect(pieces).toEqual(["Hel", "lo"]);
  });

  it("gets copies: what it changes changes nothing here", async () => {
    const { say } = await session(`
      export default (input: any) => { input.messages[0].content = "forged"; input.identity.scopes.push("admin"); return "ok"; }`);
    await say({});
    expect(MESSAGES[0]?.content).toBe("hello");
    expect(ANONYMOUS.scopes).toEqual([]);
  });

  it("cannot call tools with what is no JSON object, or after its answer", async () => {
    const { say } = await session(`
      let late: () => Promise<unknown>;
      export default async (input: any, context: any) => {
        if (input.message === "late") return late().then(() => "called", (error) => error.message);
        late = () => context.callTool("find", {});
        return context.callTool("find", "id").then(() => "called", (error: Error) => error.message);
      }`);
    expect((await say({})).text).toBe("expected an object with the arguments of a tool");
    expect((await say({ text: "late" })).text).toBe("the trial is over: no tool can be called any more");
  });

  it("is part of the agent's version by its content", async () => {
    const one = await opened('export default () => "a";');
    const same = await opened('export default () => "a";');
    const other = await opened('export default () => "b";');
    expect(one.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(one.hash).toBe(same.hash);
    expect(one.hash).not.toBe(other.hash);
  });
});

describe("a module that cannot be used", () => {
  it.each([
    [
      "export const agent = () => 1; export const list = [];",
      {},
      'expected a function as its export "default", found only "agent"',
    ],
    [
      "export const x = 1;",
      { export: "agent" },
      'expected a function as its export "agent", found no function',
    ],
    ["export default (", {}, "cannot be loaded"],
    ['throw new Error("at once");', {}, "cannot be loaded: at once"],
  ])("is refused: %s", async (text, options, message) => {
    const refused = opened(text, options);
    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow(message);
  });

  it("is refused when it is not there", async () => {
    await expect(open("./none.mjs")).rejects.toThrow(
      "agents/mine.yaml module ./none.mjs: expected a file, relative to the agent file; found none",
    );
  });
});
