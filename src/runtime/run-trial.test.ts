import { describe, expect, it } from "vitest";
import type { Clock } from "../core/clock.js";
import { ProviderError } from "../core/errors.js";
import { type CaseInput, type GoldenCase, NOTHING_EXPECTED } from "../core/golden-case.js";
import { ANONYMOUS } from "../core/identity.js";
import type { ModelReply } from "../core/message.js";
import { traceOf } from "../core/trace.js";
import { loadOrders } from "../environments/orders/load-orders.js";
import type { Model, ModelRequest } from "../models/model.js";
import type { Agent, TrialLimits } from "./agent.js";
import { runTrial, type TrialRequest } from "./run-trial.js";
import { react } from "./strategies/react.js";

const clock: Clock = { now: () => 0, monotonic: () => 0 };

function caseOf(input: CaseInput, extra: Partial<GoldenCase> = {}): GoldenCase {
  return {
    id: "case-1",
    input,
    expect: NOTHING_EXPECTED,
    environment: null,
    risk: null,
    tags: [],
    group: "case-1",
    split: "dev",
    review: null,
    line: 1,
    hash: "hash",
    ...extra,
  };
}

function reply(part: Partial<ModelReply>): ModelReply {
  return {
    text: null,
    toolCalls: [],
    finishReason: "stop",
    usage: null,
    costUsd: 0.01,
    model: "fake",
    ...part,
  };
}

function call(name: string, args: Record<string, string>, id = "call-1"): ModelReply {
  return reply({ toolCalls: [{ id, name, arguments: args }], finishReason: "tool_calls" });
}

/** Answers from a list, then repeats the last; keeps what it was asked. */
function listModel(replies: readonly (ModelReply | Error)[]): Model & { readonly requests: ModelRequest[] } {
  const requests: ModelRequest[] = [];
  return {
    provider: "list",
    name: "fake",
    requests,
    complete: async (request) => {
      const next = replies[Math.min(requests.length, replies.length - 1)] as ModelReply | Error;
      requests.push({ ...request, messages: [...request.messages] });
      if (next instanceof Error) throw next;
      return next;
    },
  };
}

const LIMITS: TrialLimits = { maxSteps: 5, timeoutMs: 10_000, budgetUsd: null, toolResultMaxChars: 1000 };

function agentOf(model: Model, extra: Partial<Agent> = {}): Agent {
  return {
    name: "agent",
    version: "v1",
    promptVersion: "1",
    systemPrompt: "Be brief.",
    model,
    parameters: {},
    retrieval: null,
    toolNames: null,
    limits: LIMITS,
    strategy: react,
    parts: [],
    tools: [],
    identity: ANONYMOUS,
    ...extra,
  };
}

function run(model: Model, request: Partial<TrialRequest> = {}, signal = new AbortController().signal) {
  return runTrial(
    {
      agent: agentOf(model),
      goldenCase: caseOf({ kind: "text", text: "Where is order A-1042?" }),
      trial: 0,
      seed: 0,
      environment: null,
      userModel: null,
      recordedTurns: null,
      ...request,
    },
    { clock, signal },
  );
}

