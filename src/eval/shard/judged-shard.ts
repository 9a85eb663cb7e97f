import type { RunShard } from "../../core/run.js";
import type { GateReport, GateResult } from "../../gates/gate-report.js";

/**
 * What gates say of a shard: nothing yet. The estimates of a part of the cases are no estimates of the whole, so neither
 * a pass nor a failure of it counts.
 *
 * @param shard - absent for a run that is no shard: its report is left as it is
 */
export function judgedShard(report: GateReport, shard: RunShard | undefined): GateReport {
  if (shard === undefined) return report;
  const reason = `This is shard ${shard.index} of ${shard.of}; merge the shards first with agentctl runs merge.`;
  const inconclusive = (result: GateResult): GateResult => ({
    ...result,
    verdict: "inconclusive",
    reason,
    toSettle: "the other shards",
    parts: result.parts.map(inconclusive),
  });
  return {
    ...report,
    verdict: "inconclusive",
    reasons: [reason],
    results: report.results.map(inconclusive),
  };
}
