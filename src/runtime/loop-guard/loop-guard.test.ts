import { describe, expect, it } from "vitest";
import { ANONYMOUS } from "../../core/identity.js";
import type { ModelReply } from "../../core/message.js";
import { traceOf } from "../../core/trace.js";
import { loadOrders } from "../../environments/orders/load-orders.js";
import { memoryLog } from "../conversation-log.js";
import { environmentTools } from "../tools/environment-tools.js";
import type { Tool } from "../tools/tool.js";
import { TurnStopped } from "../turn.js";
import { type LoopGuardOptions, loopGuard } from "./loop-guard.js";
import { contextOf } from "./testing/conversation-context.js";
import { caseOf, modelOf, replyOf, runWith } from "./testing/run-with-part.js";

const OPTIONS: LoopGuardOptions = { warnAfter: 2, stopAfter: 3, maxPolls: 20, reply: null };
const environment = loadOrders();

function call(name: string, args: Record<string, string | number>): ModelReply {
  return replyOf({
    toolCalls: [{ id: "call-1", name, arguments: args }],
    finishReason: "tool_calls",
  });
}

const missing = call("lookup_order", { order_id: "A-9999" });
const alsoMissing = call("lookup_order", { order_id: "A-9998" });
const found = call("lookup_order", { order_id: "A-1042" });

/** A model that goes through the replies, and repeats the last. */
function listed(replies: readonly ModelReply[]) {
  return modelOf((_request, index) => replies[Math.min(index, replies.length - 1)] as ModelReply);
}

describe("loopGuard", () => {
  it("tells the model after two equal failures, and stops after three", async () => {
    const model = listed([missing]);
    const trial = await runWith(model, [loopGuard(OPTIONS)], { environment });
    const trace = traceOf(trial);
    expect(trial).toMatchObject({ status: "completed", stopReason: "tool_loop" });
    expect(model.requests).toHaveLength(3);
    expect(trace.toolCalls.map((one) => one.result?.includes("has failed"))).toEqual([false, true, true]);
    expect(model.requests[2]?.messages.at(-1)?.content).toContain("failed 2 times");
    expect(trace.answer).toContain("I have stopped");
    expect(trace.guardrails.map(({ rule, action }) => [rule, action])).toEqual([
      ["tool.loop", "flag"],
      ["tool.loop", "block"],
    ]);
  });

  it("keeps the result of the last failure as it was", async () => {
    const trial = await runWith(listed([missing]), [loopGuard(OPTIONS)], { environment });
    expect(traceOf(trial).toolCalls[2]?.result).toContain("not_authorised");
  });

  it("lets a model off that changes its ways after the notice", async () => {
    const model = listed([missing, missing, found, replyOf({ text: "Found." })]);
    const trial = await runWith(model, [loopGuard(OPTIONS)], { environment });
    expect(trial.stopReason).toBe("answered");
  });

  it("counts two calls that fail in turn, and says so", async () => {
    const model = modelOf((_request, index) => (index % 2 === 0 ? missing : alsoMissing));
    const trial = await runWith(model, [loopGuard(OPTIONS)], { environment });
    expect(trial.stopReason).toBe("tool_loop");
    expect(model.requests).toHaveLength(5);
    expect(traceOf(trial).toolCalls[3]?.result).toContain("alternate");
  });

  it("does not take a successful read in between for progress", async () => {
    const model = modelOf((_request, index) => (index % 2 === 0 ? missing : found));
    const trial = await runWith(model, [loopGuard(OPTIONS)], { environment });
    expect(trial.stopReason).toBe("tool_loop");
    expect(model.requests).toHaveLength(5);
  });

  it("begins anew after a successful call that changed something", async () => {
    const moved = call("update_shipping_address", { order_id: "A-1042", address: "1 Long Street, Oslo" });
    const model = listed([missing, missing, moved, missing, missing, replyOf({ text: "Gone." })]);
    expect(await runWith(model, [loopGuard(OPTIONS)], { environment })).toMatchObject({
      stopReason: "answered",
    });
  });

  it("begins anew when the user speaks", async () => {
    const model = listed([missing, missing, replyOf({ text: "Sure?" }), missing, replyOf({ text: "Gone." })]);
    const goldenCase = caseOf({ kind: "user", goal: "x", script: ["Where?", "Look again."] });
    const trial = await runWith(model, [loopGuard(OPTIONS)], { environment, goldenCase });
    expect(trial.stopReason).toBe("answered");
  });

  it("takes arguments in another order for the same, and other arguments for another call", async () => {
    const forth = call("refund_order", { order_id: "A-9999", amount_usd: 1, reason: "damaged" });
    const back = call("refund_order", { reason: "damaged", amount_usd: 1, order_id: "A-9999" });
    const other = call("refund_order", { order_id: "A-9999", amount_usd: 2, reason: "damaged" });
    const stopped = await runWith(listed([forth, back, forth]), [loopGuard(OPTIONS)], { environment });
    expect(stopped.stopReason).toBe("tool_loop");
    const varied = await runWith(
      listed([forth, other, missing, replyOf({ text: "No." })]),
      [loopGuard(OPTIONS)],
      {
        environment,
      },
    );
    expect(varied.stopReason).toBe("answered");
  });

  it("notices calls that were refused before a tool was reached", async () => {
    const model = listed([found]);
    const trial = await runWith(model, [loopGuard(OPTIONS)], {
      environment,
      agentExtra: { toolNames: ["list_orders"] },
    });
    expect(trial.stopReason).toBe("tool_loop");
    expect(model.requests).toHaveLength(3);
    expect(model.requests[2]?.messages.at(-1)?.content).toContain("failed 2 times");
  });

  it("lets successful polling go on up to its limit", async () => {
    const model = listed([found]);
    const trial = await runWith(model, [loopGuard({ ...OPTIONS, maxPolls: 4 })], { environment });
    const { toolCalls } = traceOf(trial);
    expect(trial.stopReason).toBe("tool_loop");
    expect(toolCalls.filter((one) => !one.isError)).toHaveLength(4);
    expect(toolCalls[3]?.result).toContain("not run once more");
    const patient = listed([found, found, found, replyOf({ text: "Ready." })]);
    expect(await runWith(patient, [loopGuard(OPTIONS)], { environment })).toMatchObject({
      stopReason: "answered",
    });
  });

  it("leaves a loop alone that it is not there for", async () => {
    expect(await runWith(listed([missing]), [], { environment })).toMatchObject({ stopReason: "step_limit" });
  });

  it("counts on after a crash", async () => {
    const log = memoryLog();
    const session = environment.start();
    const tools = environmentTools(environment, session);
    const tool = tools.find(({ spec }) => spec.name === "lookup_order") as Tool;
    const context = contextOf(log, { tools });
    const failOnce = async () => {
      const hooks = loopGuard(OPTIONS).open(context);
      await hooks.toolLayer?.(
        {
          tool,
          call: { id: "1", name: "lookup_order", arguments: { order_id: "A-9999" } },
          callId: "tool-0",
          step: 0,
          context: { identity: ANONYMOUS, conversationId: "c", idempotencyKey: null, signal: context.signal },
        },
        ({ call: made, context: own }) => tool.call(made.arguments, own),
      );
      return hooks;
    };
    await failOnce();
    await failOnce();
    const hooks = await failOnce();
    expect(() => hooks.onModelRequest?.([], [])).toThrow(TurnStopped);
  });
});
