import { request } from "undici";
import { z } from "zod";
import { routerFailed } from "../split-target.js";

const TIMEOUT_MS = 5_000;
const RELOAD_TIMEOUT_MS = 15_000;
const POLL_MS = 25;
/** New workers run beside the old ones, which take connections for another 0.1 s: so many answers in a row are waited for. */
const ANSWERS_IN_A_ROW = 10;

/** What a running nginx says of its split. */
const runningSplit = z.object({ bps: z.int(), salt: z.string(), revision: z.string() });
export type RunningSplit = z.output<typeof runningSplit>;

/** Asks the location `/agentctl-split` on a connection of its own: a kept one stays with a worker that is leaving. */
export async function askNginx(status: string, signal?: AbortSignal): Promise<RunningSplit> {
  try {
    const { statusCode, body } = await request(status, {
      reset: true,
      headers: { connection: "close" },
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal === undefined ? [] : [signal])]),
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`status ${statusCode}`);
    return runningSplit.parse(JSON.parse(text));
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw routerFailed(
      "nginx",
      `${status} does not tell the split: ${(error as Error).message}`,
      "see that nginx runs, with the location of `agentctl canary render nginx`",
      error,
    );
  }
}

/** @throws {RouterError} when the workers do not run a revision 15 s after the reload */
export async function untilNginxRuns(status: string, revision: string, signal?: AbortSignal): Promise<void> {
  const end = performance.now() + RELOAD_TIMEOUT_MS;
  let inARow = 0;
  let last = "nothing";
  while (inARow < ANSWERS_IN_A_ROW) {
    if (performance.now() > end) {
      throw routerFailed(
        "nginx",
        `it was reloaded ${RELOAD_TIMEOUT_MS / 1_000} s ago and runs ${last}, expected revision ${revision}`,
        "see its error log; check that nginx.conf includes the split file",
      );
    }
    const running = await askNginx(status, signal);
    last = `revision ${running.revision}`;
    inARow = running.revision === revision ? inARow + 1 : 0;
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}
