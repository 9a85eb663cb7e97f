import { dirname, resolve } from "node:path";
import type { AgentConfig } from "../config/agent-schema.js";
import type { Clock } from "../core/clock.js";
import { ConfigError } from "../core/errors.js";
import { didYouMean, listNames } from "../core/nearest.js";
import type { Model } from "./model.js";
import type { ReplaySource } from "./replay-source.js";
import { resolveEndpoint } from "./resolve-endpoint.js";

/** `model` block of an agent file, or one of its fallbacks. */
export type ModelConfig = Omit<AgentConfig["model"], "fallbacks" | "output">;

/** What a provider may need beside the agent file. */
export interface ModelContext {
  /** Environment variables; keys are read from here alone. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Path of the agent file, named in problems. */
  readonly file: string;
  /** What paths in it are relative to; its own folder when left out. */
  readonly folder?: string;
  readonly clock: Clock;
  /** Recording for `replay`; without it `model.name` is the path of a cassette. */
  readonly replay?: ReplaySource;
}

/**
 * Makes the model of an agent file. Loads its SDK when called, not before, and makes no request.
 *
 * @throws {ConfigError} when the configuration cannot work, e.g. without a key
 */
type ProviderFactory = (config: ModelConfig, context: ModelContext) => Promise<Model>;

/** One row for each provider; its name is what `model.provider` says. */
export const providers = {
  adversarial: async (config, context) => {
    const { createAdversarialModel } = await import("./adversarial/adversarial-model.js");
    return createAdversarialModel(config.name, context.file);
  },
  embedded: async (config, context) => {
    const { createEmbeddedModel } = await import("./embedded/embedded-model.js");
    return createEmbeddedModel(config.name, context.file);
  },
  openai: async (config, context) => {
    const endpoint = await resolveEndpoint("openai", config, context);
    return (await import("./openai.js")).createOpenaiModel(endpoint);
  },
  anthropic: async (config, context) => {
    const endpoint = await resolveEndpoint("anthropic", config, context);
    return (await import("./anthropic.js")).createAnthropicModel(endpoint);
  },
  replay: async (config, context) => {
    const { createReplayModel } = await import("./replay.js");
    return createReplayModel(context.replay ?? (await cassetteSource(config, context)), config.name);
  },
  scripted: async (config, context) => {
    const [{ readScript }, { createScriptedModel }, { explicitPricer }] = await Promise.all([
      import("./scripted/read-script.js"),
      import("./scripted/scripted-model.js"),
      import("./price.js"),
    ]);
    const { script, file } = readScript(config.name, context.file, context.folder);
    return createScriptedModel({
      script,
      file,
      name: config.name,
      deadlines: { totalMs: config.timeout_ms, idleMs: config.idle_timeout_ms },
      priceOf: config.price === undefined ? null : explicitPricer(config.price),
    });
  },
} satisfies Record<string, ProviderFactory>;

/** Names that `model.provider` may have, in the order of the registry. */
export function providerNames(): readonly string[] {
  return Object.keys(providers);
}

/**
 * Makes the model that an agent file asks for, without retries, cache or recording around it.
 *
 * @throws {ConfigError} for an unknown provider, naming the nearest known one, or a configuration that cannot work
 */
export async function createModel(config: ModelConfig, context: ModelContext): Promise<Model> {
  if (!Object.hasOwn(providers, config.provider)) {
    const names = providerNames();
    const hint = `${didYouMean(config.provider, names)} (known: ${listNames(names)})`;
    const message = `unknown provider \`${config.provider}\`${hint}`;
    throw new ConfigError([{ file: context.file, message }]);
  }
  return providers[config.provider as keyof typeof providers](config, context);
}

async function cassetteSource(config: ModelConfig, context: ModelContext): Promise<ReplaySource> {
  const [{ readCassette }, { replaySource }] = await Promise.all([
    import("./cassette-file.js"),
    import("./replay-source.js"),
  ]);
  const path = resolve(context.folder ?? dirname(context.file), config.name);
  return replaySource(await readCassette(path), config.name);
}
