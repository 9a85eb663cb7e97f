import { type Finding, valueAt } from "../describe-issues.js";
import { parseYamlFile } from "../yaml-file.js";
import { type ReleaseConfig, releaseSchema, WARM_UP } from "./release-schema.js";

/**
 * Reads release.yaml. Figures of both arms must come from two places, and a warm-up must be long enough to see an end.
 *
 * @throws {ConfigError} with every problem of the file
 */
export function parseReleaseFile(text: string, file: string): ReleaseConfig {
  return parseYamlFile(text, file, releaseSchema, [sameFigures, warmUpOfOneBatch]);
}

function sameFigures(value: unknown): Finding[] {
  const matchers = [valueAt(value, ["prometheus", "stable"]), valueAt(value, ["prometheus", "canary"])];
  const pages = [valueAt(value, ["stable", "metrics"]), valueAt(value, ["canary", "metrics"])];
  const isSame = ([stable, canary]: readonly unknown[]) => stable !== undefined && stable === canary;
  // Two models of one server share its page.
  const isOneServer = isSame([valueAt(value, ["stable", "url"]), valueAt(value, ["canary", "url"])]);
  if (isOneServer) return [];
  return [
    ...(isSame(matchers)
      ? [{ path: ["prometheus", "canary"], message: "`prometheus.canary` is that of stable; wants its own" }]
      : []),
    ...(isSame(pages)
      ? [{ path: ["canary", "metrics"], message: "`canary.metrics` is the page of stable; wants its own" }]
      : []),
  ];
}

function warmUpOfOneBatch(value: unknown): Finding[] {
  const asked = valueAt(value, ["warm_up"]);
  if (asked === null || typeof asked !== "object") return [];
  const { requests = WARM_UP.requests, concurrency = WARM_UP.concurrency } = asked as {
    readonly requests?: unknown;
    readonly concurrency?: unknown;
  };
  if (typeof requests !== "number" || typeof concurrency !== "number" || requests >= 2 * concurrency)
    return [];
  const message = `\`warm_up\` compares two batches: wants at least ${2 * concurrency} requests for a concurrency of ${concurrency}, found ${requests}`;
  return [{ path: ["warm_up"], message }];
}
