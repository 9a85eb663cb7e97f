import type { Deadlines } from "./deadlines.js";
import type { Pricer } from "./price.js";

/** Everything that a network provider needs to know; the registry derives it from the agent file. */
export interface Endpoint {
  /** Model name, as the provider knows it. */
  readonly model: string;
  readonly baseUrl: string;
  /** `null` for an own server without a key. */
  readonly apiKey: string | null;
  /** Environment variable that holds the key; named in error messages. */
  readonly keyEnv: string;
  /** Whether to stream replies. */
  readonly stream: boolean;
  readonly deadlines: Deadlines;
  readonly priceOf: Pricer;
  /** Current time, milliseconds since the epoch. */
  readonly now: () => number;
}

/** Sent as the key to an own server without one: the SDKs insist on a text. */
export const NO_KEY = "no-key";

/**
 * The SDKs' own time limit, for the wait for the first bytes. A little longer than ours, so that a call that is
 * late ends with our error.
 */
export function sdkTimeoutMs(deadlines: Deadlines): number {
  return deadlines.totalMs + 1_000;
}
