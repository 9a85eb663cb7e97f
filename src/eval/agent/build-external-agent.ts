import type { ExternalAgentConfig } from "../../config/agent/external/external-schema.js";
import { contentHash } from "../../core/hash.js";
import type { Agent } from "../../runtime/agent.js";
import { externalParts } from "../../runtime/external/external-parts.js";
import { openExternal } from "../../runtime/external/open-external.js";
import { agentIdentity } from "../../runtime/identity/agent-identity.js";
import { openAgentTools } from "../../runtime/tools/agent-tools.js";
import { agentParts } from "./agent-parts.js";
import type { BuildAgentOptions } from "./build-agent.js";
import { secretsOf } from "./live-model.js";
import type { LoadedExternalAgent } from "./load-agent.js";

/**
 * Puts an agent that is not built in together: the same conversation, limits, guardrails and tool checks stand around
 * it as around any other.
 *
 * @throws {ConfigError} when the agent, its tools, identity or parts cannot work as the file says
 */
export async function buildExternalAgent(
  loaded: LoadedExternalAgent,
  options: Pick<BuildAgentOptions, "timeoutMs" | "storage" | "env" | "clock">,
): Promise<Agent> {
  const { config, file, folder } = loaded;
  const source = { file, folder, env: options.env, clock: options.clock };
  const identity = await agentIdentity(config.identity, source);
  const offer = toolsOf(config);
  const environmentTools = loaded.environment?.tools.map((tool) => tool.spec.name) ?? [];
  const parts = await agentParts(
    { guardrails: config.guardrails, ...offer },
    { ...source, storage: options.storage },
  );
  const opened = await openAgentTools(offer.tools, environmentTools, source);
  const external = externalParts(await openExternal(config, { ...source, secrets: secretsOf(options.env) }), {
    kind: config.kind,
    name: config.name,
    readOnlyTools: config.read_only_tools,
    toolResultMaxChars: config.limits.tool_result_max_chars,
  });
  const { limits } = config;
  return {
    name: config.name,
    version: contentHash({
      ...behaviourOf(config),
      environment: loaded.environment?.hash ?? null,
      files: external.hash,
      toolSources: opened.hash,
    }),
    // Prompt, model and documents are its own affair, and so are tools that nobody offers it.
    partHashes: { guardrails: contentHash({ guardrails: config.guardrails }) },
    promptVersion: config.version,
    systemPrompt: config.kind === "http" ? (config.system ?? "") : "",
    model: external.model,
    parameters: {},
    retrieval: null,
    toolNames: offer.environment === undefined && offer.tools === undefined ? [] : opened.names,
    limits: {
      maxSteps: limits.max_steps,
      timeoutMs: options.timeoutMs ?? limits.timeout_ms,
      budgetUsd: limits.budget_usd ?? null,
      toolResultMaxChars: limits.tool_result_max_chars,
    },
    strategy: external.strategy,
    parts: [...parts, external.part],
    tools: opened.tools,
    toolPolicies: opened.policies,
    endConversation: external.endConversation,
    close: async () => {
      await Promise.all([external.close(), opened.close()]);
    },
    identity,
  };
}

type OfferedTools = Pick<
  Exclude<ExternalAgentConfig, { kind: "otlp" }>,
  "environment" | "tools" | "tool_policy" | "loop_guard" | "ledger"
>;

/** What the agent may ask agentctl to run, and the checks of it. */
function toolsOf(config: ExternalAgentConfig): OfferedTools {
  return config.kind === "otlp" ? {} : config;
}

/** The configuration without what says where the agent is and how long to wait for it: that is no other version. */
function behaviourOf(config: ExternalAgentConfig): object {
  if (config.kind !== "http") return config;
  const { url, headers, timeouts, retry, max_response_bytes, ...behaviour } = config;
  return behaviour;
}
