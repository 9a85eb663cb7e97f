import type { ExecAgentConfig } from "../../../config/agent/external/exec-schema.js";
import { ConfigError } from "../../../core/errors.js";
import type { ExternalAgent } from "../external-agent.js";
import type { ExternalContext } from "../open-external.js";

/** @throws {ConfigError} always: this kind is being built */
export async function openExec(config: ExecAgentConfig, { file }: ExternalContext): Promise<ExternalAgent> {
  throw new ConfigError([{ file, message: `kind ${config.kind} cannot be used yet` }]);
}
