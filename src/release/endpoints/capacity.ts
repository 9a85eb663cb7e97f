import type { ReleaseConfig } from "../../config/release/release-schema.js";
import type { Clock } from "../../core/clock.js";
import type { Arm } from "../../core/traffic-split.js";
import { type CapacityReader, capacitySource } from "../evidence/capacity-reader.js";
import type { ArmCapacity } from "../evidence/release-evidence.js";
import { type EndpointClient, openEndpoint } from "./http/endpoint-client.js";
import { readMetrics } from "./http/read-metrics.js";
import { guarded, queryPrometheus } from "./metrics/prometheus.js";
import { GAUGE_NAMES, readGauges, type ServerGauges } from "./metrics/read-gauges.js";

type Look = Pick<ServerGauges, "waiting" | "kvCacheUsage" | "preemptionsTotal">;
type Source = (signal: AbortSignal | undefined) => Promise<Look | string>;

/**
 * Reads the metrics page of an arm where release.yaml names one, else Prometheus; an arm with neither has no reading.
 * Preemptions count from the first look of this reader on: that look says `null`.
 *
 * @returns a reader to be closed at the end
 */
export function openCapacityReader(
  config: Pick<ReleaseConfig, "stable" | "canary" | "prometheus">,
  clock: Pick<Clock, "now">,
): CapacityReader & { close(): Promise<void> } {
  const clients: EndpointClient[] = [];
  const open = (url: string) => {
    const client = openEndpoint({ url, apiKey: null });
    clients.push(client);
    return client;
  };
  const prometheus = config.prometheus;
  const server = prometheus === undefined ? null : open(prometheus.url);
  const sources = new Map<Arm, Source>();
  for (const arm of ["stable", "canary"] as const) {
    const page = config[arm].metrics;
    if (page !== undefined) sources.set(arm, pageSource(open(page)));
    else if (prometheus !== undefined && server !== null) {
      sources.set(arm, prometheusSource(server, prometheus[arm]));
    }
  }
  const before = new Map<Arm, number>();
  let unreadable: CapacityReader["unreadable"] = [];
  return {
    get unreadable() {
      return unreadable;
    },
    async read(signal?: AbortSignal) {
      const looks = await Promise.all(
        [...sources].map(async ([arm, source]) => ({ arm, look: await source(signal) })),
      );
      unreadable = looks.flatMap(({ arm, look }) =>
        typeof look === "string" ? [{ source: capacitySource(arm), reason: look }] : [],
      );
      return looks.flatMap(({ arm, look }): ArmCapacity[] => {
        if (typeof look === "string") return [];
        const { waiting, kvCacheUsage, preemptionsTotal } = look;
        const preemptions = riseSince(before.get(arm), preemptionsTotal);
        if (preemptionsTotal !== null) before.set(arm, preemptionsTotal);
        return [{ arm, at: clock.now(), waiting, kvCacheUsage, preemptions }];
      });
    },
    async close() {
      for (const client of clients) await client.close();
    },
  };
}

/** A counter that went back began anew at 0. */
function riseSince(before: number | undefined, now: number | null): number | null {
  if (before === undefined || now === null) return null;
  return now >= before ? now - before : now;
}

function pageSource(client: EndpointClient): Source {
  return async (signal) => {
    const reading = await readMetrics(client, "", signal);
    if (!reading.ok) return reading.reason;
    const gauges = readGauges(reading.page);
    const isKnown = gauges.waiting !== null || gauges.kvCacheUsage !== null;
    return isKnown ? gauges : "the metrics page has no gauge of vLLM, SGLang or text-generation-inference";
  };
}

/** Asks for the names of every system at once, since Prometheus does not tell what serves. */
function prometheusSource(client: EndpointClient, matcher: string): Source {
  const systems = Object.values(GAUGE_NAMES);
  const guard = { matcher, count: null };
  const either = (fold: "sum" | "max", names: readonly string[]) =>
    guarded(names.map((name) => `${fold}({__name__="${name}",${matcher}})`).join(" or "), guard);
  const expressions = {
    waiting: either(
      "sum",
      systems.flatMap((names) => names.waiting),
    ),
    kvCacheUsage: either(
      "max",
      systems.flatMap((names) => names.kvCacheUsage),
    ),
    preemptionsTotal: either(
      "sum",
      systems.flatMap((names) => names.preemptionsTotal),
    ),
  };
  return async (signal) => {
    const look: { -readonly [Key in keyof Look]: number | null } = {
      waiting: null,
      kvCacheUsage: null,
      preemptionsTotal: null,
    };
    for (const [name, expression] of Object.entries(expressions)) {
      const outcome = await queryPrometheus(client, expression, signal === undefined ? {} : { signal });
      if (outcome.kind === "error") return `Prometheus: ${outcome.reason}`;
      if (outcome.kind === "value") look[name as keyof Look] = outcome.value;
    }
    if (look.waiting !== null || look.kvCacheUsage !== null) return look;
    return `Prometheus has no gauge of a server that is up for {${matcher}}`;
  };
}
