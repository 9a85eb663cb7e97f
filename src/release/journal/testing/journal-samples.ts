import type { ReleasePlan } from "../../plan/release-plan.js";
import type { NewRow } from "../journal.js";

/** A plan of two steps, 1 % and 100 %. */
export function samplePlan(change: Partial<ReleasePlan> = {}): ReleasePlan {
  const artefact = { agentVersion: "v1", url: "http://127.0.0.1:1", model: null, runId: null };
  const step = { bakeMs: 60_000, maxBakeMs: 240_000, minConversations: 10, needsApproval: false };
  return {
    service: "support",
    stable: artefact,
    canary: { ...artefact, agentVersion: "v2", url: "http://127.0.0.1:2", runId: "r1" },
    gate: {
      reportHash: "a".repeat(64),
      runId: "r1",
      agentVersion: "v2",
      datasetHash: "b".repeat(64),
      gatesHash: "c".repeat(64),
      finishedAt: "2026-11-20T00:00:00.000Z",
    },
    salt: "rel-1",
    unit: "conversation",
    steps: [
      { ...step, bps: 100 },
      { ...step, bps: 10_000 },
    ],
    rules: [],
    alpha: 0.05,
    limits: { applyFailures: 3, failures: 0, inconclusive: 3, consecutiveErrors: 4 },
    needsApproval: false,
    approvalExpiryMs: 86_400_000,
    pauseTimeoutMs: 7_200_000,
    onTimeout: "abort",
    maturationMs: 0,
    watchMs: 0,
    warmupMs: 0,
    fourEyes: false,
    releaseManagers: [],
    ...change,
  };
}

export function sampleRow(change: Partial<NewRow> = {}): NewRow {
  return {
    kind: "transition",
    event: "plan-frozen",
    from: { name: "PLANNED" },
    to: { name: "PREFLIGHT" },
    targetBps: null,
    previousBps: null,
    salt: null,
    reason: "the plan is frozen",
    evidenceHash: null,
    actor: "controller",
    ...change,
  };
}
