import type { Estimate } from "../core/score.js";
import { plainText } from "./plain-text.js";

/** Metrics that have no value for one and the same reason. */
export interface MissingValues {
  readonly reason: string;
  readonly metrics: readonly string[];
}

/** The metrics without a value by their reason, both in the order given. */
export function missingValues(estimates: readonly Estimate[]): MissingValues[] {
  const byReason = new Map<string, string[]>();
  for (const estimate of estimates) {
    if (estimate.value !== null) continue;
    const reason = plainText(estimate.reason ?? "no trial gave a score");
    byReason.set(reason, [...(byReason.get(reason) ?? []), estimate.metric]);
  }
  return [...byReason].map(([reason, metrics]) => ({ reason, metrics }));
}
