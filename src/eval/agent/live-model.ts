import { dirname } from "node:path";
import type { AgentConfig } from "../../config/agent-schema.js";
import type { Clock } from "../../core/clock.js";
import type { ResponseCache } from "../../core/response-cache.js";
import { cachingModel } from "../../models/cache.js";
import type { CassetteSink } from "../../models/cassette-file.js";
import { EMBEDDED_PROVIDER } from "../../models/embedded/notice.js";
import type { Model } from "../../models/model.js";
import { pricerFor } from "../../models/price.js";
import { recordingModel } from "../../models/record.js";
import { redactingModel } from "../../models/redact.js";
import { createModel, type ModelConfig } from "../../models/registry.js";
import { EndpointGuards, type GuardSettings } from "../../models/resilience/endpoint-guards.js";
import { fallbackModel } from "../../models/resilience/fallback-model.js";
import { guardedModel } from "../../models/resilience/guarded-model.js";
import { hedgingModel } from "../../models/resilience/hedging-model.js";
import { systemTiming } from "../../models/resilience/timing.js";
import { baseUrlOf } from "../../models/resolve-endpoint.js";
import { retryingModel, sleepFor } from "../../models/retry.js";

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
  /** What paths of the configuration are relative to; the folder of its file when left out. */
  readonly folder?: string;
  /** Breakers and limits; those of the process when left out. */
  readonly guards?: EndpointGuards;
}

/** All conversations of a process share what stands before an endpoint. */
let processGuards: EndpointGuards | undefined;

/**
 * A model as an agent file names it, with what goes around it. From the inside out: the provider, secrets
 * blacked out, limits and breaker, the second call to a silent endpoint, retries, the fallback chain, the recording
 * of what was really answered, the cache.
 *
 * @param file - named in problems
 * @throws {ConfigError} when the configuration cannot work
 */
export async function liveModel(
  config: AgentConfig["model"],
  file: string,
  context: LiveModelContext,
): Promise<Model> {
  const { env, cache, openCassette, clock } = context;
  const first = await endpointModel(config, file, context);
  const others: Model[] = [];
  for (const fallback of config.fallbacks ?? []) others.push(await endpointModel(fallback, file, context));
  const chain = fallbackModel([first, ...others]);
  // Opened only now: what is wrong with the input must not leave a file behind.
  const cassette = (await openCassette?.()) ?? null;
  const recorded = cassette === null ? chain : recordingModel(chain, cassette, clock);
  const baseUrl = baseUrlOf(config, env);
  // What answers here, at once and for nothing, need not be kept.
  if (cache === null || baseUrl === null) return recorded;
  const priceOf = await pricerFor(config, baseUrl, clock.now);
  return cachingModel(recorded, cache, { baseUrl, priceOf });
}

/** One model of the chain, with its own limits and retries. */
async function endpointModel(
  config: ModelConfig,
  file: string,
  { env, clock, guards, folder = dirname(file) }: LiveModelContext,
): Promise<Model> {
  const provider = redactingModel(await createModel(config, { env, file, clock, folder }), secretsOf(env));
  if (config.provider === EMBEDDED_PROVIDER) return provider;
  processGuards ??= new EndpointGuards(systemTiming(clock.monotonic));
  const endpoints = guards ?? processGuards;
  const { timing } = endpoints;
  const settings = guardSettingsOf(config);
  const guarded =
    settings === null
      ? provider
      : guardedModel(provider, {
          guard: endpoints.guardOf(endpointName(config, folder, env), config.name, settings),
          maxWaitMs: config.timeout_ms,
          timing,
        });
  const hedged =
    config.hedge === undefined ? guarded : hedgingModel(guarded, { afterMs: config.hedge.after_ms, timing });
  return retryingModel(hedged, {
    maxRetries: config.max_retries,
    random: Math.random,
    sleep: sleepFor,
    ...(config.retry === undefined
      ? {}
      : {
          baseDelayMs: config.retry.base_delay_ms,
          maxDelayMs: config.retry.max_delay_ms,
          maxRetryAfterMs: config.retry.max_retry_after_ms,
        }),
  });
}

/** A script of the same name in another folder is another endpoint. */
function endpointName(config: ModelConfig, folder: string, env: LiveModelContext["env"]): string {
  return baseUrlOf(config, env) ?? `${config.provider} ${folder}`;
}

/** What an endpoint is to be guarded by, or `null` for one that may be asked at any time. */
function guardSettingsOf({ breaker, limits }: ModelConfig): GuardSettings | null {
  if (breaker === undefined && limits === undefined) return null;
  const { requests_per_minute: requests, tokens_per_minute: tokens, max_concurrent: most } = limits ?? {};
  return {
    breaker:
      breaker === undefined
        ? null
        : {
            failureRate: breaker.failure_rate,
            minCalls: breaker.min_calls,
            windowMs: breaker.window_ms,
            openMs: breaker.open_ms,
          },
    rate:
      requests === undefined && tokens === undefined
        ? null
        : { requestsPerMinute: requests ?? null, tokensPerMinute: tokens ?? null },
    maxConcurrent: most ?? null,
  };
}
