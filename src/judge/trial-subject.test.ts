import { describe, expect, it } from "vitest";
import type { GoldenCase } from "../core/golden-case.js";
import { NOTHING_EXPECTED } from "../core/golden-case.js";
import { type Trace, traceOf } from "../core/trace.js";
import type { Trial } from "../core/trial.js";
import { sampleCase, sampleRun, sampleTrial } from "../store/testing/store-samples.js";
import { trialSubject } from "./trial-subject.js";

const run = sampleRun("r1", { provider: "openai", model: "gpt-4o", suite: "refunds" });
const user = (text: string) => ({ role: "user", text }) as const;
const agent = (text: string) => ({ role: "assistant", text }) as const;

interface Given {
  readonly transcript?: Trace["transcript"];
  readonly toolCalls?: readonly object[];
  readonly retrievals?: readonly object[];
  readonly goldenCase?: Partial<GoldenCase>;
  readonly trial?: Partial<Trial>;
  readonly run?: typeof run;
}

function subjectOf({ transcript = [], toolCalls = [], retrievals = [], ...given }: Given) {
  const trial = sampleTrial("case-1", 0, given.trial);
  const answer = transcript.findLast(({ role }) => role === "assistant")?.text ?? null;
  const trace = { ...traceOf(trial), transcript, toolCalls, retrievals, answer } as Trace;
  const goldenCase = sampleCase("case-1", given.goldenCase);
  return trialSubject({ run: given.run ?? run, goldenCase, trial, trace, policy: "Be kind." });
}

describe("trialSubject", () => {
  it("shows what was said before the final answer, and asks what the user asked last", () => {
    const transcript = [user("Hello"), agent("Hi, how can I help?"), user("A refund"), agent("Done.")];
    expect(subjectOf({ transcript })).toMatchObject({
      conversation: [
        { role: "user", text: "Hello" },
        { role: "agent", text: "Hi, how can I help?" },
        { role: "user", text: "A refund" },
      ],
      question: "A refund",
      answer: "Done.",
      otherAnswer: null,
      policy: "Be kind.",
      model: "openai/gpt-4o",
      origin: { run: "r1", caseId: "case-1", trial: 0 },
    });
  });

  it("leaves out what a user said after the final answer: an end mark is no question", () => {
    const transcript = [user("A refund"), agent("Done."), user("###STOP###")];
    const subject = subjectOf({ transcript });
    expect(subject).toMatchObject({ question: "A refund", answer: "Done." });
    expect(subject.conversation).toEqual([{ role: "user", text: "A refund" }]);
  });

  it.each([
    ["a text", { kind: "text", text: "My refund?" }, "My refund?"],
    [
      "messages",
      {
        kind: "messages",
        messages: [
          { role: "assistant", content: "Hello" },
          { role: "user", content: "My refund?" },
        ],
      },
      "My refund?",
    ],
    ["a goal", { kind: "user", goal: "wants a refund", script: null }, "wants a refund"],
  ] as const)("takes the words of the case where the trace tells none: %s", (_, input, question) => {
    const subject = subjectOf({ transcript: [agent("Done.")], goldenCase: { input: input as never } });
    expect(subject).toMatchObject({ question, answer: "Done." });
  });

  it("has no answer where the agent gave none, and all that the user said", () => {
    const subject = subjectOf({ transcript: [user("Hello"), user("Anybody?")] });
    expect(subject).toMatchObject({ answer: null, question: "Anybody?" });
    expect(subject.conversation).toHaveLength(2);
  });

  it("shows each passage once, by its chunk, and none without a text", () => {
    const chunk = { documentId: "d1", score: 1 };
    const first = { ...chunk, chunkId: "d1#0", title: "Refunds", text: "A week." };
    const second = { ...chunk, documentId: "d2", text: "Two weeks." };
    const retrievals = [{ chunks: [first, chunk] }, { chunks: [second, first] }];
    expect(subjectOf({ retrievals }).documents).toEqual([
      { id: "d1#0", title: "Refunds", text: "A week." },
      { id: "d2", title: null, text: "Two weeks." },
    ]);
  });

  it("shows tool calls with their results", () => {
    const call = { name: "look_up", arguments: { order: "W1" }, result: "gone", isError: true };
    expect(subjectOf({ toolCalls: [{ ...call, callId: "1", durationMs: 3 }] }).tools).toEqual([call]);
  });

  it("groups by suite and split, risk, tags and group, where there are any", () => {
    expect(subjectOf({}).slices).toEqual({ suite: "refunds", split: "dev" });
    const goldenCase = { risk: "high", tags: ["a", "b"], group: "orders" } as const;
    expect(subjectOf({ goldenCase }).slices).toEqual({
      suite: "refunds",
      split: "dev",
      risk: "high",
      tag: "a,b",
      group: "orders",
    });
  });

  describe("the item", () => {
    const transcript = [user("A refund"), agent("Done.")];
    const { item } = subjectOf({ transcript });

    it("names case, trial and what was said", () => {
      expect(item).toMatch(/^case-1\/0@[0-9a-f]{12}$/);
    });

    it.each<[string, Given]>([
      ["a copy of the run", { run: sampleRun("r2", { suite: "other" }) }],
      ["another time and duration", { trial: { startedAt: "2026-11-22T00:00:00.000Z", durationMs: 1 } }],
      [
        "a corrected case",
        { goldenCase: { tags: ["new"], expect: { ...NOTHING_EXPECTED, answer: "Paid." } } },
      ],
    ])("stays with %s", (_, given) => {
      expect(subjectOf({ transcript, ...given }).item).toBe(item);
    });

    it.each<[string, Given]>([
      ["another answer", { transcript: [user("A refund"), agent("Not done.")] }],
      ["another question", { transcript: [user("Another refund"), agent("Done.")] }],
      ["another tool call", { toolCalls: [{ name: "pay", arguments: {}, result: null, isError: false }] }],
      ["another passage", { retrievals: [{ chunks: [{ documentId: "d", score: 1, text: "x" }] }] }],
      ["another trial", { trial: { trial: 1 } }],
    ])("is another one with %s", (_, given) => {
      expect(subjectOf({ transcript, ...given }).item).not.toBe(item);
    });
  });
});
