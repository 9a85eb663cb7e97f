import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { ModuleAgentConfig } from "../../../config/agent/external/module-schema.js";
import { ConfigError } from "../../../core/errors.js";
import { sha256 } from "../../../core/hash.js";
import { importModule, loadFailure } from "../../import-module.js";
import { AgentErrors } from "../agent-errors.js";
import type { ExternalAgent } from "../external-agent.js";
import type { ExternalContext } from "../open-external.js";
import { openSessions } from "../open-sessions.js";
import type { AgentFunction } from "./agent-function.js";
import { ModuleSession } from "./module-session.js";

const NEXT_STEP = "docs/bring-your-own-agent.md shows a whole module";

/**
 * An agent that is a function in a file, which is loaded here and runs in this process. TypeScript is stripped of its
 * types, not checked.
 *
 * @throws {ConfigError} when the file is not there, cannot be loaded or does not export the function
 */
export async function openModule(
  config: ModuleAgentConfig,
  { file, folder, env, secrets: known }: ExternalContext,
): Promise<ExternalAgent> {
  const path = resolve(folder, config.module);
  const refuse = (message: string, cause?: unknown) =>
    new ConfigError([{ file, message: `module ${config.module}: ${message}` }], {
      nextStep: NEXT_STEP,
      ...(cause === undefined ? {} : { cause }),
    });
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    throw refuse("expected a file, relative to the agent file; found none");
  }
  const run = await functionOf(path, config.export, refuse);
  const given = config.env_allow.flatMap((name): [string, string][] => {
    const value = env[name];
    return value === undefined ? [] : [[name, value]];
  });
  const secrets = [...known, ...given.map(([, value]) => value)];
  const target = {
    run,
    env: Object.fromEntries(given),
    replyTimeoutMs: config.reply_timeout_ms,
    errors: new AgentErrors(`agent ${config.name} (${config.module})`, secrets),
  };
  return {
    hash: sha256(readFileSync(path)),
    secrets,
    namesModelCalls: false,
    ...openSessions((conversation) => new ModuleSession(target, conversation)),
  };
}

async function functionOf(
  path: string,
  name: string,
  refuse: (message: string, cause?: unknown) => ConfigError,
): Promise<AgentFunction> {
  let loaded: unknown;
  try {
    loaded = await importModule(path);
  } catch (error) {
    throw refuse(loadFailure(error), error);
  }
  const exported = new Map(
    typeof loaded === "object" && loaded !== null
      ? Object.entries(loaded as { [name: string]: unknown })
      : [],
  );
  const found = exported.get(name);
  if (typeof found === "function") return found as AgentFunction;
  const names = [...exported].flatMap(([one, value]) => (typeof value === "function" ? [`"${one}"`] : []));
  throw refuse(
    `expected a function as its export "${name}", found ${names.length === 0 ? "no function" : `only ${names.join(", ")}`}`,
  );
}
