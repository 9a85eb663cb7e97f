import type { ToolSpec } from "../core/message.js";
import type { Environment } from "../environments/environment.js";
import type { Model, ModelParameters } from "../models/model.js";
import type { Retriever } from "./retrieval/retriever.js";

export interface TrialLimits {
  /** Largest number of model calls of the agent in one trial. */
  readonly maxSteps: number;
  readonly timeoutMs: number;
  /** US dollars, or `null` for no limit. */
  readonly budgetUsd: number | null;
  readonly toolResultMaxChars: number;
}

/** An agent version, ready to run: prompt, model, tools, retrieval and limits are fixed. */
export interface Agent {
  readonly name: string;
  /** Content hash of everything that decides its behaviour. */
  readonly version: string;
  readonly promptVersion: string;
  /** The agent's own prompt; the environment's policy is added per case. */
  readonly systemPrompt: string;
  readonly model: Model;
  readonly parameters: ModelParameters;
  readonly retrieval: { readonly retriever: Retriever; readonly topK: number } | null;
  /** Names of the tools to offer, or `null` for all tools of the environment. */
  readonly toolNames: readonly string[] | null;
  readonly limits: TrialLimits;
}

/** The tools of an environment that this agent may use, in the environment's order. */
export function offeredTools(agent: Agent, environment: Environment | null): readonly ToolSpec[] {
  if (environment === null) return [];
  const names = agent.toolNames;
  const tools =
    names === null ? environment.tools : environment.tools.filter((tool) => names.includes(tool.spec.name));
  return tools.map((tool) => tool.spec);
}
