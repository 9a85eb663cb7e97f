import { type GoldenCase, NOTHING_EXPECTED } from "../../core/golden-case.js";
import type { RunHeader } from "../../core/run.js";
import type { Trial } from "../../core/trial.js";
import type { TrialRow } from "../../metrics/metric.js";

export function sampleRun(id: string, changes: Partial<RunHeader> = {}): RunHeader {
  return {
    id,
    suite: "starter",
    createdAt: "2026-11-21T06:55:00.000Z",
    finishedAt: null,
    status: "running",
    datasetPath: "datasets/starter.jsonl",
    datasetHash: "d".repeat(64),
    agentName: "support",
    promptVersion: "1",
    agentVersion: "a".repeat(64),
    provider: "embedded",
    model: "embedded",
    seed: 7,
    trialsPerCase: 1,
    plan: [{ caseId: "case-1", caseHash: "c".repeat(64), trial: 0 }],
    gitCommit: null,
    gitDirty: null,
    userModel: null,
    judges: [],
    metrics: [],
    customMetrics: [],
    notes: [],
    tags: [],
    invocation: { suite: "starter" },
    agentctlVersion: "0.1.0",
    ...changes,
  };
}

export function sampleTrial(caseId: string, trial: number, changes: Partial<Trial> = {}): Trial {
  const traceId = `trace-${caseId}-${trial}`;
  return {
    caseId,
    trial,
    status: "completed",
    stopReason: "answered",
    error: null,
    traceId,
    startedAt: "2026-11-21T06:55:01.000Z",
    durationMs: 12.5,
    check: null,
    events: [
      {
        event_id: `${traceId}-0`,
        event_type: "msg_received",
        timestamp: "2026-11-21T06:55:01.000Z",
        conversation_id: traceId,
        tenant_id: "default",
        turn_id: 0,
        trace_id: traceId,
        payload: { role: "user", text: "Was heißt “refund”? \u0000 🙂" },
      },
    ],
    ...changes,
  };
}

export function sampleRow(trial: Trial, success: number | null): TrialRow {
  return {
    caseId: trial.caseId,
    group: trial.caseId,
    trial: trial.trial,
    status: trial.status,
    errorCode: trial.error?.code ?? null,
    durationMs: trial.durationMs,
    untimed: null,
    costUsd: null,
    scores: {
      task_success: success === null ? { value: null, reason: "nothing expected" } : { value: success },
    },
  };
}

export function sampleCase(id: string, changes: Partial<GoldenCase> = {}): GoldenCase {
  return {
    id,
    input: { kind: "text", text: `question of ${id}` },
    expect: { ...NOTHING_EXPECTED, mustInclude: ["thirty days"] },
    environment: null,
    risk: null,
    tags: [],
    group: id,
    split: "dev",
    review: null,
    line: 1,
    hash: id,
    ...changes,
  };
}
