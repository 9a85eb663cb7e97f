import { describe, expect, it } from "vitest";
import type { Tool } from "../../tools/tool.js";
import { agentOf, modelOf, openConversation, replyWith, toolOf } from "../testing/world.js";
import { treeStrategy } from "./tree-strategy.js";

function scene(
  replies: Parameters<typeof modelOf>[0],
  tools: readonly Tool[],
  { threshold = null, qualityMargin = 0.1 }: { threshold?: number | null; qualityMargin?: number } = {},
) {
  const model = modelOf(replies);
  const strategy = treeStrategy({
    gate: { threshold, handover: "A person takes over." },
    branches: 3,
    qualityMargin,
  });
  return { model, ...openConversation(agentOf(model, { strategy, tools })) };
}

const candidates = (...list: readonly object[]) => replyWith({ json: { candidates: list } });
const evaluations = (...list: readonly (readonly [string, number, number])[]) =>
  replyWith({
    json: { evaluations: list.map(([id, score, risk]) => ({ id, score, risk, reasons: [`because ${id}`] })) },
  });
const acts = (id: string, tool: string, args: object = {}, more: object = {}) => ({
  id,
  thought: `do ${tool}`,
  calls: [{ tool, arguments: args }],
  ...more,
});
const says = (id: string, text: string) => ({ id, thought: "ask", say: text });

const cancel = () => toolOf("cancel", () => ({}), { reversibility: "irreversible" });

describe("tree", () => {
  it("takes the only way without judging it", async () => {
    const look = toolOf("look", () => ({ status: "shipped" }));
    const { conversation, model } = scene(
      [candidates(acts("a", "look")), candidates(says("b", "Shipped."))],
      [look],
    );
    expect(await conversation.receive("Where is it?")).toBe("answered");
    expect(look.calls).toHaveLength(1);
    expect(model.requests).toHaveLength(2);
  });

  it("takes the safest of the good ways, and has all of them in the trace", async () => {
    const tool = cancel();
    const { conversation, of } = scene(
      [
        candidates(acts("one", "cancel"), says("ask", "Which one?"), says("no", "I will not.")),
        evaluations(["one", 0.85, 0.3], ["ask", 0.8, 0.1], ["no", 0.2, 0]),
      ],
      [tool],
    );
    expect(await conversation.receive("Cancel my order")).toBe("answered");
    expect(tool.calls).toEqual([]);
    expect(of("response_sent")).toEqual([{ text: "Which one?" }]);
    expect(of("reasoning_step")[0]?.alternatives).toEqual([
      "one (cancel): score 0.85, risk 0.8, calls 1; because one",
      "chosen ask (say): score 0.8, risk 0.1, calls 0; because ask",
      "no (say): score 0.2, risk 0, calls 0; because no",
    ]);
  });

  it("takes the better way when the safe one is not good enough", async () => {
    const tool = cancel();
    const { conversation } = scene(
      [
        candidates(acts("one", "cancel"), says("ask", "Which one?")),
        evaluations(["one", 0.95, 0.1], ["ask", 0.5, 0]),
        candidates(says("done", "Cancelled.")),
      ],
      [tool],
    );
    await conversation.receive("Cancel A, I have only that one");
    expect(tool.calls).toHaveLength(1);
  });

  it("never believes that an action which cannot be undone is safe", async () => {
    const tool = cancel();
    const { conversation } = scene(
      [
        candidates(acts("one", "cancel"), says("ask", "Which?")),
        evaluations(["one", 0.8, 0], ["ask", 0.8, 0.5]),
      ],
      [tool],
    );
    await conversation.receive("Cancel my order");
    expect(tool.calls).toEqual([]);
  });

  it("tries nothing in a branch but tools that read", async () => {
    const look = toolOf("look", () => ({ open: 2 }));
    const tool = cancel();
    const { conversation, model } = scene(
      [
        candidates(acts("one", "cancel", {}, { probes: [{ tool: "look", arguments: {} }] }), {
          ...says("ask", "Which?"),
          probes: [{ tool: "cancel", arguments: {} }],
        }),
        evaluations(["one", 0.8, 0.2], ["ask", 0.8, 0.1]),
      ],
      [look, tool],
    );
    await conversation.receive("Cancel my order");
    expect([look.calls.length, tool.calls.length]).toEqual([1, 0]);
    expect(model.requests[1]?.messages.some(({ content }) => content?.includes('{"open":2}'))).toBe(true);
  });

  it("refuses what is beyond a cap, lacks an argument or is no tool, before the model judges", async () => {
    const refund = toolOf("refund", () => ({}), {
      reversibility: "irreversible",
      caps: [{ path: "amount", max: 50 }],
      spec: { name: "refund", description: "", parameters: { type: "object", required: ["amount"] } },
    });
    const { conversation, model, of } = scene(
      [
        candidates(acts("big", "refund", { amount: 51 }), acts("none", "refund"), acts("odd", "fly")),
        candidates(says("x", "unused")),
      ],
      [refund],
    );
    expect(await conversation.receive("Refund me")).toBe("escalated");
    expect(refund.calls).toEqual([]);
    expect(model.requests).toHaveLength(1);
    expect(of("reasoning_step")[0]?.alternatives).toEqual([
      "big (refund): refund: amount is 51, at most 50 is allowed",
      "none (refund): refund lacks amount",
      "odd (fly): there is no tool fly",
    ]);
  });

  it("prefers by code alone when the model's evaluation cannot be used", async () => {
    const tool = cancel();
    const { conversation } = scene(
      [
        candidates(acts("one", "cancel"), says("ask", "Which?")),
        replyWith({ text: "?" }),
        replyWith({ text: "?" }),
      ],
      [tool],
    );
    expect(await conversation.receive("Cancel my order")).toBe("answered");
    expect(tool.calls).toEqual([]);
  });

  it("asks again after a call failed, instead of making the next one", async () => {
    const fails = toolOf("fails", () => new Error("closed"));
    const tool = cancel();
    const both = {
      id: "a",
      thought: "both",
      calls: [
        { tool: "fails", arguments: {} },
        { tool: "cancel", arguments: {} },
      ],
    };
    const { conversation } = scene([candidates(both), candidates(says("b", "It is closed."))], [fails, tool]);
    await conversation.receive("go");
    expect(tool.calls).toEqual([]);
  });

  it("hands over when it is not sure enough, or gets no candidates", async () => {
    const tool = cancel();
    const unsure = scene([candidates(acts("a", "cancel", {}, { confidence: 0.5 }))], [tool], {
      threshold: 0.6,
    });
    expect(await unsure.conversation.receive("go")).toBe("escalated");
    expect(tool.calls).toEqual([]);
    const useless = scene([replyWith({ text: "Hm." }), candidates({ id: "a", thought: "nothing" })], [tool]);
    expect(await useless.conversation.receive("go")).toBe("escalated");
    expect(useless.of("guardrail_triggered")).toMatchObject([{ rule: "tool.tree", action: "escalate" }]);
  });
});
