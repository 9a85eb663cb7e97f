import { describe, expect, it } from "vitest";
import type { ConversationPart } from "../../conversation-part.js";
import type { Tool } from "../../tools/tool.js";
import { TurnStopped } from "../../turn.js";
import { agentOf, modelOf, openConversation, replyWith, toolOf } from "../testing/world.js";
import { HANDOVER, planned, scene, step, strategyOf } from "./testing/plan-scene.js";

describe("plan", () => {
  it("carries out dependent steps in order with values of earlier results, and answers", async () => {
    const look = toolOf("look", () => ({ order: { total: 20, status: "delivered" } }));
    const refund = toolOf("refund", () => ({ ok: true }), { reversibility: "irreversible" });
    const { conversation, model, of, log } = scene(
      [
        planned([
          step(
            "refund",
            "refund",
            { amount: { $from: "look", path: "order.total" } },
            { preconditions: [{ from: "look", path: "order.status", op: "in", value: ["delivered"] }] },
          ),
          step("look", "look", { id: "A" }),
        ]),
        replyWith({ text: "Refunded 20." }),
      ],
      [look, refund],
    );
    expect(await conversation.receive("Refund A")).toBe("answered");
    expect(look.calls).toEqual([{ id: "A" }]);
    expect(refund.calls).toEqual([{ amount: 20 }]);
    expect(model.requests).toHaveLength(2);
    expect(model.requests[0]?.responseSchema).toBeDefined();
    expect(of("plan_updated").map(({ steps }) => steps.map(({ status }) => status))).toEqual([
      ["pending", "pending"],
      ["pending", "done"],
      ["done", "done"],
    ]);
    expect(of("response_sent")).toEqual([{ text: "Refunded 20." }]);
    expect(log.note("strategy.plan")).toBeUndefined();
  });

  it("runs independent reads at the same time, and what cannot be undone one after the other", async () => {
    let open = 0;
    let most = 0;
    const slow = (name: string, reversibility: Tool["reversibility"]): Tool => ({
      ...toolOf(name, () => ({})),
      reversibility,
      call: async () => {
        most = Math.max(most, ++open);
        await new Promise((done) => setTimeout(done, 5));
        open -= 1;
        return { content: "{}", isError: false };
      },
    });
    const reads = scene(
      [planned([step("a", "r"), step("b", "r"), step("c", "r")]), replyWith({ text: "ok" })],
      [slow("r", "read")],
    );
    await reads.conversation.receive("go");
    expect(most).toBe(3);
    most = 0;
    const writes = scene(
      [planned([step("a", "w"), step("b", "w"), step("c", "w")]), replyWith({ text: "ok" })],
      [slow("w", "irreversible")],
    );
    await writes.conversation.receive("go");
    expect(most).toBe(1);
  });

  it("plans anew from where things stand when a step fails, and keeps what is done", async () => {
    const look = toolOf("look", () => ({ id: 7 }));
    const fails = toolOf("fails", () => new Error("closed"));
    const other = toolOf("other", () => ({}));
    const { conversation, model, of } = scene(
      [
        planned([
          step("a", "look"),
          step("b", "fails", {}, { after: ["a"] }),
          step("c", "other", {}, { after: ["b"] }),
        ]),
        planned([step("d", "other", { id: { $from: "a", path: "id" } })]),
        replyWith({ text: "By another way." }),
      ],
      [look, fails, other],
    );
    expect(await conversation.receive("go")).toBe("answered");
    expect([look.calls.length, fails.calls.length]).toEqual([1, 1]);
    expect(other.calls).toEqual([{ id: 7 }]);
    expect(model.requests[1]?.messages.at(-1)?.content).toMatch(
      /a look: done\nb fails: failed\nc other: skipped/,
    );
    expect(of("plan_updated").map(({ revision }) => revision)).toEqual([0, 0, 0, 1, 1]);
  });

  it("without replans still does what does not depend on the failure", async () => {
    const fails = toolOf("fails", () => new Error("closed"));
    const other = toolOf("other", () => ({}), { reversibility: "irreversible" });
    const { conversation, of } = scene(
      [
        planned([
          step("a", "fails"),
          step("b", "other", {}, { after: ["a"] }),
          step("c", "other", { free: true }),
        ]),
        replyWith({ text: "Half of it." }),
      ],
      [fails, other],
      strategyOf(0),
    );
    await conversation.receive("go");
    expect(other.calls).toEqual([{ free: true }]);
    expect(
      of("plan_updated")
        .at(-1)
        ?.steps.map(({ id, status }) => `${id} ${status}`),
    ).toEqual(["a failed", "b skipped", "c done"]);
  });

  it("stops planning anew at max_replans", async () => {
    const fails = toolOf("fails", () => new Error("closed"));
    let plans = 0;
    const { conversation } = scene(
      (request) => {
        if (request.responseSchema === undefined) return replyWith({ text: "It does not work." });
        plans += 1;
        return planned([step(`s${plans}`, "fails")]);
      },
      [fails],
    );
    expect(await conversation.receive("go")).toBe("answered");
    expect(plans).toBe(3);
    expect(fails.calls).toHaveLength(3);
  });

  it("skips an optional step without planning anew", async () => {
    const look = toolOf("look", () => ({ status: "shipped" }));
    const cancel = toolOf("cancel", () => ({}), { reversibility: "irreversible" });
    const { conversation, model } = scene(
      [
        planned([
          step("a", "look"),
          step(
            "b",
            "cancel",
            {},
            { optional: true, preconditions: [{ from: "a", path: "status", op: "eq", value: "processing" }] },
          ),
        ]),
        replyWith({ text: "It has shipped." }),
      ],
      [look, cancel],
    );
    await conversation.receive("Cancel it if you can");
    expect(cancel.calls).toEqual([]);
    expect(model.requests).toHaveLength(2);
  });

  it("says the reply of a plan without steps", async () => {
    const { conversation, of, model } = scene([planned([], { reply: "Which order?" })], []);
    expect(await conversation.receive("Cancel it")).toBe("answered");
    expect(of("response_sent")).toEqual([{ text: "Which order?" }]);
    expect(model.requests).toHaveLength(1);
  });

  it("has a plan that cannot be carried out repaired once", async () => {
    const look = toolOf("look", () => ({}));
    const { conversation, model } = scene(
      [
        planned([step("a", "fly"), step("b", "look", {}, { after: ["b"] })]),
        planned([step("a", "look")]),
        replyWith({ text: "ok" }),
      ],
      [look],
    );
    expect(await conversation.receive("go")).toBe("answered");
    const asked = model.requests[1]?.messages.at(-1)?.content;
    expect(asked).toContain("there is no tool fly");
    expect(asked).toContain("steps b wait for one another");
  });

  it("hands over after a second useless plan, and runs nothing", async () => {
    const look = toolOf("look", () => ({}));
    const { conversation, of } = scene([replyWith({ text: "Sure!" }), planned([step("a", "fly")])], [look]);
    expect(await conversation.receive("go")).toBe("escalated");
    expect(of("guardrail_triggered")).toMatchObject([{ rule: "tool.plan", action: "escalate" }]);
    expect(of("response_sent")).toEqual([{ text: HANDOVER }]);
  });

  it("hands over before anything runs when a side effect is too unsure", async () => {
    const look = toolOf("look", () => ({}));
    const cancel = toolOf("cancel", () => ({}), { reversibility: "irreversible" });
    const { conversation, of } = scene(
      [planned([step("a", "look", {}, { confidence: 0.1 }), step("b", "cancel", {}, { confidence: 0.5 })])],
      [look, cancel],
      strategyOf(2, 0.7),
    );
    expect(await conversation.receive("go")).toBe("escalated");
    expect([look.calls, cancel.calls]).toEqual([[], []]);
    expect(of("guardrail_triggered")).toMatchObject([{ detail: "confidence below 0.7 (cancel: 0.5)" }]);
  });

  it("passes the limit of steps on", async () => {
    const model = modelOf([planned([step("a", "look")])]);
    const agent = agentOf(model, {
      strategy: strategyOf(),
      tools: [toolOf("look", () => ({}))],
      limits: { maxSteps: 1, timeoutMs: 10_000, budgetUsd: null, toolResultMaxChars: 100 },
    });
    expect(await openConversation(agent).conversation.receive("go")).toBe("step_limit");
  });

  it("goes on with an open plan once the user has answered a question of a tool layer", async () => {
    const look = toolOf("look", () => ({ id: 7 }));
    const cancel = toolOf("cancel", () => ({}), { reversibility: "irreversible" });
    let isConfirmed = false;
    const confirm: ConversationPart = {
      name: "confirm",
      open: () => ({
        onUserMessage: (text) => {
          isConfirmed = text === "yes";
          return { kind: "pass", text };
        },
        toolLayer: (invocation, next) => {
          if (invocation.tool.reversibility === "irreversible" && !isConfirmed) {
            throw new TurnStopped("answered", "Shall I?");
          }
          return next(invocation);
        },
      }),
    };
    const model = modelOf([
      planned([step("a", "look"), step("b", "cancel", { id: { $from: "a", path: "id" } })]),
      planned([step("c", "cancel", { id: { $from: "a", path: "id" } })]),
      replyWith({ text: "Cancelled." }),
    ]);
    const { conversation, of } = openConversation(
      agentOf(model, { strategy: strategyOf(), tools: [look, cancel], parts: [confirm] }),
    );
    expect(await conversation.receive("Cancel it")).toBe("answered");
    expect(cancel.calls).toEqual([]);
    expect(await conversation.receive("yes")).toBe("answered");
    expect(look.calls).toHaveLength(1);
    expect(cancel.calls).toEqual([{ id: 7 }]);
    expect(of("response_sent").map(({ text }) => text)).toEqual(["Shall I?", "Cancelled."]);
  });
});
