import type { Incident } from "../../config/release/incident-schema.js";
import type { StepDecision } from "../decisions/step-decision.js";
import type { ConversationRecord } from "../evidence/conversation-record.js";
import type { JournalRow, ReleaseRecord } from "../journal/journal.js";
import { stateText } from "../machine/state.js";
import type { Artefact } from "../plan/release-plan.js";
import { affectedConversations, slowestMs } from "./affected-conversations.js";

const MOST_CONVERSATIONS = 200;
const SAMPLES = 3;
/** Requests that a sample shows at most. */
const MOST_REQUESTS = 20;

/** What an incident is made of. */
export interface RollbackFacts {
  readonly release: ReleaseRecord;
  /** All of the release, in order. */
  readonly rows: readonly JournalRow[];
  /** The last that the figures said; `null`: they could not be read, or nobody asked them. */
  readonly decision: StepDecision | null;
  readonly conversations: readonly ConversationRecord[];
}

/** The incident of a release that was rolled back, before people add to it. */
export function makeIncident({ release, rows, decision, conversations }: RollbackFacts): Incident {
  const { plan } = release;
  const abort = rows.findLast(
    ({ kind, from, to }) => kind === "transition" && to.name === "ABORTING" && from.name !== "ABORTING",
  );
  const zero = rows.findLast(({ kind, to }) => kind === "transition" && to.name === "ROLLED_BACK");
  const met = conversations.filter(({ arm }) => arm === "canary");
  const affected = affectedConversations(conversations);
  const firstTraffic = met.reduce<number | null>(
    (first, { firstAt }) => (first === null || firstAt < first ? firstAt : first),
    null,
  );
  return {
    version: 1,
    id: `inc-${release.id}`,
    service: plan.service,
    release: release.id,
    status: "open",
    opened_at: zero?.at ?? rows.at(-1)?.at ?? release.createdAt,
    summary: abort?.reason ?? "rolled back",
    canary: versionOf(plan.canary),
    stable: versionOf(plan.stable),
    gate: {
      run: plan.gate.runId,
      report_hash: plan.gate.reportHash,
      dataset_hash: plan.gate.datasetHash,
      gates_hash: plan.gate.gatesHash,
    },
    rules: rulesOf(decision),
    exposure: {
      conversations: met.length,
      affected: affected.length,
      requests: met.reduce((sum, { requests }) => sum + requests.length, 0),
      first_traffic_at: firstTraffic === null ? null : new Date(firstTraffic).toISOString(),
      no_traffic_at: zero?.at ?? null,
      seconds_to_zero:
        abort === undefined || zero === undefined
          ? null
          : (Date.parse(zero.at) - Date.parse(abort.at)) / 1000,
    },
    timeline: rows.filter(({ kind }) => kind !== "evaluation").map(eventOf),
    conversations: affected.slice(0, MOST_CONVERSATIONS).map(({ record, why }) => ({
      id: record.id,
      why: [...why],
      first_at: new Date(record.firstAt).toISOString(),
      requests: record.requests.length,
      failed: record.requests.filter(({ ok }) => !ok).length,
      slowest_ms: slowestMs(record),
      resolved: record.resolved?.value ?? null,
    })),
    samples: affected.slice(0, SAMPLES).map(({ record }) => sampleOf(record)),
    contributing_factors: [],
    actions: [],
  };
}

function versionOf({ agentVersion, url, runId }: Artefact): Incident["canary"] {
  return { agent_version: agentVersion, url, run: runId };
}

const WORST_FIRST = ["fail", "error", "inconclusive", "pass"] as const;

function rulesOf(decision: StepDecision | null): Incident["rules"] {
  const rank = ({ verdict }: { verdict: (typeof WORST_FIRST)[number] }) => WORST_FIRST.indexOf(verdict);
  return [...(decision?.rules ?? [])]
    .sort((a, b) => rank(a) - rank(b))
    .map(({ measure, verdict, canary, stable, difference, lower, upper, reason }) => ({
      measure,
      verdict,
      canary: canary.value,
      stable: stable.value,
      difference,
      lower,
      upper,
      reason,
    }));
}

function eventOf({
  seq,
  at,
  event,
  kind,
  to,
  targetBps,
  actor,
  reason,
}: JournalRow): Incident["timeline"][number] {
  return {
    seq,
    at,
    event: kind === "transition" ? event : `${event} (${kind})`,
    state: stateText(to),
    share_bps: targetBps,
    actor,
    reason,
  };
}

function sampleOf({ id, requests }: ConversationRecord): Incident["samples"][number] {
  return {
    conversation: id,
    requests: requests.slice(0, MOST_REQUESTS).map((request) => ({
      at: new Date(request.at).toISOString(),
      ok: request.ok,
      latency_ms: request.latencyMs,
      first_token_ms: request.firstTokenMs,
      finish_reason: request.finishReason,
    })),
  };
}
