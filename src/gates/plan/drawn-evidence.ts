import { estimateAll } from "../../metrics/estimate.js";
import type { TrialRow } from "../../metrics/metric.js";
import type { GateEvidence } from "../gate-evidence.js";
import { levelOf } from "../judge-gates.js";
import type { PlanWorld } from "./plan-input.js";

/** What the judge sees of a drawn run: a complete run, and the drawn baseline whatever the rules call it. */
export function drawnEvidence(
  world: PlanWorld,
  candidate: readonly TrialRow[],
  baseline: () => readonly TrialRow[],
): GateEvidence {
  const { header, set, cases, rules, resamples } = world;
  const evidenceOf = (id: string, rows: readonly TrialRow[]) => ({
    run: { ...header, id },
    rows,
    set,
    cases,
    resamples,
  });
  const errors = candidate.reduce((count, row) => count + (row.status === "error" ? 1 : 0), 0);
  let estimates: GateEvidence["estimates"] | null = null;
  return {
    judged: {
      runId: header.id,
      datasetHash: header.datasetHash,
      agentVersion: header.agentVersion,
      gatesHash: "",
      status: "complete",
      planned: candidate.length,
      completed: candidate.length - errors,
      errors,
      rerunnable: true,
      notes: [],
      standings: world.standings,
    },
    // Most judges of drawn runs look at rows alone.
    get estimates() {
      estimates ??= estimateAll(candidate, set, levelOf(rules));
      return estimates;
    },
    own: evidenceOf("candidate", candidate),
    baselineOf: () => ({ found: evidenceOf("baseline", baseline()) }),
    history: () => [],
    changed: () => null,
  };
}
