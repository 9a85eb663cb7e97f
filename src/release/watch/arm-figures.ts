import type { CanaryWatch } from "../../report/schemas/canary-watch.js";
import { quantile } from "../../stats/quantile.js";
import type { RequestRecord } from "../evidence/conversation-record.js";
import type { ReleaseEvidence } from "../evidence/release-evidence.js";

type ArmFigures = CanaryWatch["arms"][number];

/** What both arms did since the release began to move traffic: plain counts, in no way corrected. */
export function armFigures(evidence: ReleaseEvidence, since: number): ArmFigures[] {
  return (["stable", "canary"] as const).map((arm) => {
    const figures = { conversations: 0, requests: 0, failed: 0, costUsd: null as number | null };
    const latencies: number[] = [];
    const firstTokens: number[] = [];
    const tokens = { conversations: 0, input: 0, output: 0 };
    for (const conversation of evidence.conversations) {
      if (conversation.arm !== arm || conversation.firstAt < since) continue;
      figures.conversations += 1;
      addTokens(tokens, conversation.requests);
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
      inputTokensPerConversation: tokens.conversations === 0 ? null : tokens.input / tokens.conversations,
      outputTokensPerConversation: tokens.conversations === 0 ? null : tokens.output / tokens.conversations,
      isUp: evidence.arms.find((counted) => counted.arm === arm)?.isUp ?? null,
    };
  });
}

/** A conversation with a request that does not tell its tokens would look short: it counts nowhere. */
function addTokens(
  sum: { conversations: number; input: number; output: number },
  requests: readonly RequestRecord[],
): void {
  let [input, output] = [0, 0];
  for (const { inputTokens, outputTokens } of requests) {
    if (inputTokens === null || outputTokens === null) return;
    input += inputTokens;
    output += outputTokens;
  }
  if (requests.length === 0) return;
  sum.conversations += 1;
  sum.input += input;
  sum.output += output;
}
