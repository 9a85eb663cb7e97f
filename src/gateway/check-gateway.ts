import { dirname, resolve } from "node:path";
import { Agent, request } from "undici";
import type { GatewayConfig } from "../config/gateway/gateway-schema.js";
import type { Clock } from "../core/clock.js";
import { ConfigError } from "../core/errors.js";
import type { Arm } from "../core/traffic-split.js";
import { listKeys } from "./access/edit-keys-file.js";
import type { LoadedGateway } from "./load-gateway.js";

/** How an arm answered its health check. */
interface ArmCheck {
  readonly arm: Arm;
  readonly url: string;
  readonly ok: boolean;
  /** HTTP status; `null`: there was no answer. */
  readonly status: number | null;
  readonly latencyMs: number;
  /** What is wrong; `null`: nothing. */
  readonly reason: string | null;
}

/** What `gateway check` found. */
export interface GatewayCheck {
  /** As it was given. */
  readonly file: string;
  readonly service: string;
  /** Keys that are let in; `null`: nobody is asked for one. */
  readonly keys: number | null;
  readonly arms: readonly ArmCheck[];
  /** Whether every arm answers. */
  readonly isReady: boolean;
}

/**
 * Reads the keys file and asks every arm for what the health check of the gateway asks.
 *
 * @param file - gateway.yaml as it was given
 * @throws {ConfigError} when there are to be keys and there are none
 */
export async function checkGateway(file: string, loaded: LoadedGateway, clock: Clock): Promise<GatewayCheck> {
  const { config, secrets } = loaded;
  const keys = keysOf(loaded);
  const { stable, canary } = config.arms;
  const { armKeys } = secrets;
  const arms = await Promise.all([
    checkArm("stable", stable.url, armKeys.stable, config, clock),
    ...(canary === undefined ? [] : [checkArm("canary", canary.url, armKeys.canary, config, clock)]),
  ]);
  return { file, service: config.service, keys, arms, isReady: arms.every(({ ok }) => ok) };
}

function keysOf({ config, file }: LoadedGateway): number | null {
  if (config.keys === undefined) return null;
  const keys = listKeys(resolve(dirname(file), config.keys));
  if (keys.length > 0) return keys.length;
  throw new ConfigError(
    [{ file: config.keys, message: "expected keys, found none: nobody would be let in" }],
    {
      nextStep: "make one with `agentctl gateway key add NAME --tenant TENANT`",
    },
  );
}

async function checkArm(
  arm: Arm,
  url: string,
  key: string | null,
  { health }: Pick<GatewayConfig, "health">,
  clock: Clock,
): Promise<ArmCheck> {
  const start = clock.monotonic();
  const outcome = await ask(`${url}${health.path}`, key, health.timeout).catch((error: unknown) => ({
    status: null,
    reason: `no answer: ${wordFor(error)}`,
  }));
  const latencyMs = Math.round(clock.monotonic() - start);
  return { arm, url, ok: outcome.reason === null, latencyMs, ...outcome };
}

async function ask(
  url: string,
  key: string | null,
  timeoutMs: number,
): Promise<{ readonly status: number; readonly reason: string | null }> {
  const agent = new Agent({ connect: { timeout: timeoutMs } });
  try {
    const { statusCode, body } = await request(url, {
      headers: key === null ? {} : { authorization: `Bearer ${key}` },
      dispatcher: agent,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await body.dump();
    return { status: statusCode, reason: reasonFor(statusCode) };
  } finally {
    await agent.destroy();
  }
}

/** Stricter than the health check of the gateway: a key that the arm refuses is found before any client does. */
function reasonFor(status: number): string | null {
  if (status === 401 || status === 403) return `it refuses the key (${status}); set \`api_key\` of this arm`;
  return status >= 500 ? `it answers ${status}` : null;
}

function wordFor(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === "string" ? code : error.name;
}
