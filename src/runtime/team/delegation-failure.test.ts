import { describe, expect, it } from "vitest";
import { ProviderError } from "../../core/errors.js";
import type { Json } from "../../core/hash.js";
import type { ModelReply } from "../../core/message.js";
import { traceOf } from "../../core/trace.js";
import type { ModelRequest } from "../../models/model.js";
import { agentOf, callOf, modelOf, replyWith, toolOf } from "../strategies/testing/world.js";
import type { Team } from "./team.js";
import { teamPart } from "./team-part.js";
import { teamTools } from "./team-tools.js";
import { delegate, lastResult, said, scene, specialistOf, worker } from "./testing/team-scene.js";

describe("a specialist that fails", () => {
  const down = new ProviderError("PROVIDER_UNAVAILABLE", "down");

  it("is tried again from where it ended: nothing is done twice", async () => {
    const refund = toolOf("refund", () => ({ ok: true }), { reversibility: "irreversible" });
    const billing = modelOf([replyWith({ toolCalls: [callOf("refund", {})] }), down, said("Refunded.")]);
    const { conversation, model } = scene(
      [delegate("refund"), said("ok")],
      [specialistOf(agentOf(billing, { tools: [refund] }), { retry: 1 })],
    );
    await conversation.receive("go");
    expect(refund.calls).toHaveLength(1);
    expect(lastResult(model.requests[1])).toContain("Refunded.");
  });

  it("lets the supervisor go on without it, and says what it had done", async () => {
    const refund = toolOf("refund", () => ({ ok: true }), { reversibility: "irreversible" });
    const billing = modelOf([replyWith({ toolCalls: [callOf("refund", {})] }), down]);
    const { conversation, model, of } = scene(
      [delegate("refund"), said("ok")],
      [specialistOf(agentOf(billing, { tools: [refund] }))],
    );
    expect(await conversation.receive("go")).toBe("answered");
    expect(lastResult(model.requests[1])).toBe(
      "Error: billing could not do it (PROVIDER_UNAVAILABLE). Done before that: refund.",
    );
    expect(of("delegation_end")).toMatchObject([{ status: "failed" }]);
  });

  it("leads to a person where that is declared", async () => {
    const { conversation, of, model } = scene(
      [delegate("x")],
      [specialistOf(agentOf(modelOf([down])), { onFailure: "escalate" })],
    );
    expect(await conversation.receive("go")).toBe("escalated");
    expect(model.requests).toHaveLength(1);
    expect(of("guardrail_triggered")).toMatchObject([
      { rule: "tool.delegation", action: "escalate", callId: "tool-0" },
    ]);
    expect(of("delegation_end")).toMatchObject([{ status: "escalated" }]);
  });

  it("has what it did undone, the last first, where that is declared", async () => {
    const undone: Json[] = [];
    const book = toolOf("book", ({ n }) => ({ id: `b${n}` }), {
      reversibility: "reversible",
      compensation: { tool: "unbook", args: { id: "$result.id", was: "$args.n" } },
    });
    const unbook = toolOf(
      "unbook",
      (args) => {
        undone.push(args as Json);
        return {};
      },
      { reversibility: "reversible" },
    );
    const billing = modelOf([
      replyWith({ toolCalls: [callOf("book", { n: 1 }, "c1"), callOf("book", { n: 2 }, "c2")] }),
      down,
    ]);
    const { conversation, model } = scene(
      [delegate("book"), said("sorry")],
      [
        specialistOf(agentOf(billing, { tools: [book, unbook], toolNames: ["book"] }), {
          onFailure: "compensate",
        }),
      ],
    );
    expect(await conversation.receive("go")).toBe("answered");
    expect(undone).toEqual([
      { id: "b2", was: 2 },
      { id: "b1", was: 1 },
    ]);
    expect(lastResult(model.requests[1])).toContain("Undone: book, book.");
  });

  it("leads to a person when something cannot be undone", async () => {
    const send = toolOf("send", () => ({}), { reversibility: "irreversible" });
    const billing = modelOf([replyWith({ toolCalls: [callOf("send", {})] }), down]);
    const { conversation, of } = scene(
      [delegate("send")],
      [specialistOf(agentOf(billing, { tools: [send] }), { onFailure: "compensate" })],
    );
    expect(await conversation.receive("go")).toBe("escalated");
    expect(of("guardrail_triggered").at(-1)?.detail).toContain("not undone: send");
  });

  it("is not asked any more once its breaker is open, and the supervisor is told", async () => {
    const billing = modelOf(() => down);
    const { conversation, model, of } = scene(
      [delegate("1", "d1"), delegate("2", "d2"), delegate("3", "d3"), said("It is down.")],
      [specialistOf(agentOf(billing), { retry: 1, breakerFailures: 3 })],
    );
    expect(await conversation.receive("go")).toBe("answered");
    expect(billing.requests).toHaveLength(3);
    expect(lastResult(model.requests[2])).toContain("it is not asked any more");
    expect(lastResult(model.requests[3])).toContain("is not asked any more; do without it");
    expect(of("guardrail_triggered").map(({ rule, action }) => `${rule} ${action}`)).toEqual([
      "tool.breaker flag",
      "tool.breaker block",
    ]);
  });

  it("is asked again after a success: only failures in a row count", async () => {
    const replies: (ModelReply | Error)[] = [down, down, said("ok"), down, down, said("ok")];
    const { conversation, of } = scene(
      [...[1, 2, 3, 4, 5, 6].map((n) => delegate("x", `d${n}`)), said("done")],
      [specialistOf(agentOf(modelOf(replies)), { breakerFailures: 3 })],
    );
    await conversation.receive("go");
    expect(of("delegation_end").map(({ status }) => status)).toEqual([
      "failed",
      "failed",
      "completed",
      "failed",
      "failed",
      "completed",
    ]);
  });

  it("hands over for the whole conversation when it hands over itself", async () => {
    const agent = agentOf(modelOf([]), {
      strategy: {
        name: "give-up",
        run: async (turn) => {
          await turn.respond("A person will call you.");
          return "escalated";
        },
      },
    });
    const { conversation, of } = scene([delegate("x")], [specialistOf(agent)]);
    expect(await conversation.receive("go")).toBe("escalated");
    expect(of("response_sent")).toEqual([{ text: "A person will call you." }]);
  });
});

