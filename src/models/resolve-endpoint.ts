import { ConfigError } from "../core/errors.js";
import type { Endpoint } from "./endpoint.js";
import { pricerFor } from "./price.js";
import type { ModelConfig, ModelContext } from "./registry.js";

const DEFAULTS = {
  openai: {
    baseUrl: "https://api.openai.com/v1",
    keyEnv: "OPENAI_API_KEY",
    baseUrlEnv: "OPENAI_BASE_URL",
  },
  anthropic: {
    baseUrl: "https://api.anthropic.com",
    keyEnv: "ANTHROPIC_API_KEY",
    baseUrlEnv: "ANTHROPIC_BASE_URL",
  },
} as const;

type NetworkProvider = keyof typeof DEFAULTS;

/**
 * Where the calls of an agent file's model go, for a provider that is called over the network; `null` for the
 * others. Part of a cache key: the same model name at another endpoint is another model.
 */
export function baseUrlOf(config: ModelConfig, env: ModelContext["env"]): string | null {
  if (!Object.hasOwn(DEFAULTS, config.provider)) return null;
  return baseUrlFor(config.provider as NetworkProvider, config, env);
}

function baseUrlFor(provider: NetworkProvider, config: ModelConfig, env: ModelContext["env"]): string {
  const { baseUrl, baseUrlEnv } = DEFAULTS[provider];
  return (config.base_url ?? env[baseUrlEnv]) || baseUrl;
}

/** The variable that holds the key of a model, and whether its endpoint can be asked without. */
export interface ModelKey {
  readonly variable: string;
  readonly isNeeded: boolean;
}

/** The key of a model that is called over the network; `null` for the others, and for an address that is none. */
export function keyOf(config: ModelConfig, env: ModelContext["env"]): ModelKey | null {
  const baseUrl = baseUrlOf(config, env);
  if (baseUrl === null || !URL.canParse(baseUrl)) return null;
  const defaults = DEFAULTS[config.provider as NetworkProvider];
  const isOwnServer = new URL(baseUrl).host !== new URL(defaults.baseUrl).host;
  return {
    variable: config.api_key_env ?? defaults.keyEnv,
    isNeeded: !isLoopback(baseUrl) && (!isOwnServer || config.api_key_env !== undefined),
  };
}

/**
 * The endpoint that an agent file and the environment describe. The base URL is the agent file's, else that of
 * `OPENAI_BASE_URL` or `ANTHROPIC_BASE_URL`, else the provider's own. An own server needs no key unless the
 * agent file names a variable for it; a server on loopback never needs one.
 *
 * @throws {ConfigError} when a key is needed and its environment variable is empty, or the base URL is no
 * http(s) URL or carries a password
 */
export async function resolveEndpoint(
  provider: NetworkProvider,
  config: ModelConfig,
  context: ModelContext,
): Promise<Endpoint> {
  const defaults = DEFAULTS[provider];
  const baseUrl = baseUrlFor(provider, config, context.env);
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    const message = `expected "model.base_url" (or ${defaults.baseUrlEnv}) to be an http or https URL`;
    throw new ConfigError([{ file: context.file, message }]);
  }
  if (hasCredentials(baseUrl)) {
    const message = 'expected "model.base_url" without a user name and password, found some';
    throw new ConfigError([{ file: context.file, message }], {
      nextStep: "Put the key into an environment variable and name it in model.api_key_env.",
    });
  }
  const key = keyOf(config, context.env);
  const keyEnv = key?.variable ?? defaults.keyEnv;
  const apiKey = context.env[keyEnv]?.trim() || null;
  if (apiKey === null && key?.isNeeded === true) throw missingKey(provider, keyEnv, context.file);
  return {
    model: config.name,
    baseUrl,
    apiKey,
    keyEnv,
    stream: config.stream,
    deadlines: { totalMs: config.timeout_ms, idleMs: config.idle_timeout_ms },
    priceOf: await pricerFor(config, baseUrl, context.clock.now),
    now: context.clock.now,
  };
}

function missingKey(provider: string, keyEnv: string, file: string): ConfigError {
  const message = `expected the key of provider "${provider}" in the environment variable ${keyEnv}, found none`;
  return new ConfigError([{ file, message }], {
    nextStep:
      `Set ${keyEnv} in the environment or in .env, set model.base_url to a server of your own, ` +
      "or use the provider embedded, which needs no key.",
  });
}

function hasCredentials(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== "" || password !== "";
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}
