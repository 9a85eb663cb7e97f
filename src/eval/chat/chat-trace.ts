import type { AgentEvent } from "../../core/events.js";
import { type GoldenCase, NOTHING_EXPECTED } from "../../core/golden-case.js";
import { contentHash } from "../../core/hash.js";
import type { RunHeader } from "../../core/run.js";
import { traceOf } from "../../core/trace.js";
import type { Trial } from "../../core/trial.js";
import { metricSetOf } from "../../metrics/metric-set.js";
import { rowOf } from "../../metrics/row.js";
import type { Agent } from "../../runtime/agent.js";
import type { FinishedTurn } from "../../runtime/session/session-turn.js";
import type { StoredTrial } from "../run/trace-stored-trial.js";
import { unstoredRun } from "../run/unstored-run.js";

const NO_METRICS = metricSetOf([]);

/** A turn, and when it was over in milliseconds since 1970: one that was stopped has no event that says so. */
export interface TimedTurn extends FinishedTurn {
  readonly endedAt: number;
}

/**
 * A conversation, or some turns of it, as if it were the trial of a case: what the waterfall and the JSON record show.
 *
 * @param turns - at least one
 */
export function chatTrace(agent: Agent, sessionId: string, turns: readonly TimedTurn[]): StoredTrial | null {
  const last = turns.at(-1);
  if (last === undefined) return null;
  const events = turns.flatMap((turn, index) => turn.events.map((event) => withOwnIds(event, index)));
  const beganAt = Date.parse(events[0]?.timestamp ?? "") || last.endedAt;
  const startedAt = new Date(beganAt).toISOString();
  const trial: Trial = {
    caseId: sessionId,
    trial: 0,
    status: last.error === null ? "completed" : "error",
    stopReason: last.stop,
    error: last.error,
    traceId: events[0]?.trace_id ?? "",
    startedAt,
    durationMs: last.endedAt - beganAt,
    events,
    check: null,
  };
  const goldenCase = caseOf(sessionId, events);
  const trace = traceOf(trial);
  return {
    run: headerOf(agent, goldenCase, startedAt),
    goldenCase,
    trial,
    trace,
    row: rowOf(goldenCase, trial, NO_METRICS, trace),
  };
}

/** Each turn numbers its calls from 0. */
function withOwnIds(event: AgentEvent, turn: number): AgentEvent {
  const { payload } = event;
  const own = (id: string) => `turn-${turn}/${id}`;
  const ids = {
    ...("callId" in payload && payload.callId !== undefined ? { callId: own(payload.callId) } : {}),
    ...("queryId" in payload ? { queryId: own(payload.queryId) } : {}),
  };
  return { ...event, payload: { ...payload, ...ids } } as AgentEvent;
}

function caseOf(id: string, events: readonly AgentEvent[]): GoldenCase {
  const said = events.flatMap((event) =>
    event.event_type === "msg_received" && event.payload.role === "user" ? [event.payload.text] : [],
  );
  const content = {
    id,
    input: { kind: "user", goal: said[0] ?? "", script: said } as const,
    expect: NOTHING_EXPECTED,
    environment: null,
    risk: null,
    tags: [],
    group: id,
    split: "dev",
    review: null,
  } as const;
  return { ...content, line: 1, hash: contentHash(content) };
}

function headerOf(agent: Agent, goldenCase: GoldenCase, startedAt: string): RunHeader {
  return unstoredRun({
    id: goldenCase.id,
    suite: "chat",
    createdAt: startedAt,
    status: "running",
    datasetPath: "",
    datasetHash: goldenCase.hash,
    agentName: agent.name,
    agentVersion: agent.version,
    promptVersion: agent.promptVersion,
    provider: agent.model.provider,
    model: agent.model.name,
    trialsPerCase: 1,
    plan: [{ caseId: goldenCase.id, caseHash: goldenCase.hash, trial: 0 }],
  });
}
