import { describe, expect, it } from "vitest";
import type { EventPayloads, EventType } from "../core/events.js";
import { type RuntimeStep, traceOf } from "../core/trace.js";
import { EventRecorder } from "../runtime/event-recorder.js";
import { guardrailLines, runtimeLines } from "./runtime-lines.js";

const LONG =
  "because the customer asked for something that takes a good while to say, and then a little longer";

type Steps = { readonly [Type in RuntimeStep["type"]]: EventPayloads[Type] };

/** One step of each kind that the runtime emits, with words as long as they come. */
const STEPS: Steps = {
  strategy_selected: { strategy: "plan", reasons: [LONG], ambiguity: 0.2, stakes: 0.91, confidence: null },
  reasoning_step: {
    step: 1,
    text: LONG,
    confidence: 0.4,
    alternatives: [`ask ${LONG}`],
    contextUsed: ["refunds-policy"],
    durationMs: 12,
    strategy: "plan",
  },
  plan_updated: {
    revision: 1,
    reason: LONG,
    steps: [
      { id: "s1", tool: "cancel_order", after: [], status: "done" },
      { id: "s2", tool: "refund_order", after: ["s1"], status: "skipped" },
    ],
  },
  context_fitted: { tokensBefore: 9000, tokensAfter: 4000, summarisedMessages: 1, pinnedFacts: 2 },
  retrieval_searched: {
    queryId: "query-0",
    queries: [LONG],
    methods: ["bm25", "vectors"],
    embeddings: "hashed-ngram",
    reranker: "features",
    degraded: [{ step: "rewriting", reason: LONG }],
  },
  grounding_assessed: {
    confidence: 0.61,
    top: 0.7,
    gap: 0.2,
    agreement: 0.8,
    threshold: 0.4,
    isGrounded: true,
  },
  memory_read: { query: LONG, facts: [{ id: "fact-1", score: 0.53 }] },
  memory_write: { factId: "fact-2", kind: "preference", replaces: "fact-1" },
  delegation_start: { callId: "tool-1", agent: "billing", task: LONG },
  delegation_end: { callId: "tool-1", agent: "billing", status: "escalated", summary: LONG, durationMs: 340 },
  effect_recorded: {
    key: "0123456789abcdef",
    callId: "tool-2",
    tool: "refund_order",
    status: "unknown",
    detail: LONG,
  },
};

const identity = { traceId: "t".repeat(32), conversationId: "c", tenantId: "x" };

function stepsOf(): readonly RuntimeStep[] {
  const { emit, events } = new EventRecorder(identity, { now: () => 0, monotonic: () => 0 });
  for (const [type, payload] of Object.entries(STEPS)) emit(type as EventType, payload as never);
  return traceOf({ traceId: identity.traceId, events }).steps;
}

describe("runtimeLines", () => {
  it("says what was thought and decided in every kind of step, in order", async () => {
    expect(stepsOf().map(({ type }) => type)).toEqual(Object.keys(STEPS));
    await expect(`${runtimeLines(stepsOf(), 110).join("\n")}\n`).toMatchFileSnapshot(
      "__golden__/runtime-lines.txt",
    );
  });

  it.each([40, 80, 120])("stays within %i columns", (width) => {
    const lines = runtimeLines(stepsOf(), width);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width - 2);
  });
});

describe("guardrailLines", () => {
  it.each([40, 80, 120])("say within %i columns what decided, why and on what, as a whole", (width) => {
    const lines = guardrailLines(
      {
        rule: "retrieval.instructions",
        action: "quarantine",
        detail: LONG,
        classifier: "heuristic:embedded-instructions@2",
        score: 0.8234,
        documentIds: ["doc-1"],
      },
      width,
    );
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width - 2);
    expect(lines.join(" ").replace(/\s+/g, " ")).toContain(LONG);
    if (width > 70) expect(lines.at(-1)).toContain("embedded-instructions@2 gave 0.823 · documents doc-1");
  });
});
