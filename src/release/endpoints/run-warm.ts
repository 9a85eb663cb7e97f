import type { Clock } from "../../core/clock.js";
import { UsageError } from "../../core/errors.js";
import { EXIT, type ExitCode } from "../../core/exit-codes.js";
import type { EndpointWarmReport } from "../../report/schemas/endpoint-warm.js";
import { timeOf } from "./bench/bench-settings.js";
import { endpointAddress } from "./http/endpoint-address.js";
import { readPrompts } from "./http/prompts.js";
import { warmEndpoint } from "./warm.js";

/** Flags of `endpoint warm`. */
export interface WarmFlags {
  readonly model?: string;
  readonly apiKeyEnv?: string;
  readonly requests: number;
  readonly concurrency: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly dataset?: string;
  readonly seed: number;
  readonly timeout: string;
}

interface WarmWorld {
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  readonly resolvePath: (file: string) => string;
}

const EXIT_CODES: { readonly [State in EndpointWarmReport["state"]]: ExitCode } = {
  stable: EXIT.ok,
  unstable: EXIT.gateFailed,
  failed: EXIT.infrastructure,
  interrupted: EXIT.interrupted,
};

/**
 * Warms an endpoint as the flags say.
 *
 * @throws {UsageError} for requests that are not two batches, which alone can be compared
 */
export async function warmBy(
  url: string,
  flags: WarmFlags,
  { env, clock, signal, note, resolvePath }: WarmWorld,
): Promise<{ readonly report: EndpointWarmReport; readonly exitCode: ExitCode }> {
  const least = 2 * flags.concurrency;
  if (flags.requests < least) {
    throw new UsageError(
      `expected --requests to be at least ${least}, two batches of ${flags.concurrency}, found ${flags.requests}`,
      { nextStep: "Raise --requests, or lower --concurrency." },
    );
  }
  const address = endpointAddress(url, { variable: flags.apiKeyEnv, env });
  const report = await warmEndpoint(address, {
    model: flags.model,
    prompts: await readPrompts(flags, resolvePath),
    requests: flags.requests,
    concurrency: flags.concurrency,
    outputTokens: flags.outputTokens,
    timeoutMs: timeOf(flags.timeout, "--timeout"),
    clock,
    signal,
    onBatch: (medianMs) => note(`median time to first token ${medianMs.toFixed(1)} ms`),
  });
  return { report, exitCode: EXIT_CODES[report.state] };
}

/** One line. */
export function renderWarm({ url, state, requests, failed, reason }: EndpointWarmReport): string {
  return `${url}: ${state} after ${requests} requests${failed === 0 ? "" : `, ${failed} failed`}; ${reason}`;
}
