import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../core/clock.js";
import { ProviderError, type SessionError, UsageError } from "../../core/errors.js";
import { ANONYMOUS, type Identity } from "../../core/identity.js";
import type { ModelReply } from "../../core/message.js";
import type { Model, ModelRequest } from "../../models/model.js";
import type { Agent } from "../agent.js";
import { testTool } from "../ledger/testing/test-tools.js";
import { react } from "../strategies/react.js";
import { FREE_TOOL } from "../tools/free-tool.js";
import { conversationFile } from "./conversation-database.js";
import { openSession, type SessionHost } from "./session.js";
import { newOwner } from "./session-owner.js";
import type { SessionStore } from "./session-store.js";
import { openSessionStore } from "./sqlite-session-store.js";

const ADA: Identity = { ...ANONYMOUS, tenantId: "acme", userId: "ada" };

function say(text: string): ModelReply {
  return { text, toolCalls: [], finishReason: "stop", usage: null, costUsd: null, model: "m" };
}

describe("a session", () => {
  let store: SessionStore;
  let answer: (request: ModelRequest) => Promise<ModelReply>;
  beforeEach(() => {
    store = openSessionStore(":memory:", { clock: systemClock });
    answer = async ({ messages }) => say(`${messages.length}: ${messages.at(-1)?.content}`);
  });
  afterEach(() => store.close());

  function host(changes: Partial<SessionHost> = {}, agent: Partial<Agent> = {}): SessionHost {
    const model: Model = { provider: "test", name: "m", complete: (request) => answer(request) };
    return {
      agent: {
        name: "support",
        version: "1".repeat(64),
        promptVersion: "1",
        systemPrompt: "Help.",
        model,
        parameters: {},
        retrieval: null,
        toolNames: null,
        limits: { maxSteps: 3, timeoutMs: 5000, budgetUsd: null, toolResultMaxChars: 100 },
        strategy: react,
        parts: [],
        tools: [],
        identity: ANONYMOUS,
        ...agent,
      },
      store,
      tools: [],
      environment: null,
      policy: "",
      clock: systemClock,
      signal: new AbortController().signal,
      ...changes,
    };
  }
  const codeOf = async (work: () => unknown): Promise<string> => {
    try {
      await work();
    } catch (error) {
      return (error as SessionError).code;
    }
    return "none";
  };

  it("goes on where another handle left it", async () => {
    const first = openSession(host(), { identity: ADA });
    expect(await first.send("one")).toMatchObject({
      kind: "done",
      turns: [{ replies: ["2: one"], stop: "answered" }],
    });
    const second = openSession(host(), { id: first.id, identity: ADA });
    const seen: string[] = [];
    const sent = await second.send("two", { onEvent: (event) => seen.push(event.event_type) });
    expect(sent).toMatchObject({ kind: "done", turns: [{ replies: ["4: two"] }] });
    expect(seen).toEqual(["msg_received", "llm_call_start", "llm_call_end", "response_sent"]);
    expect(second.record()).toMatchObject({ messageCount: 4, isTurnOpen: false, queuedCount: 0 });
    const events = sent.kind === "done" ? sent.turns.flatMap((turn) => turn.events) : [];
    expect(new Set(events.map(({ turn_id }) => turn_id))).toEqual(new Set([1]));
  });

  it("is with the system, for a kill to leave, before a side effect and before an answer is heard", async () => {
    const folder = mkdtempSync(join(tmpdir(), "agentctl-session-"));
    const file = conversationFile(folder);
    const kept = openSessionStore(file, { clock: systemClock });
    const elsewhere = new Database(file, { readonly: true });
    const roles = () => elsewhere.prepare("SELECT body ->> 'role' FROM messages").pluck().all();
    let found: unknown[] = [];
    const pay = testTool("pay", {
      call: () => {
        found = roles();
        return { content: "paid", isError: false };
      },
    });
    const call = { id: "c", name: "pay", arguments: {} };
    answer = async ({ messages }) =>
      messages.length === 2 ? { ...say(""), finishReason: "tool_calls", toolCalls: [call] } : say("Done.");
    await openSession(host({ store: kept, tools: [pay] }), { identity: ADA }).send("pay");
    expect(found).toEqual(["user", "assistant"]);
    expect(roles()).toEqual(["user", "assistant", "tool", "assistant"]);
    elsewhere.close();
    kept.close();
    rmSync(folder, { recursive: true });
  });

  it("is unknown to anybody else, and refuses another version of its agent", async () => {
    const { id } = openSession(host(), { identity: ADA });
    for (const identity of [ANONYMOUS, { ...ADA, userId: "bob" }, { ...ADA, tenantId: "globex" }]) {
      expect(await codeOf(() => openSession(host(), { id, identity }))).toBe("SESSION_UNKNOWN");
    }
    const changed = host({}, { version: "2".repeat(64) });
    expect(await codeOf(() => openSession(changed, { id, identity: ADA }))).toBe("SESSION_AGENT_CHANGED");
    openSession(changed, { id, identity: ADA, allowChangedAgent: true });
    const renamed = host({}, { name: "other" });
    expect(await codeOf(() => openSession(renamed, { id, identity: ADA, allowChangedAgent: true }))).toBe(
      "SESSION_AGENT_CHANGED",
    );
  });

  it("begins none under the id of a specialist's conversation: their effects would pass for one another's", async () => {
    const { id } = openSession(host(), { identity: ADA });
    const request = { id: `${id}/desk`, identity: { ...ADA, tenantId: "globex" } };
    expect(() => openSession(host(), request)).toThrow(UsageError);
  });

  it("queues messages that arrive during a turn and answers them in order", async () => {
    let release: () => void = () => {};
    const waits = new Promise<void>((resolve) => {
      release = resolve;
    });
    answer = async ({ messages }) => {
      if (messages.length === 2) await waits;
      return say(`to ${messages.at(-1)?.content}`);
    };
    const session = openSession(host(), { identity: ADA });
    const first = session.send("one");
    expect(await session.send("two")).toEqual({ kind: "queued", position: 1 });
    const other = openSession(host(), { id: session.id, identity: ADA });
    expect(await other.send("three")).toEqual({ kind: "queued", position: 2 });
    const rejecting = openSession(host({ whenBusy: "reject" }), { id: session.id, identity: ADA });
    expect(await codeOf(() => rejecting.send("four"))).toBe("SESSION_BUSY");
    expect(await other.resume()).toBeNull();
    release();
    const done = await first;
    expect(done.kind === "done" && done.turns.flatMap(({ replies }) => replies)).toEqual([
      "to one",
      "to two",
      "to three",
    ]);
    expect(store.messages(session.id).map(({ content }) => content)).toEqual([
      "one",
      "to one",
      "two",
      "to two",
      "three",
      "to three",
    ]);
  });

  it("keeps a turn that failed open, and what came after it queued", async () => {
    const session = openSession(host(), { identity: ADA });
    answer = async () => {
      throw new ProviderError("PROVIDER_UNAVAILABLE", "down", { isRetryable: true });
    };
    const failed = await session.send("one");
    expect(failed).toMatchObject({
      kind: "done",
      turns: [{ stop: "error", replies: [], error: { code: "PROVIDER_UNAVAILABLE", isRetryable: true } }],
    });
    expect(session.record()).toMatchObject({ isTurnOpen: true, messageCount: 1 });
    await session.send("two");
    expect(session.record()).toMatchObject({ queuedCount: 1, messageCount: 1 });
    answer = async ({ messages }) => say(`to ${messages.at(-1)?.content}`);
    const turns = await session.resume();
    expect(turns?.flatMap(({ replies }) => replies)).toEqual(["to one", "to two"]);
    expect(await session.resume()).toEqual([]);
  });

  it("says an answer again that a crash kept from being heard", async () => {
    const session = openSession(host(), { identity: ADA });
    const owner = newOwner();
    store.claim(session.id, { owner, text: "one", whenBusy: "queue" });
    const log = store.log(session.id, owner);
    log.take(store.nextOrRelease(session.id, owner) ?? { position: 0, text: "" });
    log.append({ role: "user", content: "one" });
    log.append({ role: "assistant", content: "written, not heard" });
    store.release(session.id, owner);
    const turns = await session.resume();
    expect(turns?.map(({ replies }) => replies)).toEqual([["written, not heard"]]);
    expect(store.messages(session.id)).toHaveLength(2);
  });

  it("a turn that a limit ended is over; the next message begins a new one", async () => {
    const call = { id: "c1", name: "nothing", arguments: {} };
    answer = async () => ({ ...say(""), text: null, toolCalls: [call], finishReason: "tool_calls" });
    const session = openSession(host(), { identity: ADA });
    expect(await session.send("loop")).toMatchObject({ turns: [{ stop: "step_limit", replies: [] }] });
    expect(session.record().isTurnOpen).toBe(false);
    answer = async () => say("fine");
    expect(await session.send("again")).toMatchObject({ turns: [{ replies: ["fine"] }] });
  });

  it("closes the calls of a turn whose time is up, so that it can go on", async () => {
    const slow = { id: "c1", name: "slow", arguments: {} };
    answer = async () => ({ ...say(""), text: null, toolCalls: [slow], finishReason: "tool_calls" });
    const tool = {
      spec: { name: "slow", description: "", parameters: {} },
      source: "module" as const,
      reversibility: "irreversible" as const,
      ...FREE_TOOL,
      call: (_: unknown, { signal }: { signal: AbortSignal }) =>
        new Promise<never>((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(new ProviderError("PROVIDER_ABORTED", "aborted"))),
        ),
    };
    const limits = { maxSteps: 3, timeoutMs: 50, budgetUsd: null, toolResultMaxChars: 100 };
    const session = openSession(host({ tools: [tool] }, { limits }), { identity: ADA });
    expect(await session.send("go")).toMatchObject({ turns: [{ stop: "deadline" }] });
    expect(store.messages(session.id).at(-1)).toEqual({
      role: "tool",
      toolCallId: "c1",
      name: "slow",
      content: "Error: it is not known whether this was done: time was up.",
    });
  });

  it("after a crash makes no side effect again that no ledger knows of", async () => {
    const made: string[] = [];
    const tools = (["refund", "look"] as const).map((name) =>
      testTool(name, {
        reversibility: name === "look" ? "read" : "irreversible",
        call: () => {
          made.push(name);
          return { content: `${name} ok`, isError: false };
        },
      }),
    );
    const session = openSession(host({ tools }), { identity: ADA });
    const owner = newOwner();
    store.claim(session.id, { owner, text: "one", whenBusy: "queue" });
    const log = store.log(session.id, owner);
    log.take(store.nextOrRelease(session.id, owner) ?? { position: 0, text: "" });
    log.append({ role: "user", content: "one" });
    const toolCalls = ["refund", "look"].map((name, index) => ({ id: `c${index}`, name, arguments: {} }));
    log.append({ role: "assistant", content: null, toolCalls });
    store.release(session.id, owner);
    await session.resume();
    expect(made).toEqual(["look"]);
    expect(store.messages(session.id).map(({ content }) => content)).toEqual([
      "one",
      null,
      expect.stringContaining("not known whether this was done"),
      "look ok",
      "5: look ok",
    ]);
  });

  it("ends for the parts of the agent", async () => {
    const ended: string[] = [];
    const part = { name: "p", open: () => ({ onEnd: (stop: string) => void ended.push(stop) }) };
    const session = openSession(host({}, { parts: [part] }), { identity: ADA });
    await session.send("one");
    await session.end("user_stop");
    expect(ended).toEqual(["user_stop"]);
  });
});
