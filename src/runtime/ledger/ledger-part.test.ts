import { describe, expect, it } from "vitest";
import { ProviderError } from "../../core/errors.js";
import type { EventPayloads } from "../../core/events.js";
import type { ToolOutcome } from "../../environments/environment.js";
import { markCall } from "../marked-calls.js";
import { type Tool, UnknownOutcomeError } from "../tools/tool.js";
import { effectsOf } from "./effects-view.js";
import { scene } from "./testing/ledger-scene.js";
import { testTool } from "./testing/test-tools.js";

const unknown = () => Promise.reject(new UnknownOutcomeError("lost"));
const refused = () => ({ content: "Error: no", isError: true });

describe("a side effect", () => {
  it("is made once for its key, also after a crash", async () => {
    const one = scene([testTool("refund", { call: () => ({ content: "r-1", isError: false }) })]);
    expect(await one.callAt(0, "refund")).toEqual({ content: "r-1", isError: false });
    one.restart();
    expect(await one.callAt(0, "refund")).toEqual({ content: "r-1", isError: false });
    expect(one.calls).toHaveLength(1);
    expect(one.events.map(({ payload }) => (payload as EventPayloads["effect_recorded"]).status)).toEqual([
      "intended",
      "done",
    ]);
  });

  it("is not repeated in its turn, nor when asked twice at the same time", async () => {
    const one = scene([testTool("refund")]);
    const both = await Promise.all([one.call("refund", { a: 1, b: 2 }), one.call("refund", { b: 2, a: 1 })]);
    expect(both.map(({ content }) => content)).toEqual([
      "ok",
      "ok\n(Done before with the same arguments; not done again.)",
    ]);
    await one.call("refund", { a: 1, b: 2 });
    await one.call("refund", { a: 1, b: 3 });
    expect(one.calls).toHaveLength(2);
    await one.say("and once more");
    await one.call("refund", { a: 1, b: 2 });
    expect(one.calls).toHaveLength(3);
  });

  it.each([
    ["conversation", 1],
    ["allow", 3],
  ] as const)("repeats: %s", async (repeats, expected) => {
    const one = scene([testTool("refund")], { repeats });
    await one.call("refund");
    await one.call("refund");
    await one.say("again");
    await one.call("refund");
    expect(one.calls).toHaveLength(expected);
  });

  it("that was refused may be tried again", async () => {
    const one = scene([testTool("refund", { call: refused })]);
    await one.call("refund");
    await one.call("refund");
    expect(one.calls).toHaveLength(2);
    expect(effectsOf(one.log).done()).toEqual([]);
  });

  it("that did not reach its system may be tried again under its key", async () => {
    let isDown = true;
    const call = () => {
      if (isDown) throw new ProviderError("PROVIDER_UNAVAILABLE", "refused");
      return { content: "ok", isError: false };
    };
    const one = scene([testTool("refund", { call })]);
    await expect(one.callAt(0, "refund")).rejects.toThrow("refused");
    expect(one.statuses()).toEqual(["refund failed"]);
    isDown = false;
    expect((await one.callAt(0, "refund")).content).toBe("ok");
    expect(one.statuses()).toEqual(["refund done"]);
  });

  it("is not made after one that failed in the same reply", async () => {
    const one = scene([
      testTool("cancel", { call: refused }),
      testTool("refund"),
      testTool("look", { reversibility: "read" }),
    ]);
    const toolCalls = ["cancel", "refund", "look"].map((name, index) => ({
      id: `call-${index}`,
      name,
      arguments: {},
    }));
    one.log.append({ role: "assistant", content: null, toolCalls });
    const { content } = await one.call("cancel");
    markCall(one.log, "call-0", "failed");
    one.log.append({ role: "tool", toolCallId: "call-0", name: "cancel", content });
    expect((await one.call("refund")).content).toMatch(/not run: cancel failed before it/);
    expect((await one.call("look")).content).toBe("ok");
    expect(one.calls).toEqual(["cancel{}", "look{}"]);
  });
});

