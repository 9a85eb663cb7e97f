import { contentHash } from "../../core/hash.js";
import { IMPORTED_PROVIDER } from "../../core/run.js";
import type { Trial } from "../../core/trial.js";
import type { ImportedStep, ImportedTrial } from "../../datasets/import/imported-run.js";
import { EventRecorder } from "../../runtime/event-recorder.js";

/**
 * An imported trial with its steps as events. Times are the recorded durations laid end to end from its start; a step
 * without one takes no time. The agent's texts without tool calls are its replies to the user.
 *
 * @param importedAtMs - milliseconds since the Unix epoch: when a trial began whose file does not say
 * @param position - 0-based place of the trial in the file: part of its trace id
 */
export function importedTrial(imported: ImportedTrial, importedAtMs: number, position: number): Trial {
  const { caseId, trial, error, durationMs, reward } = imported;
  const startMs = imported.startedAt === null ? importedAtMs : Date.parse(imported.startedAt);
  const traceId = contentHash([caseId, trial, position, importedAtMs]).slice(0, 32);
  let now = startMs;
  const recorder = new EventRecorder(
    { traceId, conversationId: `${caseId}/${trial}`, tenantId: "default" },
    { now: () => now, monotonic: () => now },
  );
  const isTimed = durationMs !== null || isTimedThroughout(imported.steps);
  const counts = { calls: 0, queries: 0, users: 0 };
  for (const step of imported.steps) {
    addStep(recorder, step, counts, (ms) => {
      now += ms;
    });
  }
  const failure = error === null ? null : { ...error, isRetryable: false };
  if (failure !== null) recorder.emit("error", failure);
  return {
    caseId,
    trial,
    status: failure === null ? "completed" : "error",
    stopReason: failure === null ? imported.stopReason : "error",
    error: failure,
    traceId,
    startedAt: new Date(startMs).toISOString(),
    durationMs: durationMs ?? now - startMs,
    ...(isTimed ? {} : { isUntimed: true }),
    events: recorder.events,
    check:
      failure !== null || reward === null
        ? null
        : {
            reward,
            stateMatches: imported.stateMatches ?? null,
            stateHash: null,
            expectedStateHash: null,
            missingOutputs: [],
            stateDifferences: [],
          },
  };
}

/** The agent's model calls are what takes time; without any, nothing is known of it. */
function isTimedThroughout(steps: readonly ImportedStep[]): boolean {
  const calls = steps.filter((step) => step.kind === "model" && step.speaker === "agent");
  return calls.length > 0 && calls.every((step) => step.kind === "model" && step.durationMs !== null);
}

function addStep(
  recorder: EventRecorder,
  step: ImportedStep,
  counts: { calls: number; queries: number; users: number },
  pass: (ms: number) => void,
): void {
  switch (step.kind) {
    case "user":
      if (counts.users++ > 0) recorder.turn += 1;
      recorder.emit("msg_received", { role: "user", text: step.text });
      return;
    case "model":
      addModelCall(recorder, step, `${step.speaker}-${counts.calls++}`, pass);
      return;
    case "tool":
      recorder.emit("tool_call_start", {
        callId: step.callId,
        name: step.name,
        arguments: step.arguments,
        sideEffect: step.sideEffect === true,
      });
      pass(step.durationMs ?? 0);
      if (step.result === null) return;
      recorder.emit("tool_call_end", {
        callId: step.callId,
        name: step.name,
        result: step.result,
        isError: step.isError,
        truncatedChars: 0,
        durationMs: step.durationMs ?? 0,
      });
      return;
    case "reply":
      recorder.emit("agent_reported", step.says);
      recorder.emit("response_sent", { text: step.text });
      return;
    case "retrieval": {
      const queryId = `query-${counts.queries++}`;
      recorder.emit("retrieval_query", { queryId, query: step.query, topK: step.chunks.length });
      recorder.emit("retrieval_result", { queryId, chunks: step.chunks, durationMs: 0 });
    }
  }
}

function addModelCall(
  recorder: EventRecorder,
  step: Extract<ImportedStep, { kind: "model" }>,
  callId: string,
  pass: (ms: number) => void,
): void {
  const model = step.model ?? "unrecorded";
  const durationMs = step.durationMs ?? 0;
  recorder.emit("llm_call_start", {
    callId,
    speaker: step.speaker,
    provider: IMPORTED_PROVIDER,
    model,
    messageCount: recorder.events.length,
    toolCount: 0,
    attempt: 1,
  });
  pass(durationMs);
  recorder.emit("llm_call_end", {
    callId,
    speaker: step.speaker,
    text: step.text,
    toolCalls: step.toolCalls,
    finishReason: step.toolCalls.length > 0 ? "tool_calls" : "stop",
    usage: step.usage,
    costUsd: step.costUsd,
    cached: step.cached === true,
    durationMs,
    timed: step.durationMs !== null && step.cached !== true,
    ...(step.firstTokenMs === undefined ? {} : { firstTokenMs: step.firstTokenMs }),
  });
  if (step.speaker === "agent" && step.toolCalls.length === 0 && step.isInner !== true)
    recorder.emit("response_sent", { text: step.text ?? "" });
}
