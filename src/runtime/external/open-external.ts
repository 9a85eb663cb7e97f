import type { ExternalAgentConfig } from "../../config/agent/external/external-schema.js";
import type { Clock } from "../../core/clock.js";
import type { ExternalAgent } from "./external-agent.js";

export interface ExternalContext {
  /** The agent file: named in problems; paths in it are relative to its folder. */
  readonly file: string;
  /** Absolute. */
  readonly folder: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
  /** Values of variables that look like credentials: no reply, error or event may show them. */
  readonly secrets: readonly string[];
}

/**
 * Opens an agent that is not built in; only the code of its kind is loaded.
 *
 * @throws {ConfigError} when the agent file cannot work, such as a variable that is not set or a file that is not there
 */
export async function openExternal(
  config: ExternalAgentConfig,
  context: ExternalContext,
): Promise<ExternalAgent> {
  switch (config.kind) {
    case "http":
      return (await import("./http/open-http.js")).openHttp(config, context);
    case "exec":
      return (await import("./exec/open-exec.js")).openExec(config, context);
    case "module":
      return (await import("./module/open-module.js")).openModule(config, context);
    case "otlp":
      return (await import("./otlp/open-otlp.js")).openOtlp(config, context);
  }
}
