import type { CanaryThreshold } from "../../../config/gates/canary-threshold.js";
import { parseCanaryThreshold } from "../../../config/gates/canary-threshold.js";
import type { SeededRandom } from "../../../stats/random.js";
import type { ConversationRecord, RequestRecord } from "../../evidence/conversation-record.js";
import type { ReleaseEvidence, StepLog } from "../../evidence/release-evidence.js";
import type { PlannedStep, ReleasePlan, RolloutRule } from "../../plan/release-plan.js";
import { sampleEvidence } from "../../testing/sample-release.js";

export const HOUR = 3_600_000;

/** A rule as in gates.yaml: `rule("error_rate", "+0.5%")`. */
export function rule(measure: string, threshold: string, changes: Partial<RolloutRule> = {}): RolloutRule {
  return {
    measure,
    threshold: parseCanaryThreshold(threshold) as CanaryThreshold,
    windowMs: HOUR / 4,
    mode: "enforce",
    ...changes,
  };
}

/** A plan of steps of an hour each. */
export function planOf(
  shares: readonly number[],
  rules: readonly RolloutRule[],
  changes: Partial<ReleasePlan> = {},
): ReleasePlan {
  const artefact = { agentVersion: "v", url: "http://127.0.0.1", model: null, runId: null };
  const step = (bps: number): PlannedStep => ({
    bps,
    bakeMs: HOUR,
    maxBakeMs: 4 * HOUR,
    minConversations: 1,
    needsApproval: false,
  });
  return {
    service: "support",
    canary: artefact,
    stable: artefact,
    gate: { reportHash: "", runId: "", agentVersion: "v", datasetHash: "", gatesHash: "", finishedAt: "" },
    router: "gateway unix:/run/gateway.sock",
    salt: "r1",
    unit: "conversation",
    steps: shares.map(step),
    rules,
    alpha: 0.05,
    limits: { applyFailures: 3, failures: 0, inconclusive: 3, consecutiveErrors: 4 },
    needsApproval: false,
    approvalExpiryMs: HOUR,
    pauseTimeoutMs: HOUR,
    onTimeout: "abort",
    maturationMs: 0,
    watchMs: 0,
    warmupMs: 0,
    fourEyes: false,
    releaseManagers: [],
    ...changes,
  };
}

export function evidenceOf(
  conversations: readonly ConversationRecord[],
  changes: Partial<ReleaseEvidence> = {},
): ReleaseEvidence {
  return sampleEvidence({ conversations, ...changes });
}

/** A request that went well in a second. */
export function request(at: number, changes: Partial<RequestRecord> = {}): RequestRecord {
  return {
    at,
    ok: true,
    latencyMs: 1000,
    firstTokenMs: 200,
    costUsd: 0.01,
    inputTokens: 120,
    outputTokens: 30,
    finishReason: "stop",
    ...changes,
  };
}

/** A conversation of one request that was resolved. */
export function conversation(
  id: string,
  arm: ConversationRecord["arm"],
  at: number,
  bps: number,
  changes: Partial<ConversationRecord> = {},
): ConversationRecord {
  return {
    id,
    arm,
    cluster: id,
    stratum: "tenant-1",
    bps,
    firstAt: at,
    requests: [request(at)],
    resolved: { value: true, at },
    handedOff: false,
    thumb: null,
    violations: [],
    scores: {},
    ...changes,
  };
}

/** How the canary differs from stable. */
export interface CanaryEffect {
  /** Fewer conversations are resolved, as a proportion. */
  readonly drop?: number;
  /** More requests fail, as a proportion. */
  readonly errors?: number;
  /** Every answer takes longer. */
  readonly slowerMs?: number;
}

/**
 * Conversations of one to four requests with latencies of their own, assigned by chance: stable resolves 80 %, 0.2 % of
 * its requests fail, half of its answers take longer than 1.1 s.
 *
 * @param per - how many, over how long from when, at which share of the canary
 */
export function simulatedTraffic(
  random: SeededRandom,
  per: { readonly count: number; readonly from: number; readonly ms: number; readonly bps: number },
  effect: CanaryEffect = {},
): ConversationRecord[] {
  const { drop = 0, errors = 0, slowerMs = 0 } = effect;
  return Array.from({ length: per.count }, (_, index) => {
    const isCanary = random.nextUnit() * 10_000 < per.bps;
    const at = per.from + (per.ms * index) / per.count;
    const slowness = normalDraw(random) * 0.3;
    const requests = Array.from({ length: 1 + random.nextBelow(4) }, () =>
      request(at, {
        ok: random.nextUnit() >= 0.002 + (isCanary ? errors : 0),
        latencyMs: Math.exp(7 + slowness + normalDraw(random) * 0.4) + (isCanary ? slowerMs : 0),
      }),
    );
    const isResolved = random.nextUnit() < 0.8 - (isCanary ? drop : 0);
    return conversation(`c${at}-${index}`, isCanary ? "canary" : "stable", at, per.bps, {
      requests,
      resolved: { value: isResolved, at },
    });
  });
}

function normalDraw(random: SeededRandom): number {
  return Math.sqrt(-2 * Math.log(1 - random.nextUnit())) * Math.cos(2 * Math.PI * random.nextUnit());
}

/** Steps that began an hour after each other; the last one goes on. */
export function stepLogs(shares: readonly number[], ms = HOUR): StepLog[] {
  return shares.map((bps, step) => ({
    step,
    bps,
    startedAt: step * ms,
    endedAt: step === shares.length - 1 ? null : (step + 1) * ms,
  }));
}
