import { Agent, type Model, type ModelResponse, Runner, tool, Usage } from "@openai/agents";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { fromOpenAIAgents } from "./from-openai-agents.js";
import { talkTo } from "./testing/talk-to.js";

type Output = ModelResponse["output"];

const USAGE = {
  inputTokens: 10,
  outputTokens: 4,
  totalTokens: 14,
  inputTokensDetails: [{ cached_tokens: 3 }],
  outputTokensDetails: [{ reasoning_tokens: 1 }],
};
const says = (text: string): Output => [
  { type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text }] },
];
const calls = (name: string, args: object): Output => [
  { type: "function_call", callId: `c-${name}`, name, status: "completed", arguments: JSON.stringify(args) },
];

class FakeModel implements Model {
  readonly inputs: unknown[] = [];

  constructor(
    private readonly turns: Output[],
    private readonly usage: ConstructorParameters<typeof Usage>[0] = USAGE,
  ) {}

  getResponse(request: Parameters<Model["getResponse"]>[0]): Promise<ModelResponse> {
    this.inputs.push(structuredClone(request.input));
    const output = this.turns.shift();
    if (output === undefined) return Promise.reject(new Error("no quota"));
    return Promise.resolve({ usage: new Usage(this.usage), output });
  }

  getStreamedResponse(): never {
    throw new Error("not streamed here");
  }
}

function agentOf(model: Model) {
  const find = tool({
    name: "find",
    description: "Finds an order.",
    parameters: z.object({ id: z.number() }),
    execute: ({ id }) => ({ status: "shipped", id }),
  });
  const close = tool({
    name: "close",
    description: "Closes an account.",
    parameters: z.object({}),
    needsApproval: true,
    execute: () => "done",
  });
  const agent = new Agent({ name: "desk", instructions: "Help.", tools: [find, close], model: "fake" });
  const runner = new Runner({ modelProvider: { getModel: () => model }, tracingDisabled: true });
  return fromOpenAIAgents(agent, (own, input, options) => runner.run(own, input, options));
}

describe("an agent of the OpenAI Agents SDK", () => {
  it("answers, with its tool calls and the tokens of all responses", async () => {
    const { say } = talkTo(agentOf(new FakeModel([calls("find", { id: 7 }), says("It has shipped.")])));
    expect(await say("Where is order 7?")).toEqual({
      text: "It has shipped.",
      escalated: false,
      toolCalls: [{ name: "find", arguments: { id: 7 }, result: { status: "shipped", id: 7 } }],
      usage: { inputTokens: 20, outputTokens: 8, cachedInputTokens: 6, reasoningTokens: 2 },
    });
  });

  it("is told of its own tool calls of earlier turns", async () => {
    const model = new FakeModel([calls("find", { id: 7 }), says("It has shipped."), says("Yes.")]);
    const { say } = talkTo(agentOf(model));
    await say("Where is order 7?");
    expect((await say("Sure?")).toolCalls).toEqual([]);
    expect(
      (model.inputs[2] as { type?: string; role?: string }[]).map(({ type, role }) => role ?? type),
    ).toEqual(["user", "function_call", "function_call_result", "assistant", "user"]);
  });

  it("hands over to a person when a tool call wants approval", async () => {
    const { say } = talkTo(agentOf(new FakeModel([calls("close", {})])));
    const reply = await say("Close my account.");
    expect(reply.escalated).toBe(true);
    expect(reply.text).toBeUndefined();
  });

  it("does not say how many tokens it used when its model does not", async () => {
    const { say } = talkTo(agentOf(new FakeModel([says("Hi.")], {})));
    expect(await say("Hi")).not.toHaveProperty("usage");
  });

  it("fails when its model does", async () => {
    const { say } = talkTo(agentOf(new FakeModel([])));
    await expect(say("Hi")).rejects.toThrow("no quota");
  });
});
