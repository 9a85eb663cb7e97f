import type { MetricsPage } from "./parse-metrics-page.js";
import { type MetricUse, SERVING_METRICS, type ServingSystem } from "./serving-names.js";

/** Which of the metrics of a serving system a page has. */
export interface RecognisedMetrics {
  readonly system: ServingSystem;
  readonly present: string[];
  /** Present under another name than that of now. */
  readonly renamed: { readonly name: string; readonly found: string }[];
  readonly missing: { readonly name: string; readonly use: MetricUse }[];
}

const PREFIXES: readonly (readonly [prefix: string, system: ServingSystem])[] = [
  ["vllm:", "vllm"],
  ["sglang:", "sglang"],
  ["tgi_", "tgi"],
];

/** The serving system of a page, by the prefix that most of its metrics have; `null` when none is known. */
export function servingSystemOf(page: MetricsPage): ServingSystem | null {
  const names = [...metricNamesOf(page)];
  const counted = PREFIXES.map(([prefix, system]) => ({
    system,
    count: names.filter((name) => name.startsWith(prefix)).length,
  })).sort((a, b) => b.count - a.count);
  const [first] = counted;
  return first === undefined || first.count === 0 ? null : first.system;
}

/** Compares a page with what we know of its system: a name that the version at hand does not have is told, not assumed. */
export function recogniseMetrics(page: MetricsPage): RecognisedMetrics | null {
  const system = servingSystemOf(page);
  if (system === null) return null;
  const names = metricNamesOf(page);
  const present: string[] = [];
  const renamed: { name: string; found: string }[] = [];
  const missing: { name: string; use: MetricUse }[] = [];
  for (const { name, aliases, use } of SERVING_METRICS[system]) {
    const found = aliases.find((alias) => names.has(alias));
    if (names.has(name)) present.push(name);
    else if (found !== undefined) renamed.push({ name, found });
    else missing.push({ name, use });
  }
  return { system, present, renamed, missing };
}

/** Names of the families: declared ones, samples, and histograms without their endings. */
function metricNamesOf(page: MetricsPage): ReadonlySet<string> {
  // A family that is declared and has no series yet cannot be read, but the version at hand has it.
  const names = new Set(page.types.keys());
  for (const { name } of page.samples) {
    names.add(name);
    names.add(name.replace(/_(bucket|sum|count)$/, ""));
  }
  return names;
}
