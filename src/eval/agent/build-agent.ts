import { join } from "node:path";
import type { Clock } from "../../core/clock.js";
import { contentHash } from "../../core/hash.js";
import type { Model } from "../../models/model.js";
import type { Agent, TrialLimits } from "../../runtime/agent.js";
import { agentIdentity } from "../../runtime/identity/agent-identity.js";
import { groundingPart } from "../../runtime/retrieval/grounding-part.js";
import { type LoadedRetrieval, loadRetrieval } from "../../runtime/retrieval/load-retrieval.js";
import { strategyOf } from "../../runtime/strategies/strategy-of.js";
import { openAgentTools } from "../../runtime/tools/agent-tools.js";
import { agentParts, type PartStorage } from "./agent-parts.js";
import { agentVersionOf, type LoadedAgent, parametersOf } from "./load-agent.js";
import { loadTeam, OUTERMOST, type TeamPlace } from "./load-team.js";
import { partHashesOf } from "./part-hashes.js";

export interface BuildAgentOptions {
  /** Content hash of the recording that answers for the model; `null` when none does. */
  readonly recordingHash: string | null;
  /** Instead of the agent file's. */
  readonly timeoutMs: number | undefined;
  readonly seed: number | undefined;
  /** Folder of what is kept between processes, such as indexes: that of the run history. */
  readonly dataFolder: string;
  /** Where the agent's parts keep what they must remember. */
  readonly storage: PartStorage;
  /** What paths on the command line are relative to; for messages on the files of specialists. */
  readonly workingDirectory: string;
  /** Makes the model of an agent file, such as a specialist of the agent's team. */
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
  const { config } = loaded;
  const limits: TrialLimits = {
    maxSteps: config.limits.max_steps,
    timeoutMs: options.timeoutMs ?? config.limits.timeout_ms,
    budgetUsd: config.limits.budget_usd ?? null,
    toolResultMaxChars: config.limits.tool_result_max_chars,
  };
  const source = { file: loaded.file, folder: loaded.folder, env: options.env, clock: options.clock };
  const identity = await agentIdentity(config.identity, source);
  const environmentTools = loaded.environment?.tools.map((tool) => tool.spec.name) ?? [];
  const opened = await openAgentTools(
    config.tools,
    environmentTools,
    source,
    config.tool_policy !== undefined,
  );
  const team = await loadTeam(loaded, options.workingDirectory, place, async (specialist, within) =>
    buildAgent(specialist, await options.specialistModel(specialist), options, within),
  );
  const retrieval = await openRetrieval(loaded, options);
  const hashes = {
    recording: options.recordingHash,
    tools: opened.hash,
    documents: retrieval?.retriever.hash ?? null,
  };
  const version = agentVersionOf(loaded, hashes);
  const grounding = retrieval?.grounding ?? null;
  const parts = [
    ...(grounding === null ? [] : [groundingPart(grounding)]),
    ...(await agentParts(config, { ...source, storage: options.storage })),
  ];
  const teamTools = team?.tools ?? [];
  return {
    name: config.name,
    version: team === null ? version : contentHash([version, ...team.versions]),
    partHashes: partHashesOf(loaded, hashes, team?.partHashes ?? []),
    promptVersion: config.prompt.version,
    systemPrompt: loaded.promptText,
    model,
    parameters: parametersOf(config.model, options.seed),
    retrieval:
      retrieval === null
        ? null
        : {
            retriever: retrieval.retriever,
            topK: config.retrieval?.top_k ?? 5,
            documentIds: new Set(retrieval.documents.map((document) => document.id)),
          },
    toolNames: opened.names === null ? null : [...opened.names, ...teamTools.map((tool) => tool.spec.name)],
    limits,
    strategy: await strategyOf(config.strategy),
    parts: team === null ? parts : [...parts, team.part],
    tools: [...opened.tools, ...teamTools],
    toolPolicies: opened.policies,
    close: async () => {
      await Promise.all([opened.close(), team?.close(), retrieval?.close()]);
    },
    identity,
  };
}

async function openRetrieval(
  { config, file, folder }: LoadedAgent,
  { dataFolder, env, clock, storage }: BuildAgentOptions,
): Promise<LoadedRetrieval | null> {
  if (config.retrieval === undefined) return null;
  return loadRetrieval(config.retrieval, {
    folder,
    file,
    indexRoot: join(dataFolder, "index"),
    env,
    clock,
    random: Math.random,
    signal: new AbortController().signal,
    // The trials of a run must search one index.
    followsRebuilds: storage.kind === "folder",
  });
}
