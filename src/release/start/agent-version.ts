import { resolve } from "node:path";
import { systemClock } from "../../core/clock.js";
import { buildAnyAgent } from "../../eval/agent/build-any-agent.js";
import { loadAnyAgent } from "../../eval/agent/load-agent.js";
import type { Model } from "../../models/model.js";

/** Stands for the model: a version is what the files say, and nothing is asked. */
const UNASKED: Model = {
  provider: "none",
  name: "none",
  complete: () => Promise.reject(new Error("the model of an agent is not asked for its version")),
};

/**
 * The version of an agent as its files are now.
 *
 * @param file - agent file, relative to `folder`
 * @throws {ConfigError} when it cannot be used
 */
export async function agentVersion(
  file: string,
  places: {
    readonly folder: string;
    readonly workingDirectory: string;
    readonly env: { readonly [name: string]: string | undefined };
    readonly dataFolder: string;
  },
): Promise<string> {
  const { folder, workingDirectory, env, dataFolder } = places;
  const agent = await buildAnyAgent(loadAnyAgent(resolve(folder, file), workingDirectory), {
    recordingHash: null,
    timeoutMs: undefined,
    seed: undefined,
    dataFolder,
    storage: { kind: "memory" },
    workingDirectory,
    specialistModel: async () => UNASKED,
    env,
    clock: systemClock,
  });
  await agent.close?.();
  return agent.version;
}
