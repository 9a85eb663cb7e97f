import { Agent, request } from "undici";
import type { Arm } from "../../core/traffic-split.js";

/** Header by which a router says which arm answered. */
const ARM_HEADER = "x-agentctl-arm";
const TIMEOUT_MS = 5000;

/** How probes reach the router. */
export interface LandingAsk {
  readonly url: string;
  /** Header with the id. */
  readonly header: string;
  readonly apiKey: string | null;
}

/** Where an id landed. `isNoSaying`: there was an answer, but it does not say. */
export type Landed = { readonly arm: Arm } | { readonly reason: string; readonly isNoSaying: boolean };

/** Sends one id through the router, on a connection of its own: a kept one may belong to the split before. */
export async function landedArm(
  { url, header, apiKey }: LandingAsk,
  id: string,
  signal: AbortSignal | undefined,
): Promise<Landed> {
  const dispatcher = new Agent({
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    connectTimeout: TIMEOUT_MS,
  });
  try {
    const { headers, statusCode, body } = await request(`${url}/v1/models`, {
      dispatcher,
      reset: true,
      headers: { [header]: id, ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }) },
      ...(signal === undefined ? {} : { signal }),
    });
    await body.dump();
    const arm = headers[ARM_HEADER];
    if (arm === "stable" || arm === "canary") return { arm };
    const found = arm === undefined ? "is missing" : "has another value";
    return {
      isNoSaying: true,
      reason:
        `the answer of ${new URL(url).host} (HTTP ${statusCode}) does not say which arm gave it: ` +
        `the header ${ARM_HEADER} ${found}; landing cannot be verified`,
    };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return {
      isNoSaying: false,
      reason: `a probe through ${new URL(url).host} got no answer: ${code ?? message}`,
    };
  } finally {
    await dispatcher.destroy();
  }
}
