import type { Clock } from "../core/clock.js";
import type { Model } from "../models/model.js";
import type { Agent, TrialLimits } from "../runtime/agent.js";
import { agentIdentity } from "../runtime/identity/agent-identity.js";
import { strategyOf } from "../runtime/strategies/strategy-of.js";
import { openAgentTools } from "../runtime/tools/agent-tools.js";
import { agentParts, type PartStorage } from "./agent-parts.js";
import { agentVersionOf, type LoadedAgent, parametersOf } from "./load-agent.js";

export interface BuildAgentOptions {
  /** Content hash of the recording that answers for the model; `null` when none does. */
  readonly recordingHash: string | null;
  /** Instead of the agent file's. */
  readonly timeoutMs: number | undefined;
  readonly seed: number | undefined;
  /** Where the agent's parts keep what they must remember. */
  readonly storage: PartStorage;
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
}

/**
 * Puts an agent together from its file and its model.
 *
 * @throws {ConfigError} when tools, identity or parts cannot work as the file says
 */
export async function buildAgent(
  loaded: LoadedAgent,
  model: Model,
  options: BuildAgentOptions,
): Promise<Agent> {
  const { config, retriever } = loaded;
  const limits: TrialLimits = {
    maxSteps: config.limits.max_steps,
    timeoutMs: options.timeoutMs ?? config.limits.timeout_ms,
    budgetUsd: config.limits.budget_usd ?? null,
    toolResultMaxChars: config.limits.tool_result_max_chars,
  };
  const place = { file: loaded.file, folder: loaded.folder, env: options.env, clock: options.clock };
  const identity = await agentIdentity(config.identity, place);
  const environmentTools = loaded.environment?.tools.map((tool) => tool.spec.name) ?? [];
  const opened = await openAgentTools(config.tools, environmentTools, place);
  return {
    name: config.name,
    version: agentVersionOf(loaded, options.recordingHash, opened.hash),
    promptVersion: config.prompt.version,
    systemPrompt: loaded.promptText,
    model,
    parameters: parametersOf(config.model, options.seed),
    retrieval: retriever === null ? null : { retriever, topK: config.retrieval?.top_k ?? 5 },
    toolNames: opened.names,
    limits,
    strategy: await strategyOf(config.strategy),
    parts: await agentParts(config, { ...place, storage: options.storage }),
    tools: opened.tools,
    toolPolicies: opened.policies,
    close: opened.close,
    identity,
  };
}
