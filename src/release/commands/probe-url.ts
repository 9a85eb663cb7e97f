import type { ProbeResult } from "../controller/ports.js";

const TIMEOUT_MS = 5000;

/**
 * Whether a server answers at all: any status below 500 to `GET /v1/models` within 5 seconds. A server that wants a key,
 * or that has no such page, is up; what it can do is for `endpoint check`.
 */
export async function probeUrl(url: string, signal?: AbortSignal): Promise<ProbeResult> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const signals = signal === undefined ? limit : AbortSignal.any([limit, signal]);
  try {
    const response = await fetch(`${url}/v1/models`, { signal: signals, redirect: "manual" });
    await response.body?.cancel();
    return response.status < 500 ? { ok: true } : { ok: false, reason: `${url} answers ${response.status}` };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { ok: false, reason: `${url}: ${cause instanceof Error ? cause.message : String(cause)}` };
  }
}
