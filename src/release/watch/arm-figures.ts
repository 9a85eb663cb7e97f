import type { CanaryWatch } from "../../report/schemas/canary-watch.js";
import { quantile } from "../../stats/quantile.js";
import type { ReleaseEvidence } from "../evidence/release-evidence.js";

type ArmFigures = CanaryWatch["arms"][number];

/** What both arms did since the release began to move traffic: plain counts, in no way corrected. */
export function armFigures(evidence: ReleaseEvidence, since: number): ArmFigures[] {
  return (["stable", "canary"] as const).map((arm) => {
    const figures = { conversations: 0, requests: 0, failed: 0, costUsd: null as number | null };
    const latencies: number[] = [];
    const firstTokens: number[] = [];
    for (const conversation of evidence.conversations) {
      if (conversation.arm !== arm || conversation.firstAt < since) continue;
      figures.conversations += 1;
      for (const { ok, latencyMs, firstTokenMs, costUsd } of conversation.requests) {
        figures.requests += 1;
        if (costUsd !== null) figures.costUsd = (figures.costUsd ?? 0) + costUsd;
        if (!ok) {
          figures.failed += 1;
          continue;
        }
        latencies.push(latencyMs);
        if (firstTokenMs !== null) firstTokens.push(firstTokenMs);
      }
    }
    return {
      arm,
      ...figures,
      errorRate: figures.requests === 0 ? null : figures.failed / figures.requests,
      p50Ms: quantile(latencies, 0.5),
      p95Ms: quantile(latencies, 0.95),
      firstTokenP95Ms: quantile(firstTokens, 0.95),
      isUp: evidence.arms.find((counted) => counted.arm === arm)?.isUp ?? null,
    };
  });
}
