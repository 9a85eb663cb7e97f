import { switchedOff } from "../../config/switched-off.js";
import { UsageError } from "../../core/errors.js";
import type { LoadedAgent } from "./load-agent.js";

/**
 * An agent with parts of its runtime switched off, as `--without` asks.
 *
 * @throws {UsageError} naming the parts that it has, when one is asked for that it has not
 */
export function withoutParts(agent: LoadedAgent, parts: readonly string[]): LoadedAgent {
  if (parts.length === 0) return agent;
  const changed = switchedOff(agent.config, parts);
  if ("problem" in changed) {
    throw new UsageError(`--without: ${agent.file}: ${changed.problem}`, {
      nextStep: "name one of those; nothing else of an agent file can be switched off",
    });
  }
  return { ...agent, config: changed.config };
}
