import type { ExternalAgentConfig } from "../../config/agent/external/external-schema.js";
import type { AgentConfig } from "../../config/agent-schema.js";

/** Whether agentctl does not run the agent itself, and so sees only what it tells. */
export function isExternalAgent(config: AgentConfig | ExternalAgentConfig): config is ExternalAgentConfig {
  return config.kind !== undefined && config.kind !== "builtin";
}
