import type { ArmCounts } from "../routers/router.js";

/** Logs are shipped late, but not by minutes. */
const SILENT_MS = 120_000;
/** Of a handful of requests the lines may be on their way. */
const LEAST_REQUESTS = 100;

/**
 * Tells when a router goes on serving and its log does not grow: its file was deleted, the disk is full. Figures that stand
 * still would otherwise pass as if all was well.
 */
export class SilentLog {
  #told = Number.NaN;
  #since = 0;
  #counted = 0;

  /**
   * @param told - lines about requests that were read so far
   * @param arms - as the router counts; none: it does not, and nothing is known
   * @param now - milliseconds since the Unix epoch
   * @returns one sentence, or `null`
   */
  problem(told: number, arms: readonly ArmCounts[], now: number): string | null {
    if (arms.length === 0) return null;
    const counted = arms.reduce((sum, { requests }) => sum + requests, 0);
    // A router that was restarted counts from 0.
    if (told !== this.#told || counted < this.#counted) {
      this.#told = told;
      this.#since = now;
      this.#counted = counted;
    }
    const served = counted - this.#counted;
    if (now - this.#since < SILENT_MS || served < LEAST_REQUESTS) return null;
    const since = new Date(this.#since).toISOString().slice(11, 19);
    return `the router served ${served} requests since ${since} UTC, and no event tells of one: see that it still writes its log there`;
  }
}
