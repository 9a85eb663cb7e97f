import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { conversationKey } from "../../core/conversation-key.js";
import { UsageError } from "../../core/errors.js";
import { PROBE_PREFIX } from "../../core/traffic-split.js";
import { linesOf } from "../../datasets/read-lines.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST_LINE_BYTES = 1_000_000;
/** A shorter log says nothing of an hour. */
const LEAST_MS = 60_000;

interface Served {
  readonly at: number;
  readonly key: string;
}

/**
 * Units (conversations, users, tenants) that began in an hour, over the last day of the event log.
 *
 * @param places - files and folders of `events`, relative to the release file
 * @throws {UsageError} when the log holds no requests of the service over at least a minute
 */
export async function trafficOfEvents(
  service: string,
  places: readonly string[],
  releaseFile: string,
): Promise<{ readonly perHour: number; readonly source: string }> {
  const served: Served[] = [];
  for (const place of places) {
    for (const file of filesAt(resolve(dirname(releaseFile), place))) {
      for await (const line of linesOf(file, MOST_LINE_BYTES)) {
        const found = "text" in line ? servedBy(line.text, service) : null;
        if (found !== null) served.push(found);
      }
    }
  }
  const last = served.reduce((latest, { at }) => Math.max(latest, at), Number.NEGATIVE_INFINITY);
  const recent = served.filter(({ at }) => at > last - DAY_MS);
  const first = recent.reduce((earliest, { at }) => Math.min(earliest, at), last);
  if (recent.length === 0 || last - first < LEAST_MS) {
    throw new UsageError(
      `expected requests of ${service} over at least a minute in ${places.join(", ")}, found ${recent.length}`,
      {
        nextStep: "give the traffic with --traffic, such as --traffic 2000/h",
      },
    );
  }
  const units = new Set(recent.map(({ key }) => key)).size;
  const hours = (last - first) / HOUR_MS;
  return {
    perHour: units / hours,
    source: `${units} in the last ${Number(hours.toFixed(1))} h of the event log`,
  };
}

function filesAt(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .map((name) => join(path, name));
}

/** Requests that nobody sent who would be in a release: they are not among its figures either. */
const NO_TRAFFIC: ReadonlySet<unknown> = new Set(["probe", "shadow", "override"]);

/** A request of the service that was split by its id; other lines say nothing of traffic. */
function servedBy(line: string, service: string): Served | null {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isServed(event) || event.payload.service !== service) return null;
  const { key, route } = event.payload;
  // Proxies do not know a probe from another request.
  if (key === null || key.startsWith(PROBE_PREFIX) || NO_TRAFFIC.has(route)) return null;
  const at = Date.parse(event.timestamp);
  return Number.isNaN(at) ? null : { at, key: conversationKey(String(event.tenant_id), key) };
}

interface ServedLine {
  readonly timestamp: string;
  readonly tenant_id?: unknown;
  readonly payload: { readonly service: string; readonly key: string | null; readonly route?: unknown };
}

function isServed(event: unknown): event is ServedLine {
  const line = event as {
    event_type?: unknown;
    timestamp?: unknown;
    payload?: { service?: unknown; key?: unknown };
  } | null;
  return (
    line?.event_type === "request_served" &&
    typeof line.timestamp === "string" &&
    typeof line.payload?.service === "string" &&
    (line.payload.key === null || typeof line.payload.key === "string")
  );
}
