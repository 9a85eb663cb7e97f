import { type MetricsPage, parseMetricsPage } from "../metrics/parse-metrics-page.js";
import type { EndpointClient } from "./endpoint-client.js";
import { failureOf } from "./error-of-reply.js";

/** A metrics page, or why there is none. `isAbsent`: the server has no such page. */
export type MetricsReading =
  | { readonly ok: true; readonly page: MetricsPage }
  | { readonly ok: false; readonly isAbsent: boolean; readonly reason: string };

/** How a scrape may take; a page that takes longer tells of another moment. */
const TIMEOUT_MS = 5_000;

/** Reads a metrics page. Never throws for what the server does. */
export async function readMetrics(
  client: EndpointClient,
  path = "/metrics",
  signal?: AbortSignal,
): Promise<MetricsReading> {
  const reply = await client.ask(path, {
    timeoutMs: TIMEOUT_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  if (reply.status !== 200 || reply.problem !== null) {
    const isAbsent = reply.status === 404 || reply.status === 405;
    return { ok: false, isAbsent, reason: failureOf(reply) };
  }
  const parsed = parseMetricsPage(reply.text);
  if (parsed.ok) return { ok: true, page: parsed.page };
  return { ok: false, isAbsent: false, reason: `line ${parsed.line} of the metrics page: ${parsed.problem}` };
}
