import { describe, expect, it } from "vitest";
import { agentOf, callOf, modelOf, openConversation, replyWith, toolOf } from "./testing/world.js";

async function reasonsOf(...replies: readonly ReturnType<typeof replyWith>[]) {
  const agent = agentOf(modelOf(replies), { tools: [toolOf("look", () => ({}))] });
  const { conversation, of } = openConversation(agent);
  await conversation.receive("go");
  return of("reasoning_step");
}

const calls = [callOf("look", {})];
const done = replyWith({ text: "Done." });

describe("react", () => {
  it("records what the model says of an action unasked", async () => {
    expect(await reasonsOf(replyWith({ text: "Let me look.", toolCalls: calls }), done)).toEqual([
      {
        step: 0,
        strategy: "react",
        text: "Let me look.",
        confidence: null,
        alternatives: [],
        contextUsed: [],
        durationMs: 0,
      },
    ]);
    const reasoning = { thought: "It may be late.", confidence: 0.8, alternatives: ["ask"] };
    expect(await reasonsOf(replyWith({ toolCalls: calls, reasoning }), done)).toMatchObject([
      { text: "It may be late.", confidence: 0.8, alternatives: ["ask"] },
    ]);
  });

  it("makes nothing up where the model says nothing", async () => {
    expect(await reasonsOf(replyWith({ toolCalls: calls }), done)).toEqual([]);
  });
});