describe("an unknown outcome", () => {
  it("is looked up at once", async () => {
    const lookUp = async () => ({ content: "r-1", isError: false });
    const one = scene([testTool("refund", { call: unknown, lookUp })]);
    expect(await one.call("refund")).toEqual({ content: "r-1", isError: false });
    expect(one.calls).toHaveLength(1);
    expect(await one.reply()).toEqual({ kind: "pass", text: "All done!" });
  });

  it("of an idempotent tool is found out by the same call", async () => {
    let count = 0;
    const repeated: (boolean | undefined)[] = [];
    const call: Tool["call"] = (_, { isRepeated }) => {
      repeated.push(isRepeated);
      return count++ === 0 ? unknown() : { content: "ok", isError: false };
    };
    const one = scene([testTool("refund", { call, isIdempotent: true })]);
    expect((await one.call("refund")).isError).toBe(false);
    expect(one.calls).toHaveLength(2);
    expect(repeated).toEqual([undefined, true]);
  });

  it("that the system never knew of is a failure that may be tried again", async () => {
    const one = scene([testTool("refund", { call: unknown, lookUp: async () => null })]);
    expect((await one.call("refund")).content).toMatch(/refund was not done.*may be tried again/);
    expect(one.statuses()).toEqual(["refund failed"]);
  });

  it("stops every other side effect, is never called again, and goes to a person instead of an answer, once", async () => {
    const one = scene([
      testTool("refund", { call: unknown }),
      testTool("book"),
      testTool("look", { reversibility: "read" }),
    ]);
    expect((await one.call("refund")).content).toMatch(/not known whether refund took effect/);
    expect((await one.call("book")).content).toMatch(/book was not run: it is not known whether refund/);
    expect((await one.call("refund")).isError).toBe(true);
    expect((await one.call("look")).content).toBe("ok");
    expect(one.calls).toEqual(["refund{}", "look{}"]);
    const reply = await one.reply();
    expect(reply).toMatchObject({ kind: "reply", stop: "escalated" });
    expect(reply?.text).not.toContain("done!");
    expect(one.events.at(-1)).toMatchObject({ type: "guardrail_triggered", payload: { action: "escalate" } });
    one.restart();
    await one.say("hello?");
    expect(await one.reply()).toEqual({ kind: "pass", text: "All done!" });
    expect((await one.call("book")).isError).toBe(true);
    expect(one.calls).toEqual(["refund{}", "look{}"]);
  });

  it("that comes out later corrects what the model reads, and is not done again", async () => {
    let found: ToolOutcome | null = null;
    const lookUp = async () => {
      if (found === null) throw new Error("down");
      return found;
    };
    const one = scene([testTool("refund", { call: unknown, lookUp })]);
    const { content } = await one.call("refund");
    one.log.append({ role: "tool", toolCallId: "call-0", name: "refund", content });
    await one.reply();
    found = { content: "r-1", isError: false };
    one.restart();
    await one.say("try again");
    const sent = await one.hooks().onModelRequest?.(one.log.messages, []);
    expect(sent?.[1]).toMatchObject({ role: "tool", content: "r-1" });
    expect((await one.call("refund")).content).toMatch(/^r-1\n.*not done again/);
    expect(one.calls).toHaveLength(1);
    expect(effectsOf(one.log).done()).toEqual([{ tool: "refund", args: {}, result: "r-1" }]);
  });
});

describe("a flow that fails", () => {
  const tools = (undoRefund: Tool["call"] = () => ({ content: "ok", isError: false })) => [
    testTool("cancel", { compensation: { tool: "reinstate", args: { order: "$args.order" } } }),
    testTool("refund", {
      call: () => ({ content: '{"id":"r-1"}', isError: false }),
      compensation: { tool: "charge", args: { refund: "$result.id" } },
    }),
    testTool("mail"),
    testTool("book", { call: refused }),
    testTool("reinstate"),
    testTool("charge", { call: undoRefund }),
  ];
  const run = async (one: ReturnType<typeof scene>, ...names: readonly string[]) => {
    for (const name of names) await one.call(name, name === "cancel" ? { order: "A" } : {});
    one.calls.length = 0;
    return one.reply();
  };

  it("is left as it is by default", async () => {
    const one = scene(tools());
    expect(await run(one, "cancel", "book")).toEqual({ kind: "pass", text: "All done!" });
    expect(one.calls).toEqual([]);
  });

  it("is undone in reverse order, once", async () => {
    const one = scene(tools(), { onFailure: "compensate" });
    const reply = await run(one, "cancel", "refund", "book");
    expect(one.calls).toEqual(['charge{"refund":"r-1"}', 'reinstate{"order":"A"}']);
    expect(reply).toMatchObject({ kind: "reply", stop: "answered" });
    expect(reply?.text).toMatch(/book failed\. .*undone \(refund, cancel\), so nothing has changed/);
    one.restart();
    expect(await one.reply()).toMatchObject({ text: reply?.text });
    expect((await one.call("cancel", { order: "B" })).content).toMatch(/not run/);
    expect(one.calls).toHaveLength(2);
    expect(effectsOf(one.log).done()).toEqual([]);
  });

  it("is told to a person when something stays", async () => {
    const one = scene(tools(), { onFailure: "compensate" });
    expect(await run(one, "cancel", "mail", "book")).toMatchObject({
      stop: "escalated",
      text: expect.stringMatching(/Undone: cancel\. Not undone: mail/),
    });
  });

  it("keeps what comes before a compensation that failed", async () => {
    const one = scene(tools(refused), { onFailure: "compensate" });
    const reply = await run(one, "cancel", "refund", "book");
    expect(one.calls).toEqual(['charge{"refund":"r-1"}']);
    expect(reply).toMatchObject({
      stop: "escalated",
      text: expect.stringMatching(/Not undone: refund, cancel/),
    });
  });

  it("goes to a person when the agent file says so", async () => {
    const one = scene(tools(), { onFailure: "escalate" });
    expect(await run(one, "cancel", "book")).toMatchObject({ stop: "escalated" });
    expect(one.calls).toEqual([]);
  });

  it("is no failure when nothing was done before, or a later try succeeded", async () => {
    const alone = scene(tools(), { onFailure: "compensate" });
    expect(await run(alone, "book")).toMatchObject({ kind: "pass" });
    let count = 0;
    const call = () => (count++ === 0 ? refused() : { content: "ok", isError: false });
    const again = scene([testTool("cancel"), testTool("book", { call })], { onFailure: "compensate" });
    expect(await run(again, "cancel", "book", "book")).toMatchObject({ kind: "pass" });
  });

  it("is undone when a limit cuts the turn", async () => {
    const one = scene(tools(), { onFailure: "compensate" });
    await one.call("cancel", { order: "A" });
    one.log.append({ role: "tool", toolCallId: "call-0", name: "cancel", content: "ok" });
    await one.hooks().onEnd?.("user_stop");
    expect(one.calls).toHaveLength(1);
    await one.hooks().onEnd?.("step_limit");
    expect(one.calls.at(-1)).toBe('reinstate{"order":"A"}');
    expect(one.statuses()).toEqual(["cancel compensated", "reinstate done"]);
  });
});
