import { describe, expect, it } from "vitest";
import type { Json } from "../../core/hash.js";
import { traceOf } from "../../core/trace.js";
import { memoryLog } from "../conversation-log.js";
import { agentOf, callOf, modelOf, replyWith, toolOf } from "../strategies/testing/world.js";
import type { Tool } from "../tools/tool.js";
import { delegate, lastResult, said, scene, specialistOf, worker } from "./testing/team-scene.js";

describe("delegation", () => {
  it("hands a task to a specialist with its own prompt and tools, and its result back as data", async () => {
    const refund = toolOf("refund", () => ({ ok: true }), { reversibility: "irreversible" });
    const billing = modelOf(worker("refund", { amount: 5 }, "Refunded 5 USD."));
    const agent = agentOf(billing, { systemPrompt: "You do refunds.", tools: [refund] });
    const { conversation, model, of, events } = scene(
      [delegate("Refund 5 USD on A-1."), said("You get 5 USD back.")],
      [specialistOf(agent)],
    );
    expect(await conversation.receive("I want my money back")).toBe("answered");
    expect(billing.requests[0]?.messages.slice(0, 2)).toEqual([
      { role: "system", content: "You do refunds." },
      { role: "user", content: "Refund 5 USD on A-1." },
    ]);
    expect(billing.requests[0]?.tools.map(({ name }) => name)).toEqual([
      "refund",
      "read_shared",
      "write_shared",
    ]);
    expect(JSON.parse(lastResult(model.requests[1]))).toMatchObject({
      agent: "billing",
      status: "completed",
      answer: "Refunded 5 USD.",
      effects: [{ tool: "refund", arguments: { amount: 5 } }],
    });
    expect(of("delegation_start")).toEqual([
      { callId: "tool-0", agent: "billing", task: "Refund 5 USD on A-1." },
    ]);
    expect(of("delegation_end")).toMatchObject([
      { callId: "tool-0", status: "completed", summary: "Refunded 5 USD." },
    ]);
    const trace = traceOf({ traceId: "t", events });
    expect(trace.transcript).toEqual([
      { role: "user", text: "I want my money back" },
      { role: "assistant", text: "You get 5 USD back." },
    ]);
    expect(trace.toolCalls.map(({ callId, name, sideEffect }) => [callId, name, sideEffect])).toEqual([
      ["tool-0", "delegate_to_billing", false],
      ["tool-0/billing-0/tool-0", "refund", true],
    ]);
    expect(trace.modelCalls.map(({ callId }) => callId)).toEqual([
      "agent-0-1",
      "tool-0/billing-0/agent-0-1",
      "tool-0/billing-0/agent-1-1",
      "agent-1-1",
    ]);
  });

  it("keeps one conversation with each specialist, and counts every call of it once", async () => {
    const look = toolOf("look", () => ({ ok: true }));
    const agent = agentOf(modelOf(worker("look", {})), { tools: [look] });
    const { conversation, events } = scene(
      [delegate("one", "d1"), delegate("two", "d2"), said("ok")],
      [specialistOf(agent)],
    );
    await conversation.receive("go");
    const trace = traceOf({ traceId: "t", events });
    expect(trace.toolCalls.map(({ callId }) => callId)).toEqual([
      "tool-0",
      "tool-0/billing-0/tool-0",
      "tool-1",
      "tool-1/billing-1/tool-1",
    ]);
    expect(trace.modelCalls).toHaveLength(7);
  });

  it("keeps a structured answer structured", async () => {
    const agent = agentOf(modelOf([said('{"total": 12}')]));
    const { conversation, model } = scene([delegate("total?"), said("12")], [specialistOf(agent)]);
    await conversation.receive("How much?");
    expect(JSON.parse(lastResult(model.requests[1]))).toMatchObject({ answer: { total: 12 } });
  });

  it("ends at once with a supervisor that does not exist as a tool, or a task that is none", async () => {
    const { conversation, model } = scene(
      [
        replyWith({
          toolCalls: [
            callOf("delegate_to_billing", { task: " " }),
            callOf("delegate_to_legal", { task: "x" }, "c2"),
          ],
        }),
        said("ok"),
      ],
      [specialistOf(agentOf(modelOf([])))],
    );
    await conversation.receive("go");
    const results = model.requests[1]?.messages.slice(-2).map(({ content }) => content);
    expect(results).toEqual(["Error: `task` wants a text", "Error: there is no tool delegate_to_legal"]);
  });
});

describe("the board that a team shares", () => {
  const write = (key: string, value: Json, version: number, id: string) =>
    replyWith({ toolCalls: [callOf("write_shared", { key, value, expected_version: version }, id)] });

  it("is written only by who has read the last version", async () => {
    const billing = modelOf([write("plan", "theirs", 0, "b1"), said("written")]);
    const { conversation, model } = scene(
      [
        delegate("write"),
        write("plan", "mine", 0, "s1"),
        replyWith({ toolCalls: [callOf("read_shared", { key: "plan" }, "s2")] }),
        write("plan", "mine", 1, "s3"),
        said("ok"),
      ],
      [specialistOf(agentOf(billing))],
    );
    await conversation.receive("go");
    expect(lastResult(model.requests[2])).toBe(
      "Error: conflict: plan has version 1, written by billing, not 0; read it again",
    );
    expect(JSON.parse(lastResult(model.requests[3]))).toEqual({
      key: "plan",
      version: 1,
      value: "theirs",
      by: "billing",
    });
    expect(JSON.parse(lastResult(model.requests[4]))).toEqual({
      key: "plan",
      version: 2,
      value: "mine",
      by: "supervisor",
    });
  });

  it("is not there where it is switched off", async () => {
    const { conversation, model } = scene([said("ok")], [specialistOf(agentOf(modelOf([])))], {
      hasSharedState: false,
    });
    await conversation.receive("go");
    expect(model.requests[0]?.tools.map(({ name }) => name)).toEqual(["delegate_to_billing"]);
  });
});

describe("a delegation that a crash cut off", () => {
  it("is gone on with in the specialist's own conversation", async () => {
    const log = memoryLog();
    const keys: (string | null)[] = [];
    const refund: Tool = {
      ...toolOf("refund", () => ({})),
      reversibility: "irreversible",
      isIdempotent: true,
      call: (_args, { idempotencyKey }) => {
        keys.push(idempotencyKey);
        if (keys.length === 1) throw new Error("killed");
        return { content: "{}", isError: false };
      },
    };
    const billing = () => specialistOf(agentOf(modelOf(worker("refund", {})), { tools: [refund] }));
    const first = scene([delegate("refund")], [billing()], { log });
    await expect(first.conversation.receive("go")).rejects.toThrow("killed");
    const second = scene([said("ok")], [billing()], { log });
    expect(await second.conversation.resume()).toBe("answered");
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it("is answered from the notes when the specialist had finished", async () => {
    const log = memoryLog();
    const agent = () => specialistOf(agentOf(modelOf([said("The answer.")])));
    const first = scene([delegate("x"), said("ok")], [agent()], { log });
    await first.conversation.receive("go");
    const cut = memoryLog(log.messages.slice(0, 2));
    for (const key of ["team.billing", "team.billing.messages"]) cut.setNote(key, log.note(key) as Json);
    const second = scene([said("ok")], [specialistOf(agentOf(modelOf([])))], { log: cut });
    expect(await second.conversation.resume()).toBe("answered");
    expect(lastResult(second.model.requests[0])).toContain("The answer.");
  });
});
