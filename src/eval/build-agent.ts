import type { Clock } from "../core/clock.js";
import { contentHash } from "../core/hash.js";
import type { Model } from "../models/model.js";
import type { Agent, TrialLimits } from "../runtime/agent.js";
import { agentIdentity } from "../runtime/identity/agent-identity.js";
import { strategyOf } from "../runtime/strategies/strategy-of.js";
import { openAgentTools } from "../runtime/tools/agent-tools.js";
import { agentParts, type PartStorage } from "./agent-parts.js";
import { agentVersionOf, type LoadedAgent, parametersOf } from "./load-agent.js";
import { loadTeam, OUTERMOST, type TeamPlace } from "./load-team.js";

export interface BuildAgentOptions {
  /** Content hash of the recording that answers for the model; `null` when none does. */
  readonly recordingHash: string | null;
  /** Instead of the agent file's. */
  readonly timeoutMs: number | undefined;
  readonly seed: number | undefined;
  /** Where the agent's parts keep what they must remember. */
  readonly storage: PartStorage;
  /** What paths on the command line are relative to; for messages on the files of specialists. */
  readonly workingDirectory: string;
  /** Makes the model of a specialist of the agent's team. */
  readonly specialistModel: (specialist: LoadedAgent) => Promise<Model>;
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
  place: TeamPlace = OUTERMOST,
): Promise<Agent> {
  const { config, retriever } = loaded;
  const limits: TrialLimits = {
    maxSteps: config.limits.max_steps,
    timeoutMs: options.timeoutMs ?? config.limits.timeout_ms,
    budgetUsd: config.limits.budget_usd ?? null,
    toolResultMaxChars: config.limits.tool_result_max_chars,
  };
  const source = { file: loaded.file, folder: loaded.folder, env: options.env, clock: options.clock };
  const identity = await agentIdentity(config.identity, source);
  const environmentTools = loaded.environment?.tools.map((tool) => tool.spec.name) ?? [];
  const opened = await openAgentTools(config.tools, environmentTools, source);
  const team = await loadTeam(loaded, options.workingDirectory, place, async (specialist, within) =>
    buildAgent(specialist, await options.specialistModel(specialist), options, within),
  );
  const version = agentVersionOf(loaded, options.recordingHash, opened.hash);
  const parts = await agentParts(config, { ...source, storage: options.storage });
  const teamTools = team?.tools ?? [];
  return {
    name: config.name,
    version: team === null ? version : contentHash([version, ...team.versions]),
    promptVersion: config.prompt.version,
    systemPrompt: loaded.promptText,
    model,
    parameters: parametersOf(config.model, options.seed),
    retrieval: retriever === null ? null : { retriever, topK: config.retrieval?.top_k ?? 5 },
    toolNames: opened.names === null ? null : [...opened.names, ...teamTools.map((tool) => tool.spec.name)],
    limits,
    strategy: await strategyOf(config.strategy),
    parts: team === null ? parts : [...parts, team.part],
    tools: [...opened.tools, ...teamTools],
    toolPolicies: opened.policies,
    close: async () => {
      await Promise.all([opened.close(), team?.close()]);
    },
    identity,
  };
}
