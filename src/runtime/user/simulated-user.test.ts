import { describe, expect, it } from "vitest";
import type { UserInput } from "../../core/golden-case.js";
import type { ModelReply } from "../../core/message.js";
import { traceOf } from "../../core/trace.js";
import { loadOrders } from "../../environments/orders/load-orders.js";
import { caseOf, modelOf, replyOf, runWith } from "../loop-guard/testing/run-with-part.js";

const answers = () => modelOf(() => replyOf({ text: "Which order?" }));

function userWho(replies: readonly Partial<ModelReply>[]) {
  return modelOf((_request, index) => replyOf(replies[Math.min(index, replies.length - 1)] ?? {}));
}

function play(user: ReturnType<typeof userWho>, input: Partial<UserInput>, isRecorded = false) {
  return runWith(answers(), [], {
    goldenCase: caseOf({ kind: "user", goal: "Ask for order A-1042.", script: null, ...input }),
    environment: loadOrders(),
    userModel: { model: user, parameters: {} },
    recordedTurns: isRecorded ? { agent: 3, user: 3 } : null,
  });
}

describe("a user played by a model", () => {
  it("is told its persona, and no more than ever without one", async () => {
    const plain = userWho([{ text: "Hi" }, { text: "###STOP###" }]);
    await play(plain, {});
    const prompt = plain.requests[0]?.messages[0]?.content ?? "";
    expect(prompt.endsWith("answer with exactly ###STOP###.")).toBe(true);
    const grumpy = userWho([{ text: "Hi" }, { text: "###STOP###" }]);
    await play(grumpy, { persona: "Impatient; writes in capitals." });
    const longer = grumpy.requests[0]?.messages[0]?.content ?? "";
    expect(longer.startsWith(prompt)).toBe(true);
    expect(longer).toContain("Impatient; writes in capitals.");
    expect(longer).toContain("###OUT-OF-SCOPE###");
  });

  it.each(["###STOP###", "Bye. ###TRANSFER###", "###OUT-OF-SCOPE###"])("leaves with %s", async (mark) => {
    const trial = await play(userWho([{ text: "Hi" }, { text: mark }]), {});
    expect(trial).toMatchObject({ status: "completed", stopReason: "user_stop" });
    expect(traceOf(trial).transcript.at(-1)).toEqual({ role: "user", text: mark });
    expect(traceOf(trial).modelCalls.filter(({ speaker }) => speaker === "agent")).toHaveLength(1);
  });

  it("takes other marks from the case", async () => {
    const user = userWho([{ text: "Hi ###STOP###" }, { text: "DONE" }]);
    const trial = await play(user, { endMarks: ["DONE"] });
    expect(trial.stopReason).toBe("user_stop");
    expect(user.requests).toHaveLength(2);
  });

  it("goes on in a recording where the recording did", async () => {
    const user = userWho([{ text: "Hi" }, { text: "###TRANSFER###" }]);
    expect((await play(user, {}, true)).stopReason).toBe("step_limit");
  });

  it("leaves after its most messages", async () => {
    const user = userWho([{ text: "Hi" }]);
    expect((await play(user, { maxTurns: 2 })).stopReason).toBe("user_stop");
    expect(user.requests).toHaveLength(2);
  });

  it("uses its own tools, and remembers what they showed", async () => {
    const looksUp: Partial<ModelReply> = {
      toolCalls: [{ id: "u1", name: "read_order_emails", arguments: {} }],
    };
    const user = userWho([looksUp, { text: "It is A-1042." }, { text: "###STOP###" }]);
    const trial = await play(user, { tools: ["read_order_emails"] });
    expect(trial.stopReason).toBe("user_stop");
    expect(user.requests[0]?.tools.map(({ name }) => name)).toEqual(["read_order_emails"]);
    expect(user.requests[2]?.messages.map(({ role }) => role)).toEqual([
      "system",
      "user",
      "assistant",
      "tool",
      "assistant",
      "user",
    ]);
    expect(user.requests[2]?.messages[3]?.content).toContain("A-1042");
    expect(traceOf(trial).toolCalls).toEqual([]);
  });

  it("is not left to its tools for ever", async () => {
    const user = modelOf(({ tools }) =>
      tools.length === 0
        ? replyOf({ text: "###STOP###" })
        : replyOf({ toolCalls: [{ id: "u", name: "read_order_emails", arguments: {} }] }),
    );
    const trial = await play(user, { tools: ["read_order_emails"] });
    expect(trial).toMatchObject({ status: "error" });
    expect(user.requests).toHaveLength(9);
  });

  it("cannot have a tool that its environment does not have", async () => {
    const trial = await play(userWho([{ text: "Hi" }]), { tools: ["reboot_phone"] });
    expect(trial.error?.message).toContain("read_order_emails");
  });
});
