import type { ConversationRecord } from "../evidence/conversation-record.js";
import { NOTHING_ELSE, type ReleaseEvidence } from "../evidence/release-evidence.js";
import type { ReleaseRecord } from "../journal/journal.js";
import type { ReleasePlan } from "../plan/release-plan.js";

/** A plan of one step of 5 % and one of 100 %, for tests. */
export function samplePlan(patch: Partial<ReleasePlan> = {}): ReleasePlan {
  const step = { bakeMs: 60_000, maxBakeMs: 240_000, minConversations: 50, needsApproval: false };
  return {
    service: "support",
    canary: { agentVersion: "b".repeat(64), url: "http://127.0.0.1:2", model: null, runId: "run-b" },
    stable: { agentVersion: "a".repeat(64), url: "http://127.0.0.1:1", model: null, runId: "run-a" },
    gate: {
      reportHash: "1".repeat(64),
      runId: "run-b",
      agentVersion: "b".repeat(64),
      datasetHash: "2".repeat(64),
      gatesHash: "3".repeat(64),
      finishedAt: "2026-11-22T00:00:00.000Z",
    },
    router: "gateway unix:/run/gateway.sock",
    salt: "r1",
    unit: "conversation",
    steps: [
      { ...step, bps: 500 },
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
    ...patch,
  };
}

/** A release of {@link samplePlan}, just rolled back. */
export function sampleRelease(patch: Partial<ReleaseRecord> = {}): ReleaseRecord {
  return {
    id: "rel-1",
    plan: samplePlan(),
    planHash: "4".repeat(64),
    author: "ana",
    createdAt: "2026-11-22T00:00:00.000Z",
    state: { name: "ROLLED_BACK" },
    counters: { applyFailures: 0, failures: 0, inconclusive: 0, consecutiveErrors: 0 },
    bakedMs: 0,
    extendedMs: 0,
    since: "2026-11-22T00:00:00.000Z",
    ...patch,
  };
}

/** A conversation of one request that went well, for tests. */
export function sampleConversation(patch: Partial<ConversationRecord> = {}): ConversationRecord {
  const at = Date.parse("2026-11-22T00:01:00.000Z");
  return {
    id: "c-1",
    arm: "canary",
    cluster: "c-1",
    stratum: "default",
    bps: 500,
    firstAt: at,
    requests: [
      {
        at,
        ok: true,
        latencyMs: 400,
        firstTokenMs: 90,
        costUsd: 0.001,
        inputTokens: 120,
        outputTokens: 30,
        finishReason: "stop",
      },
    ],
    resolved: null,
    handedOff: false,
    thumb: null,
    violations: [],
    scores: {},
    ...patch,
  };
}

/** Evidence of nothing, for tests. */
export function sampleEvidence(patch: Partial<ReleaseEvidence> = {}): ReleaseEvidence {
  return {
    conversations: [],
    conversationsHash: () => "5".repeat(64),
    ...NOTHING_ELSE,
    ...patch,
  };
}
