import { pooledFetch } from "../../models/http-pool.js";
import { secretRedactor } from "../../models/secret-redactor.js";
import type { Notifier } from "../controller/ports.js";

/** Where notices go. */
export interface Webhook {
  readonly url: string;
  /** `page`: only what somebody must look at now. */
  readonly on: "all" | "page";
}

export interface NotifierOptions {
  readonly service: string;
  /** Values that must stand in no notice. */
  readonly secrets: readonly string[];
  /** Between two tries, milliseconds; the second wait is twice as long. */
  readonly waitMs?: number;
  readonly timeoutMs?: number;
}

const TRIES = 3;
const WAIT_MS = 1000;
const TIMEOUT_MS = 5000;

/**
 * POSTs notices as JSON `{key, release, service, urgency, text}`, with the key as `Idempotency-Key` too, for a notice
 * may come twice after a crash. Every webhook gets three tries.
 *
 * Rejects when a webhook did not take a notice; the text names its host alone, for the rest of an address may be secret.
 */
export function webhookNotifier(webhooks: readonly Webhook[], options: NotifierOptions): Notifier {
  const redactor = secretRedactor([...options.secrets, ...webhooks.map(({ url }) => url)]);
  /** A webhook that took a notice does not get it again when another one did not. */
  const taken = new Set<string>();
  return {
    async notify({ key, releaseId, urgency, text }) {
      const notice = { key, release: releaseId, service: options.service, urgency, text };
      const body = JSON.stringify(redactor?.value(notice) ?? notice);
      const wanted = webhooks.filter(({ on }) => on === "all" || urgency === "page");
      const problems = await Promise.all(
        wanted.map(async ({ url }) => {
          if (taken.has(`${key} ${url}`)) return null;
          const problem = await deliver(url, key, body, options);
          if (problem === null) taken.add(`${key} ${url}`);
          return problem;
        }),
      );
      const failed = problems.filter((problem) => problem !== null);
      if (failed.length > 0) throw new Error(failed.join("; "));
    },
  };
}

/** @returns one sentence of what went wrong; `null`: it was taken */
async function deliver(
  url: string,
  key: string,
  body: string,
  { waitMs = WAIT_MS, timeoutMs = TIMEOUT_MS }: NotifierOptions,
): Promise<string | null> {
  if (!URL.canParse(url))
    return "a webhook is no URL: correct the secret that `notify` of release.yaml names";
  const { host } = new URL(url);
  let problem = "";
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    try {
      const answer = await pooledFetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": key },
        body,
        // Followed, a 301 or 302 becomes a GET without the notice, and its 200 would pass for a receipt.
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      await answer.body?.cancel();
      if (answer.ok) return null;
      problem = `webhook at ${host}: HTTP ${answer.status}`;
      if (answer.status < 500 && answer.status !== 429 && answer.status !== 408) return problem;
    } catch (error) {
      problem = `webhook at ${host}: ${reasonOf(error, timeoutMs)}`;
    }
    if (attempt < TRIES) await new Promise((resolve) => setTimeout(resolve, waitMs * attempt));
  }
  return problem;
}

/** Codes only: messages of failed connections may hold the whole address. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === "TimeoutError") return `no answer within ${timeoutMs} ms`;
  const { code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  return typeof code === "string" ? code : "no answer";
}
