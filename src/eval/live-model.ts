import type { AgentConfig } from "../config/agent-schema.js";
import type { Clock } from "../core/clock.js";
import type { ResponseCache } from "../core/response-cache.js";
import { cachingModel } from "../models/cache.js";
import type { CassetteSink } from "../models/cassette-file.js";
import type { Model } from "../models/model.js";
import { pricerFor } from "../models/price.js";
import { recordingModel } from "../models/record.js";
import { redactingModel } from "../models/redact.js";
import { createModel } from "../models/registry.js";
import { baseUrlOf } from "../models/resolve-endpoint.js";
import { retryingModel, sleepFor } from "../models/retry.js";
import { SCRIPTED_PROVIDER } from "../models/scripted/notice.js";

/** Values of environment variables that hold credentials, by their names. */
export function secretsOf(env: LiveModelContext["env"]): readonly string[] {
  const named = Object.entries(env).filter(([name]) => /KEY|TOKEN|SECRET|PASSWORD/i.test(name));
  return named.flatMap(([, value]) => (value === undefined ? [] : [value]));
}

export interface LiveModelContext {
  readonly env: { readonly [name: string]: string | undefined };
  /** `null` turns the cache off. */
  readonly cache: ResponseCache | null;
  /** Opens the cassette that calls are recorded in (`--record`), the same one each time; `null`: none. */
  readonly openCassette: (() => Promise<CassetteSink>) | null;
  readonly clock: Clock;
}

/**
 * A model as an agent file names it, with what goes around it. From the inside out: the provider, secrets
 * blacked out, retries, the recording of what was really answered, the cache.
 *
 * @param file - named in problems; a cassette that the configuration names is relative to its folder
 * @throws {ConfigError} when the configuration cannot work
 */
export async function liveModel(
  config: AgentConfig["model"],
  file: string,
  { env, cache, openCassette, clock }: LiveModelContext,
): Promise<Model> {
  const provider = redactingModel(await createModel(config, { env, file, clock }), secretsOf(env));
  // Opened only now: what is wrong with the input must not leave a file behind.
  const cassette = (await openCassette?.()) ?? null;
  const record = (model: Model) => (cassette === null ? model : recordingModel(model, cassette, clock));
  if (config.provider === "embedded") return record(provider);
  const retrying = retryingModel(provider, {
    maxRetries: config.max_retries,
    random: Math.random,
    sleep: sleepFor,
  });
  const recorded = record(retrying);
  if (cache === null || config.provider === SCRIPTED_PROVIDER) return recorded;
  const baseUrl = baseUrlOf(config, env);
  const priceOf = baseUrl === null ? null : await pricerFor(config, baseUrl, clock.now);
  return cachingModel(recorded, cache, { baseUrl, priceOf });
}
