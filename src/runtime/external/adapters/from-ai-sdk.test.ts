import { generateText, simulateReadableStream, stepCountIs, streamText, ToolLoopAgent, tool } from "ai";
import { MockLanguageModelV3 } from "ai/test";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { fromAiSdk } from "./from-ai-sdk.js";
import { talkTo } from "./testing/talk-to.js";

type Turn = Awaited<ReturnType<MockLanguageModelV3["doGenerate"]>>;

const usage = (input: number, output: number): Turn["usage"] => ({
  inputTokens: { total: input, noCache: input - 2, cacheRead: 2, cacheWrite: 0 },
  outputTokens: { total: output, text: output - 1, reasoning: 1 },
});
const says = (text: string): Turn => ({
  content: [{ type: "text", text }],
  finishReason: { unified: "stop", raw: "stop" },
  usage: usage(20, 5),
  warnings: [],
});
const calls = (toolName: string, input: object): Turn => ({
  content: [{ type: "tool-call", toolCallId: `c-${toolName}`, toolName, input: JSON.stringify(input) }],
  finishReason: { unified: "tool-calls", raw: "tool_calls" },
  usage: usage(10, 3),
  warnings: [],
});

const tools = {
  find: tool({
    description: "Finds an order.",
    inputSchema: z.object({ id: z.number() }),
    execute: ({ id }) => Promise.resolve({ status: "shipped", id }),
  }),
  refund: tool({
    description: "Pays back.",
    inputSchema: z.object({}),
    execute: (): Promise<string> => Promise.reject(new Error("no such payment")),
  }),
  close: tool({
    description: "Closes an account.",
    inputSchema: z.object({}),
    needsApproval: true,
    execute: () => "done",
  }),
};

function agentOf(...turns: Turn[]) {
  const model = new MockLanguageModelV3({ modelId: "mock-1", doGenerate: turns });
  return { model, agent: new ToolLoopAgent({ model, tools, stopWhen: stepCountIs(5) }) };
}

describe("an agent of the AI SDK", () => {
  it("answers, with the tool calls and the tokens of all its steps", async () => {
    const { agent } = agentOf(calls("find", { id: 7 }), calls("refund", {}), says("It has shipped."));
    expect(await talkTo(fromAiSdk(agent)).say("Where is order 7?")).toEqual({
      text: "It has shipped.",
      model: "mock-1",
      escalated: false,
      toolCalls: [
        { name: "find", arguments: { id: 7 }, result: { status: "shipped", id: 7 }, isError: false },
        { name: "refund", arguments: {}, result: "no such payment", isError: true },
      ],
      reasoning: [],
      usage: {
        inputTokens: 40,
        outputTokens: 11,
        cachedInputTokens: 6,
        cacheWriteTokens: 0,
        reasoningTokens: 3,
      },
    });
  });

  it("is told of its own tool calls of earlier turns", async () => {
    const { agent, model } = agentOf(calls("find", { id: 7 }), says("It has shipped."), says("Yes."));
    const { say } = talkTo(fromAiSdk(agent));
    await say("Where is order 7?");
    await say("Sure?");
    const roles = model.doGenerateCalls[2]?.prompt.map(({ role }) => role);
    expect(roles).toEqual(["user", "assistant", "tool", "assistant", "user"]);
  });

  it("begins anew when a trial is run again", async () => {
    const { agent, model } = agentOf(says("One."), says("Two."));
    const run = fromAiSdk(agent);
    await talkTo(run).say("first");
    await talkTo(run).say("second");
    expect(model.doGenerateCalls[1]?.prompt).toHaveLength(1);
  });

  it("hands over to a person when a tool call wants approval", async () => {
    const { agent } = agentOf(calls("close", {}));
    expect(await talkTo(fromAiSdk(agent)).say("Close my account.")).toMatchObject({
      escalated: true,
      toolCalls: [{ name: "close", arguments: {} }],
    });
  });

  it("streams when its function does", async () => {
    const model = new MockLanguageModelV3({
      modelId: "mock-1",
      doStream: {
        stream: simulateReadableStream({
          chunks: [
            { type: "text-start", id: "1" },
            { type: "text-delta", id: "1", delta: "Hel" },
            { type: "text-delta", id: "1", delta: "lo" },
            { type: "text-end", id: "1" },
            { type: "finish", finishReason: { unified: "stop", raw: "stop" }, usage: usage(10, 3) },
          ],
        }),
      },
    });
    const { say, pieces } = talkTo(fromAiSdk((call) => streamText({ model, ...call })));
    expect(await say("Hi")).toMatchObject({
      text: "Hello",
      toolCalls: [],
      usage: { inputTokens: 10, outputTokens: 3 },
    });
    expect(pieces).toEqual(["Hel", "lo"]);
  });

  it("is told the rules of an environment, without a warning of the SDK", async () => {
    const model = new MockLanguageModelV3({ doGenerate: [says("Hi.")] });
    const { say, messages } = talkTo(fromAiSdk((call) => generateText({ model, system: "Help.", ...call })));
    messages.push({ role: "system", content: "Never refund twice." });
    const warned: unknown[] = [];
    const { warn } = console;
    console.warn = (...words: unknown[]) => warned.push(words);
    try {
      await say("Hi");
    } finally {
      console.warn = warn;
    }
    expect(model.doGenerateCalls[0]?.prompt.map(({ role }) => role)).toEqual(["system", "system", "user"]);
    expect(warned).toEqual([]);
  });

  it("fails when its model does", async () => {
    const model = new MockLanguageModelV3({ doGenerate: () => Promise.reject(new Error("no quota")) });
    const { say } = talkTo(fromAiSdk(new ToolLoopAgent({ model, maxRetries: 0 })));
    await expect(say("Hi")).rejects.toThrow("no quota");
  });

  it("fails when its stream does", async () => {
    const model = new MockLanguageModelV3({ doStream: () => Promise.reject(new Error("no quota")) });
    const { say } = talkTo(
      fromAiSdk((call) => streamText({ model, maxRetries: 0, onError: () => {}, ...call })),
    );
    await expect(say("Hi")).rejects.toThrow();
  });
});
