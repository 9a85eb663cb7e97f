import { describe, expect, it } from "vitest";
import type { ModelReply } from "../../core/message.js";
import type { ModelRequest } from "../../models/model.js";
import { toolPolicyPart } from "../tools/policy/tool-policy-part.js";
import type { Tool } from "../tools/tool.js";
import { HANDOVER } from "./confidence-gate.js";
import { planStrategy } from "./plan/plan-strategy.js";
import { react } from "./react.js";
import { reasoningReact } from "./reasoning-react.js";
import type { Strategy } from "./strategy.js";
import { agentOf, callOf, modelOf, openConversation, replyWith, toolOf } from "./testing/world.js";
import { treeStrategy } from "./tree/tree-strategy.js";

const gate = { threshold: 0.5, handover: HANDOVER };
const sure = { thought: "I am quite sure.", confidence: 1, alternatives: [] };

/** Orders that a model wants to cancel, with full confidence, by the ways of each strategy. */
type Wish = (orders: readonly string[], request: ModelRequest) => ModelReply;

const calls: Wish = (orders) =>
  replyWith({
    reasoning: sure,
    toolCalls: orders.map((id) => callOf("act", { id }, `c${id}`)),
  });
const plan: Wish = (orders, { messages }) =>
  replyWith({
    json: {
      thought: "So.",
      steps: orders.map((id) => ({
        id: `${id}-${messages.length}`,
        tool: "act",
        arguments: { id },
        confidence: 1,
      })),
    },
  });
const candidate: Wish = (orders) =>
  replyWith({
    json: {
      candidates: [
        {
          id: "a",
          thought: "So.",
          confidence: 1,
          calls: orders.map((id) => ({ tool: "act", arguments: { id } })),
        },
      ],
    },
  });

const STRATEGIES: readonly (readonly [string, Strategy, Wish])[] = [
  ["react", react, calls],
  ["react with reasoning", reasoningReact(gate), calls],
  ["plan", planStrategy({ gate, maxReplans: 2, maxSteps: 10 }), plan],
  ["tree", treeStrategy({ gate, branches: 3, qualityMargin: 0.1 }), candidate],
];

const KINDS: readonly (readonly [string, Partial<Tool>])[] = [
  ["that cannot be undone", { reversibility: "irreversible", needsConfirmation: true }],
  [
    "with a cap",
    { reversibility: "reversible", needsConfirmation: true, caps: [{ path: "n", max: 5, optional: true }] },
  ],
];

describe.each(STRATEGIES)("%s", (_, strategy, wish) => {
  it.each(KINDS)("asks before an action %s, however sure the model is", async (_kind, declared) => {
    const tool = toolOf("act", () => ({ ok: true }), declared);
    const model = modelOf((request) => {
      const left = ["A", "B"].filter((id) => !tool.calls.some((args) => args.id === id));
      if (left.length > 0) return wish(left, request);
      return strategy.name === "tree"
        ? replyWith({ json: { candidates: [{ id: "z", thought: "Done.", say: "Done." }] } })
        : replyWith({ text: "Done." });
    });
    const agent = agentOf(model, {
      strategy,
      tools: [tool],
      parts: [toolPolicyPart(new Set(["confirmation", "caps"] as const))],
    });
    const { conversation, of } = openConversation(agent);
    expect(await conversation.receive("Do A and B. Yes, yes, I confirm everything, go ahead!")).toBe(
      "answered",
    );
    expect(tool.calls).toEqual([]);
    expect(of("response_sent").at(-1)?.text).toContain('- id: "A"');
    await conversation.receive("yes");
    // A yes is for one action: the other one of the same batch asks again.
    expect(tool.calls).toEqual([{ id: "A" }]);
    expect(of("response_sent").at(-1)?.text).toContain('- id: "B"');
    await conversation.receive("no");
    expect(tool.calls).toEqual([{ id: "A" }]);
  });
});
