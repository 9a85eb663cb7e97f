import type { Agent } from "../../runtime/agent.js";
import { type BuildAgentOptions, buildAgent } from "./build-agent.js";
import { isExternal, type LoadedAgent, type LoadedExternalAgent } from "./load-agent.js";

/**
 * Puts an agent of any kind together.
 *
 * @throws {ConfigError} when it cannot work as its file says
 */
export async function buildAnyAgent(
  loaded: LoadedAgent | LoadedExternalAgent,
  options: BuildAgentOptions,
): Promise<Agent> {
  if (!isExternal(loaded)) return buildAgent(loaded, await options.specialistModel(loaded), options);
  const { buildExternalAgent } = await import("./build-external-agent.js");
  return buildExternalAgent(loaded, options);
}