describe("budgets of a specialist", () => {
  const endless = () => worker("look", {});
  const look = () => toolOf("look", () => ({}));
  const limits = { maxSteps: 20, timeoutMs: 10_000, budgetUsd: null, toolResultMaxChars: 1000 };
  const forever = (request: ModelRequest) =>
    replyWith({ toolCalls: [callOf("look", {}, `w${request.messages.length}`)] });

  it("end a delegation at its own number of steps", async () => {
    const billing = modelOf(forever);
    const agent = agentOf(billing, { tools: [look()], limits: { ...limits, maxSteps: 4 } });
    const { conversation, model } = scene([delegate("x"), said("ok")], [specialistOf(agent)]);
    expect(await conversation.receive("go")).toBe("answered");
    expect(billing.requests).toHaveLength(4);
    expect(lastResult(model.requests[1])).toContain("step_limit");
  });

  it("end a delegation at its own cost", async () => {
    const billing = modelOf(forever);
    const agent = agentOf(billing, { tools: [look()], limits: { ...limits, budgetUsd: 0.025 } });
    const { conversation } = scene([delegate("x"), said("ok")], [specialistOf(agent)]);
    await conversation.receive("go");
    expect(billing.requests).toHaveLength(3);
  });

  it("are part of the supervisor's: its cost ends both", async () => {
    const billing = modelOf(forever);
    const agent = agentOf(billing, { tools: [look()] });
    const { conversation } = scene([delegate("x")], [specialistOf(agent, { retry: 3 })], {
      limits: { ...limits, budgetUsd: 0.05 },
    });
    expect(await conversation.receive("go")).toBe("budget");
    expect(billing.requests).toHaveLength(4);
  });

  it("end with the supervisor's deadline, which is no failure of the specialist", async () => {
    const slow = {
      ...modelOf([]),
      complete: (_request: ModelRequest, { signal }: { readonly signal: AbortSignal }) =>
        new Promise<ModelReply>((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new ProviderError("PROVIDER_ABORTED", "aborted")));
        }),
    };
    const { conversation, of, budget } = scene(
      [delegate("x")],
      [specialistOf(agentOf(slow), { onFailure: "escalate" })],
      {
        limits: { ...limits, timeoutMs: 30 },
      },
    );
    expect(await conversation.receive("go")).toBe("deadline");
    expect(of("guardrail_triggered")).toEqual([]);
    budget.close();
  });

  it("nest: a specialist of a specialist spends the money of both", async () => {
    const deep = modelOf(endless());
    const inner: Team = {
      specialists: [specialistOf(agentOf(deep, { tools: [look()] }), { name: "clerk" })],
      hasSharedState: false,
    };
    const middle = agentOf(modelOf([delegate("y", "m1", "clerk"), said("middle done")]), {
      tools: teamTools(inner),
      parts: [teamPart(inner)],
    });
    const { conversation, events, of } = scene([delegate("x"), said("ok")], [specialistOf(middle)]);
    expect(await conversation.receive("go")).toBe("answered");
    const trace = traceOf({ traceId: "t", events });
    expect(trace.toolCalls.map(({ callId }) => callId)).toEqual([
      "tool-0",
      "tool-0/billing-0/tool-0",
      "tool-0/billing-0/tool-0/clerk-0/tool-0",
    ]);
    expect(trace.modelCalls.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0)).toBeCloseTo(0.06);
    expect(of("delegation_start").map(({ agent }) => agent)).toEqual(["billing", "clerk"]);
  });
});
