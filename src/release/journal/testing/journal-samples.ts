import type { ReleasePlan } from "../../plan/release-plan.js";
import { samplePlan as planOfTwo } from "../../testing/sample-release.js";
import type { NewRow } from "../journal.js";

/** A plan of two steps, 1 % and 100 %. */
export function samplePlan(change: Partial<ReleasePlan> = {}): ReleasePlan {
  const artefact = { agentVersion: "v1", url: "http://127.0.0.1:1", model: null, runId: null };
  const step = { bakeMs: 60_000, maxBakeMs: 240_000, minConversations: 10, needsApproval: false };
  const { gate } = planOfTwo();
  return planOfTwo({
    stable: artefact,
    canary: { ...artefact, agentVersion: "v2", url: "http://127.0.0.1:2", runId: "r1" },
    gate: { ...gate, runId: "r1", agentVersion: "v2" },
    salt: "rel-1",
    steps: [
      { ...step, bps: 100 },
      { ...step, bps: 10_000 },
    ],
    ...change,
  });
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