describe("runTrial", () => {
  it("answers a single question and records every step", async () => {
    const trial = await run(listModel([reply({ text: "In Oslo." })]));
    expect(trial).toMatchObject({ status: "completed", stopReason: "answered", error: null });
    expect(trial.events.map((event) => event.event_type)).toEqual([
      "msg_received",
      "llm_call_start",
      "llm_call_end",
      "response_sent",
    ]);
    expect(traceOf(trial).answer).toBe("In Oslo.");
  });

  it("lets the agent act: the tool's answer goes back to the model", async () => {
    const model = listModel([call("lookup_order", { order_id: "A-1042" }), reply({ text: "Done." })]);
    const trial = await run(model, { environment: loadOrders() });
    const [lookUp] = traceOf(trial).toolCalls;
    expect(lookUp).toMatchObject({ name: "lookup_order", isError: false, sideEffect: false });
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({
      role: "tool",
      toolCallId: "call-1",
      content: lookUp?.result,
    });
  });

  it("refuses a tool that the agent is not permitted to use, without running it", async () => {
    const model = listModel([call("cancel_order", { order_id: "A-1042" }), reply({ text: "Done." })]);
    const environment = loadOrders();
    const trial = await run(model, {
      agent: agentOf(model, { toolNames: ["lookup_order"] }),
      environment,
    });
    expect(model.requests[0]?.tools.map((tool) => tool.name)).toEqual(["lookup_order"]);
    expect(traceOf(trial).toolCalls[0]).toMatchObject({ isError: true });
    expect(traceOf(trial).toolCalls[0]?.result).toContain("not permitted");
    expect(trial.check?.stateHash).toBe(environment.start().stateHash());
  });

  it("refuses arguments that are not a JSON object", async () => {
    const broken = reply({
      toolCalls: [{ id: "1", name: "lookup_order", arguments: {}, malformedArguments: "{" }],
    });
    const trial = await run(listModel([broken, reply({ text: "Sorry." })]), { environment: loadOrders() });
    expect(traceOf(trial).toolCalls[0]?.result).toContain("not a JSON object");
  });

  it("cuts a tool result that is too long, and says how much", async () => {
    const model = listModel([call("list_orders", { customer_id: "C-1001" }), reply({ text: "Many." })]);
    const trial = await run(model, {
      agent: agentOf(model, { limits: { ...LIMITS, toolResultMaxChars: 50 } }),
      environment: loadOrders(),
    });
    const end = trial.events.find((event) => event.event_type === "tool_call_end");
    expect(end?.payload).toMatchObject({ truncatedChars: expect.any(Number) });
    expect(traceOf(trial).toolCalls[0]?.result).toMatch(/characters removed/);
  });

  it("stops at the step limit, and a conversation that was cut off earns no reward", async () => {
    const model = listModel([call("lookup_order", { order_id: "A-1042" })]);
    const trial = await run(model, { environment: loadOrders() });
    expect(trial).toMatchObject({ status: "completed", stopReason: "step_limit" });
    expect(model.requests).toHaveLength(LIMITS.maxSteps);
    expect(trial.check?.reward).toBe(0);
  });

  it("stops when the trial has cost its budget", async () => {
    const model = listModel([call("lookup_order", { order_id: "A-1042" })]);
    const agent = agentOf(model, { limits: { ...LIMITS, budgetUsd: 0.02 } });
    expect(await run(model, { agent, environment: loadOrders() })).toMatchObject({ stopReason: "budget" });
    expect(model.requests).toHaveLength(2);
  });

  it("stops a call at the deadline of the trial", async () => {
    const model: Model = {
      provider: "slow",
      name: "slow",
      complete: (_request, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new ProviderError("PROVIDER_ABORTED", "stopped")));
        }),
    };
    const agent = agentOf(model, { limits: { ...LIMITS, timeoutMs: 20 } });
    expect(await run(model, { agent })).toMatchObject({ status: "completed", stopReason: "deadline" });
  });

  it("is an error, not a failure, when the provider fails", async () => {
    const trial = await run(
      listModel([new ProviderError("PROVIDER_UNAVAILABLE", "503", { isRetryable: true })]),
    );
    expect(trial).toMatchObject({
      status: "error",
      stopReason: "error",
      error: { code: "PROVIDER_UNAVAILABLE", isRetryable: true },
      check: null,
    });
  });

  it("lets a bug through", async () => {
    await expect(run(listModel([new TypeError("bug")]))).rejects.toThrow("bug");
  });

  it("says that it was stopped from outside", async () => {
    const controller = new AbortController();
    controller.abort();
    expect(await run(listModel([reply({ text: "x" })]), {}, controller.signal)).toMatchObject({
      status: "error",
      stopReason: "aborted",
    });
  });

  it("plays the script of a user line by line, each in a turn of its own", async () => {
    const goldenCase = caseOf({ kind: "user", goal: "cancel", script: ["Cancel A-1042.", "Yes."] });
    const trial = await run(listModel([reply({ text: "Sure?" }), reply({ text: "Cancelled." })]), {
      goldenCase,
    });
    expect(traceOf(trial).transcript.map((line) => line.text)).toEqual([
      "Cancel A-1042.",
      "Sure?",
      "Yes.",
      "Cancelled.",
    ]);
    expect(
      trial.events.filter((event) => event.event_type === "msg_received").map((event) => event.turn_id),
    ).toEqual([0, 1]);
  });

  it("lets a model play the user until it says that it is done", async () => {
    const goldenCase = caseOf({ kind: "user", goal: "Find order A-1042", script: null });
    const user = listModel([reply({ text: "Where is A-1042?" }), reply({ text: "###STOP###" })]);
    const trial = await run(listModel([reply({ text: "In Oslo." })]), {
      goldenCase,
      userModel: { model: user, parameters: {} },
    });
    expect(trial.stopReason).toBe("user_stop");
    expect(user.requests[0]?.messages[0]?.content).toContain("Find order A-1042");
    expect(user.requests[1]?.messages.slice(1).map((message) => message.role)).toEqual([
      "user",
      "assistant",
      "user",
    ]);
    const agentSaw = traceOf(trial).modelCalls.filter((span) => span.speaker === "agent");
    expect(agentSaw).toHaveLength(1);
  });

  it("is an error, not a pass, when the user leaves before the agent was asked anything", async () => {
    const goldenCase = caseOf({ kind: "user", goal: "x", script: null });
    const model = listModel([reply({ text: "x" })]);
    const userModel = { model: listModel([reply({ text: "###STOP###" })]), parameters: {} };
    expect(await run(model, { goldenCase, userModel })).toMatchObject({ status: "error", check: null });
    expect(model.requests).toEqual([]);
  });

  it("does not charge the agent's budget for the simulated user", async () => {
    const goldenCase = caseOf({ kind: "user", goal: "x", script: null });
    const user = listModel([reply({ text: "Hello", costUsd: 5 }), reply({ text: "###STOP###", costUsd: 5 })]);
    const model = listModel([reply({ text: "Hi", costUsd: 0.01 })]);
    const agent = agentOf(model, { limits: { ...LIMITS, budgetUsd: 0.1 } });
    const trial = await run(model, { agent, goldenCase, userModel: { model: user, parameters: {} } });
    expect(trial.stopReason).toBe("user_stop");
  });

  it("cannot run a user with a goal when no model plays it", async () => {
    const goldenCase = caseOf({ kind: "user", goal: "x", script: null });
    expect(await run(listModel([reply({ text: "x" })]), { goldenCase })).toMatchObject({
      status: "error",
      error: { code: "PROVIDER_REJECTED" },
    });
  });

  it("goes on with a conversation that the case gives", async () => {
    const goldenCase = caseOf({
      kind: "messages",
      messages: [
        { role: "user", content: "Hello" },
        { role: "assistant", content: "Hi" },
        { role: "user", content: "Where is it?" },
      ],
    });
    const model = listModel([reply({ text: "Here." })]);
    await run(model, { goldenCase });
    expect(model.requests[0]?.messages.map((message) => message.content)).toEqual([
      "Be brief.",
      "Hello",
      "Hi",
      "Where is it?",
    ]);
  });

  it("ends an imported conversation where its recording ends", async () => {
    const goldenCase = caseOf({ kind: "user", goal: "x", script: null });
    const user = listModel([reply({ text: "more" })]);
    const trial = await run(listModel([reply({ text: "ok" })]), {
      goldenCase,
      userModel: { model: user, parameters: {} },
      recordedTurns: { agent: 2, user: 2 },
    });
    expect(trial.stopReason).toBe("step_limit");
    expect(user.requests).toHaveLength(2);
  });

  it("gives the same trace for the same inputs, and another for another seed", async () => {
    const first = await run(listModel([reply({ text: "In Oslo." })]));
    const second = await run(listModel([reply({ text: "In Oslo." })]));
    expect(second).toEqual(first);
    expect((await run(listModel([reply({ text: "In Oslo." })]), { seed: 1 })).traceId).not.toBe(
      first.traceId,
    );
  });
});
