import { CodeHostError } from "../../core/errors.js";
import type { CodeHost } from "./code-host.js";

const WAITS_MS = [1_000, 3_000, 9_000];
const LONGEST_WAIT_MS = 60_000;

export interface CommentOutcome {
  readonly action: "created" | "updated";
  readonly url: string | null;
}

/**
 * Writes the one comment that begins with a mark: the one that is there is updated, else one is made. After a failure
 * it is looked for again, as a comment may have been made although its reply was lost.
 *
 * @param wait - lets some milliseconds pass
 * @throws {CodeHostError} when the host refuses it, or four attempts failed
 */
export async function upsertComment(
  host: CodeHost,
  mark: string,
  body: string,
  wait: (ms: number) => Promise<void>,
): Promise<CommentOutcome> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const found = await host.find(mark);
      if (found === null) return { action: "created", url: (await host.create(body)).url };
      return { action: "updated", url: (await host.update(found.id, body)).url };
    } catch (error) {
      const pause = WAITS_MS[attempt];
      if (!(error instanceof CodeHostError) || !error.isRetryable || pause === undefined) throw error;
      await wait(Math.min(LONGEST_WAIT_MS, error.retryAfterMs ?? pause));
    }
  }
}
