import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { systemClock } from "../../core/clock.js";
import { AgentctlError } from "../../core/errors.js";
import type { Arm } from "../../core/traffic-split.js";
import { openEndpoint } from "../endpoints/http/endpoint-client.js";
import { syntheticPrompts } from "../endpoints/http/prompts.js";
import { warmEndpoint } from "../endpoints/warm.js";
import type { TrafficRouter } from "../routers/router.js";
import { landedArm } from "./landed-arm.js";
import type { ProbeResult, Prober } from "./ports.js";
import { probeIds } from "./probe-ids.js";

const TIMEOUT_MS = 5000;

const WARM_TIMEOUT_MS = 60_000;
const WARM_PROMPT_TOKENS = 64;
const WARM_OUTPUT_TOKENS = 8;

interface ProbedServer {
  readonly url: string;
  readonly model?: string | undefined;
  readonly apiKey: string | null;
}

/** What probes need beside release.yaml. */
export interface ProbeParts {
  readonly router: Pick<TrafficRouter, "isSticky" | "armFor">;
  /** Value behind `env:NAME` or `file:PATH`. */
  readSecret(reference: string): string;
}

/**
 * Probes of a service: the servers of both arms directly, by their list of models or the shortest chat, and the split by
 * ids whose arm is known beforehand.
 *
 * @throws {ConfigError} when a key is missing
 */
export function openProber(
  config: Pick<ReleaseConfig, "stable" | "canary" | "traffic" | "traffic_api_key" | "key_header" | "warm_up">,
  { router, readSecret }: ProbeParts,
): Prober {
  const secretOf = (reference: string | undefined) =>
    reference === undefined ? null : readSecret(reference);
  const keys = { stable: secretOf(config.stable.api_key), canary: secretOf(config.canary.api_key) };
  // A proxy that asks for no key of its own passes on what the arms want.
  const trafficKey = secretOf(config.traffic_api_key) ?? keys.stable;
  return {
    arm: (arm, signal) => probeArm({ ...config[arm], apiKey: keys[arm] }, signal),
    ...(config.warm_up === undefined
      ? {}
      : { warm: warmUp({ ...config.canary, apiKey: keys.canary }, config.warm_up) }),
    landing: async (split, signal) => {
      const ids = probeIds(split, router);
      const ask = { url: config.traffic, header: config.key_header, apiKey: trafficKey };
      const landed = await Promise.all(ids.map(({ id }) => landedArm(ask, id, signal)));
      const silent = landed.find((result) => "reason" in result);
      if (silent !== undefined && "reason" in silent)
        return silent.isNoSaying && !router.isSticky ? { ok: true } : { ok: false, reason: silent.reason };
      if (ids.every(({ arm }) => arm === null)) return { ok: true };
      const wrong = ids.filter(({ arm }, index) => {
        const result = landed[index];
        return arm !== null && result !== undefined && "arm" in result && result.arm !== arm;
      });
      return wrong.length === 0 ? { ok: true } : { ok: false, reason: landingReason(wrong, ids, split.bps) };
    },
  };
}

/** Times that never get steady are told, and hold nothing up: latency is judged against stable anyway. */
function warmUp(
  { url, model, apiKey }: ProbedServer,
  limits: NonNullable<ReleaseConfig["warm_up"]>,
): NonNullable<Prober["warm"]> {
  return async (signal = new AbortController().signal) => {
    try {
      const { state, requests, reason } = await warmEndpoint(
        { url, apiKey },
        {
          ...limits,
          model,
          prompts: syntheticPrompts(WARM_PROMPT_TOKENS, 0),
          outputTokens: WARM_OUTPUT_TOKENS,
          timeoutMs: WARM_TIMEOUT_MS,
          clock: systemClock,
          signal,
        },
      );
      const told = `${requests} requests to warm up: ${reason}`;
      return state === "failed" ? { ok: false, reason, told } : { ok: true, told };
    } catch (error) {
      if (!(error instanceof AgentctlError)) throw error;
      return { ok: false, reason: error.message, told: error.message };
    }
  };
}

interface MeantFor {
  readonly arm: Arm | null;
}

function landingReason(wrong: readonly MeantFor[], all: readonly MeantFor[], bps: number): string {
  const meant = all.filter(({ arm }) => arm === "canary").length;
  if (wrong.length === meant && wrong.every(({ arm }) => arm === "canary"))
    return `stable answered all ${meant} probes that belong to the canary at ${bps / 100} %: it is down, or has a smaller share`;
  const [first] = wrong;
  const found = first?.arm === "canary" ? "stable" : "canary";
  return `${wrong.length} of ${all.length} probes at ${bps / 100} % landed in the wrong arm, e.g. ${found} instead of ${first?.arm}`;
}

async function probeArm(
  { url, model, apiKey }: ProbedServer,
  signal: AbortSignal | undefined,
): Promise<ProbeResult> {
  const client = openEndpoint({ url, apiKey });
  const options = { timeoutMs: TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) };
  try {
    const models = await client.ask("/v1/models", options);
    if (models.problem !== null) return { ok: false, reason: `GET /v1/models: ${models.problem}` };
    if (models.status < 300) return hasModel(models.json, model);
    if (model === undefined || (models.status !== 404 && models.status !== 405))
      return { ok: false, reason: `GET /v1/models: HTTP ${models.status}` };
    const body = { model, max_tokens: 1, messages: [{ role: "user", content: "ping" }] };
    const chat = await client.ask("/v1/chat/completions", { ...options, body });
    if (chat.problem !== null) return { ok: false, reason: `POST /v1/chat/completions: ${chat.problem}` };
    if (chat.status < 300) return { ok: true };
    return { ok: false, reason: `POST /v1/chat/completions: HTTP ${chat.status}` };
  } finally {
    await client.close();
  }
}

/** A server that lists its models must list the one that is asked for; one that lists none is believed. */
function hasModel(list: unknown, model: string | undefined): ProbeResult {
  const data = (list as { readonly data?: unknown } | null | undefined)?.data;
  if (model === undefined || !Array.isArray(data) || data.length === 0) return { ok: true };
  const ids = data.map((entry: unknown) => (entry as { readonly id?: unknown } | null)?.id);
  return ids.includes(model)
    ? { ok: true }
    : { ok: false, reason: `it serves ${ids.slice(0, 3).join(", ")}, expected the model ${model}` };
}
