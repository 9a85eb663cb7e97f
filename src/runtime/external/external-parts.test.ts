import { describe, expect, it } from "vitest";
import { systemClock } from "../../core/clock.js";
import { ProviderError } from "../../core/errors.js";
import type { AgentEvent } from "../../core/events.js";
import { ANONYMOUS } from "../../core/identity.js";
import { Conversation } from "../conversation.js";
import { type ConversationLog, memoryLog } from "../conversation-log.js";
import { EventRecorder } from "../event-recorder.js";
import { TrialBudget } from "../trial-budget.js";
import type { ExchangeOptions, ExternalAgent, ExternalMessage, ExternalReply } from "./external-agent.js";
import { agentAround } from "./testing/puppet-agent.js";

type Answer = (said: ExternalMessage, options: ExchangeOptions) => Partial<ExternalReply>;

/** An agent that counts its sessions and keeps the number of the session as its note. */
function countingAgent(answer: Answer, more: Partial<ExternalAgent> = {}) {
  const opened: unknown[] = [];
  let closed = 0;
  const external: ExternalAgent = {
    hash: null,
    secrets: [],
    namesModelCalls: false,
    open: ({ note, setNote }) => {
      opened.push(note);
      setNote(opened.length);
      return {
        exchange: async (said, options) => ({
          text: "",
          calls: [],
          finishReason: "stop",
          usage: null,
          costUsd: null,
          model: null,
          isEscalated: false,
          steps: [],
          says: { tools: false, retrievals: false, modelCalls: false },
          ...answer(said, options),
        }),
        close: async () => {
          closed += 1;
        },
      };
    },
    close: async () => {},
    ...more,
  };
  return { agent: agentAround(external), opened, closed: () => closed };
}

/** Says something in a conversation that each turn opens anew, as chat and services do. */
async function say(
  agent: ReturnType<typeof agentAround>,
  log: ConversationLog,
  text: string,
  pieces: string[] = [],
) {
  const identity = { traceId: "trace", conversationId: "talk-1", tenantId: "default" };
  const recorder = new EventRecorder(identity, systemClock);
  const budget = new TrialBudget(agent.limits, systemClock, new AbortController().signal);
  const conversation = new Conversation({
    agent,
    tools: [],
    session: null,
    policy: "",
    identity: ANONYMOUS,
    conversationId: "talk-1",
    traceId: "trace",
    position: { caseId: "talk-1", trial: 0 },
    recorder,
    budget,
    log,
    clock: systemClock,
    onText: (piece) => pieces.push(piece),
  });
  try {
    const stop = await conversation.receive(text);
    return { stop, events: recorder.events, exhausted: budget.exhausted() };
  } finally {
    budget.close();
  }
}

const typesOf = (events: readonly AgentEvent[]) => events.map(({ event_type: type }) => type);

describe("a conversation with an agent that is not built in", () => {
  it("keeps its session from turn to turn, until it is let go of", async () => {
    const { agent, opened, closed } = countingAgent(() => ({ text: "yes" }));
    const log = memoryLog();
    await say(agent, log, "one");
    await say(agent, log, "two");
    expect([opened, closed()]).toEqual([[null], 0]);
    await agent.endConversation?.("talk-1");
    expect(closed()).toBe(1);
    await say(agent, log, "three");
    expect(opened).toEqual([null, 1]);
    await agent.close?.();
    expect(closed()).toBe(2);
  });

  it("gives a session up that failed, and tells the next one what was noted", async () => {
    let shallFail = true;
    const { agent, opened, closed } = countingAgent(() => {
      if (shallFail) throw new ProviderError("AGENT_FAILED", "it failed");
      return { text: "well again" };
    });
    const log = memoryLog();
    await expect(say(agent, log, "one")).rejects.toThrow("it failed");
    expect(closed()).toBe(1);
    shallFail = false;
    expect((await say(agent, log, "two")).stop).toBe("answered");
    expect(opened).toEqual([null, 1]);
    await agent.close?.();
  });

  it("hears the whole conversation, and shows pieces of the answer without secrets", async () => {
    const heard: unknown[] = [];
    const answer: Answer = ({ messages }, { onText }) => {
      heard.push(messages.map(({ role, content }) => `${role}: ${content}`));
      for (const piece of ["the key is sk-12", "345678, keep it"]) onText(piece);
      return { text: "the key is sk-12345678, keep it" };
    };
    const { agent } = countingAgent(answer, { secrets: ["sk-12345678"] });
    const log = memoryLog();
    const pieces: string[] = [];
    const { events } = await say(agent, log, "one", pieces);
    await say(agent, log, "two");
    expect(heard.at(-1)).toEqual(["user: one", "assistant: the key is [redacted], keep it", "user: two"]);
    expect(pieces.join("")).toBe("the key is [redacted], keep it");
    const end = events.find((event) => event.event_type === "llm_call_end")?.payload;
    expect(end).toMatchObject({ costUsd: null, usage: null, firstTokenMs: expect.any(Number) });
    await agent.close?.();
  });

  it("has the model calls that its agent names, which count against its budget", async () => {
    const call = {
      kind: "model",
      provider: "openai",
      model: "m-1",
      text: "hm",
      finishReason: "stop",
      usage: { inputTokens: 5, outputTokens: 1 },
      costUsd: 2,
      durationMs: 30,
      firstTokenMs: null,
      error: null,
    } as const;
    const answer = () => ({ text: "done", steps: [call, { ...call, error: "overloaded" }] });
    const { agent } = countingAgent(answer, { namesModelCalls: true });
    const limited = { ...agent, limits: { ...agent.limits, budgetUsd: 1 } };
    const { events, exhausted } = await say(limited, memoryLog(), "one");
    expect(typesOf(events)).toEqual([
      "msg_received",
      "llm_call_start",
      "llm_call_end",
      "llm_call_start",
      "error",
      "agent_reported",
      "response_sent",
    ]);
    expect(exhausted).toBe("budget");
    await agent.close?.();
  });
});
