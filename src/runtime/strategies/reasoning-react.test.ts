import { describe, expect, it } from "vitest";
import { HANDOVER } from "./confidence-gate.js";
import { reasoningReact } from "./reasoning-react.js";
import { agentOf, callOf, modelOf, openConversation, replyWith, toolOf } from "./testing/world.js";

const sure = { thought: "The user asked for it.", confidence: 0.9, alternatives: ["ask first"] };

function scene(replies: Parameters<typeof modelOf>[0], threshold: number | null = 0.7) {
  const look = toolOf("look_up", () => ({ status: "processing" }));
  const cancel = toolOf("cancel", () => ({ ok: true }), { reversibility: "irreversible" });
  const own = toolOf("explain", () => ({ ok: true }), {
    spec: {
      name: "explain",
      description: "",
      parameters: { type: "object", properties: { reasoning: { type: "string" } }, required: ["reasoning"] },
    },
  });
  const model = modelOf(replies);
  const strategy = reasoningReact({ threshold, handover: HANDOVER });
  const opened = openConversation(agentOf(model, { strategy, tools: [look, cancel, own] }));
  return { look, cancel, own, model, ...opened };
}

describe("react with reasoning", () => {
  it("asks each call for its reasoning and keeps it from the tool", async () => {
    const { cancel, model, conversation, of, log } = scene([
      replyWith({ toolCalls: [callOf("cancel", { id: "A", reasoning: sure })] }),
      replyWith({ text: "Done." }),
    ]);
    expect(await conversation.receive("Cancel A")).toBe("answered");
    const offered = model.requests[0]?.tools.find(({ name }) => name === "cancel")?.parameters;
    expect(offered).toMatchObject({ required: ["reasoning"], properties: { reasoning: { type: "object" } } });
    expect(cancel.calls).toEqual([{ id: "A" }]);
    expect(of("tool_call_start")[0]?.arguments).toEqual({ id: "A" });
    expect(JSON.stringify(log.messages)).not.toContain("asked for it");
    expect(of("reasoning_step")).toEqual([
      {
        step: 0,
        strategy: "react",
        text: sure.thought,
        confidence: 0.9,
        alternatives: ["ask first"],
        contextUsed: [],
        durationMs: 0,
      },
    ]);
  });

  it("leaves a tool its own argument of that name", async () => {
    const { own, conversation } = scene([
      replyWith({ toolCalls: [callOf("explain", { reasoning: "mine", reasoning_of_call: sure })] }),
      replyWith({ text: "Done." }),
    ]);
    await conversation.receive("Explain");
    expect(own.calls).toEqual([{ reasoning: "mine" }]);
  });

  it.each([
    ["below the threshold", { ...sure, confidence: 0.4 }, "cancel: 0.4"],
    ["not stated", { thought: "Hm.", alternatives: [] }, "cancel: not stated"],
    ["beyond its range", { ...sure, confidence: 85 }, "cancel: not stated"],
    ["left out altogether", undefined, "cancel: not stated"],
  ])("hands over before a side effect when the confidence is %s", async (_name, reasoning, found) => {
    const { cancel, conversation, of } = scene([
      replyWith({ toolCalls: [callOf("cancel", reasoning === undefined ? {} : { reasoning })] }),
    ]);
    expect(await conversation.receive("Cancel it?")).toBe("escalated");
    expect(cancel.calls).toEqual([]);
    expect(of("guardrail_triggered")).toEqual([
      { rule: "tool.confidence", action: "escalate", detail: `confidence below 0.7 (${found})` },
    ]);
    expect(of("response_sent")).toEqual([{ text: HANDOVER }]);
  });

  it("lets reading pass however unsure the model is", async () => {
    const { look, conversation } = scene([
      replyWith({ toolCalls: [callOf("look_up", { reasoning: { ...sure, confidence: 0.1 } })] }),
      replyWith({ text: "Here." }),
    ]);
    expect(await conversation.receive("Where is it?")).toBe("answered");
    expect(look.calls).toHaveLength(1);
  });

  it("takes the lower of two confidences: that of the reply and that of the call", async () => {
    const { cancel, conversation } = scene([
      replyWith({
        toolCalls: [callOf("cancel", { reasoning: sure })],
        reasoning: { thought: "Not sure.", confidence: 0.2, alternatives: [] },
      }),
    ]);
    expect(await conversation.receive("Cancel it?")).toBe("escalated");
    expect(cancel.calls).toEqual([]);
  });

  it("acts without a threshold, and a reply's own reasoning is in the trace", async () => {
    const { cancel, conversation, of } = scene(
      [
        replyWith({
          toolCalls: [callOf("cancel", {})],
          reasoning: { thought: "Not sure.", confidence: 0.2, alternatives: [] },
        }),
        replyWith({ text: "Done." }),
      ],
      null,
    );
    expect(await conversation.receive("Cancel it?")).toBe("answered");
    expect(cancel.calls).toEqual([{}]);
    expect(of("reasoning_step")).toMatchObject([{ text: "Not sure.", confidence: 0.2 }]);
  });
});
