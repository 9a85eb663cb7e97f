import type { ReleasePlan } from "../../src/release/plan/release-plan.js";
import type { RouterPlace } from "./router-under-test.js";

export const RELEASE = "rel-1";
export const CANARY_VERSION = "b".repeat(64);

const STEP = { bakeMs: 40_000, maxBakeMs: 160_000, minConversations: 10, needsApproval: false };

/** 10 %, then 50 %, then everybody; watched for a while. */
export function chaosPlan({ endpoints }: RouterPlace, salt: string): ReleasePlan {
  const url = (port: number) => `http://127.0.0.1:${port}`;
  return {
    service: "support",
    canary: { agentVersion: CANARY_VERSION, url: url(endpoints.canary), model: null, runId: "run-b" },
    stable: { agentVersion: "a".repeat(64), url: url(endpoints.stable), model: null, runId: "run-a" },
    gate: {
      reportHash: "1".repeat(64),
      runId: "run-b",
      agentVersion: CANARY_VERSION,
      datasetHash: "2".repeat(64),
      gatesHash: "3".repeat(64),
      finishedAt: "2026-11-22T00:00:00.000Z",
    },
    salt,
    unit: "conversation",
    steps: [
      { ...STEP, bps: 1000 },
      { ...STEP, bps: 5000 },
    ],
    rules: [],
    alpha: 0.05,
    limits: { applyFailures: 3, failures: 0, inconclusive: 3, consecutiveErrors: 4 },
    needsApproval: false,
    approvalExpiryMs: 86_400_000,
    pauseTimeoutMs: 7_200_000,
    onTimeout: "abort",
    maturationMs: 0,
    watchMs: 20_000,
    warmupMs: 0,
    fourEyes: false,
    releaseManagers: [],
  };
}
