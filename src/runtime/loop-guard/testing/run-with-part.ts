import type { Clock } from "../../../core/clock.js";
import { type CaseInput, type GoldenCase, NOTHING_EXPECTED } from "../../../core/golden-case.js";
import { ANONYMOUS } from "../../../core/identity.js";
import type { ModelReply } from "../../../core/message.js";
import type { Trial } from "../../../core/trial.js";
import type { Model, ModelRequest } from "../../../models/model.js";
import type { Agent } from "../../agent.js";
import type { ConversationPart } from "../../conversation-part.js";
import { runTrial, type TrialRequest } from "../../run-trial.js";
import { react } from "../../strategies/react.js";

const clock: Clock = { now: () => 0, monotonic: () => 0 };

/** A reply of a model; what is left out is empty. */
export function replyOf(part: Partial<ModelReply>): ModelReply {
  return {
    text: null,
    toolCalls: [],
    finishReason: "stop",
    usage: null,
    costUsd: 0,
    model: "list",
    ...part,
  };
}

/** A model that answers by a function of the request; keeps what it was asked. */
export function modelOf(
  answer: (request: ModelRequest, index: number) => ModelReply,
): Model & { readonly requests: readonly ModelRequest[] } {
  const requests: ModelRequest[] = [];
  return {
    provider: "list",
    name: "list",
    requests,
    complete: async (request) => {
      requests.push({ ...request, messages: [...request.messages] });
      return answer(request, requests.length - 1);
    },
  };
}

export function caseOf(input: CaseInput, extra: Partial<GoldenCase> = {}): GoldenCase {
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

/** Runs one trial of an agent that has the given parts and no more. */
export function runWith(
  model: Model,
  parts: readonly ConversationPart[],
  request: Partial<TrialRequest> & { readonly agentExtra?: Partial<Agent> } = {},
): Promise<Trial> {
  const { agentExtra, ...rest } = request;
  return runTrial(
    {
      agent: {
        name: "agent",
        version: "v1",
        promptVersion: "1",
        systemPrompt: "Be brief.",
        model,
        parameters: {},
        retrieval: null,
        toolNames: null,
        limits: { maxSteps: 20, timeoutMs: 10_000, budgetUsd: null, toolResultMaxChars: 100_000 },
        strategy: react,
        parts,
        tools: [],
        identity: ANONYMOUS,
        ...agentExtra,
      },
      goldenCase: caseOf({ kind: "text", text: "Where is order A-9999?" }),
      trial: 0,
      seed: 0,
      environment: null,
      userModel: null,
      recordedTurns: null,
      ...rest,
    },
    { clock, signal: new AbortController().signal },
  );
}
