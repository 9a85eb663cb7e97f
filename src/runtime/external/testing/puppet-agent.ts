import { systemClock } from "../../../core/clock.js";
import type { GoldenCase } from "../../../core/golden-case.js";
import { ANONYMOUS } from "../../../core/identity.js";
import type { Trial } from "../../../core/trial.js";
import type { Agent } from "../../agent.js";
import { runTrial } from "../../run-trial.js";
import type { ExternalAgent } from "../external-agent.js";
import { externalParts } from "../external-parts.js";

/** An agent of the outside as `buildExternalAgent` puts it together, without a file. */
export function agentAround(external: ExternalAgent): Agent {
  const parts = externalParts(external, {
    kind: "puppet",
    name: "puppet",
    readOnlyTools: ["lookup"],
    toolResultMaxChars: 1000,
  });
  return {
    name: "puppet",
    version: "0".repeat(64),
    promptVersion: "1",
    systemPrompt: "",
    model: parts.model,
    parameters: {},
    retrieval: null,
    toolNames: [],
    limits: { maxSteps: 10, timeoutMs: 20_000, budgetUsd: null, toolResultMaxChars: 1000 },
    strategy: parts.strategy,
    parts: [parts.part],
    tools: [],
    endConversation: parts.endConversation,
    close: parts.close,
    identity: ANONYMOUS,
  };
}

/** Runs one case in which the user says these words, one after the other. */
export function talk(
  agent: Agent,
  goldenCase: GoldenCase,
  signal: AbortSignal = new AbortController().signal,
): Promise<Trial> {
  return runTrial(
    {
      agent,
      goldenCase,
      trial: 0,
      seed: 0,
      environment: null,
      userModel: null,
      recordedTurns: null,
    },
    { clock: systemClock, signal },
  );
}
