import { contentHash } from "../core/hash.js";
import type { RecordedTurn } from "../core/recording.js";
import { IMPORTED_PROVIDER } from "../core/run.js";
import type { StopReason, Trial } from "../core/trial.js";
import type { TauSimulation } from "../datasets/import/tau-simulation.js";
import { EventRecorder } from "../runtime/event-recorder.js";
import { USER_STOP_MARK } from "../runtime/user.js";

/** The tool that ends a conversation in both tau-bench domains. */
const HAND_OVER = /^transfer_to_human/;

/**
 * A recorded simulation as a trial: its turns and tool answers as events, its reward as the check. Times are
 * the recording's durations laid end to end from `startMs`; a turn without one takes no time.
 *
 * @param startMs - milliseconds since the Unix epoch at which the trial is said to begin
 */
export function recordedTrial(simulation: TauSimulation, startMs: number): Trial {
  const { caseId, trial, turns, crash, reward } = simulation;
  const traceId = contentHash([caseId, trial, turns]).slice(0, 32);
  let now = startMs;
  const recorder = new EventRecorder(
    { traceId, conversationId: `${caseId}/${trial}`, tenantId: "default" },
    { now: () => now, monotonic: () => now },
  );
  const results = new Map(simulation.toolResults.map((result) => [result.callId, result]));
  const isTimed = simulation.durationMs !== null || turns.every(isTimedTurn);
  for (const turn of turns) {
    if (turn.speaker === "user") addUserTurn(recorder, turn);
    else
      addAgentTurn(recorder, turn, results, isTimed, (ms) => {
        now += ms;
      });
  }
  const error = crash === null ? null : { code: "RECORDING_CRASHED", message: crash, isRetryable: false };
  if (error !== null) recorder.emit("error", error);
  return {
    caseId,
    trial,
    status: error === null ? "completed" : "error",
    stopReason: error === null ? stopReasonOf(simulation) : "error",
    error,
    traceId,
    startedAt: new Date(startMs).toISOString(),
    durationMs: simulation.durationMs ?? now - startMs,
    events: recorder.events,
    check:
      error !== null || reward === null
        ? null
        : {
            reward: reward >= 1 ? 1 : 0,
            stateMatches: null,
            stateHash: null,
            expectedStateHash: null,
            missingOutputs: [],
            stateDifferences: [],
          },
  };
}

function isTimedTurn(turn: RecordedTurn): boolean {
  return turn.speaker === "user" || turn.durationMs !== null;
}

/** Why the conversation ended, by its last turn: the recordings name only some reasons. */
function stopReasonOf({ turns }: TauSimulation): StopReason {
  const last = turns.at(-1);
  if (last === undefined) return "step_limit";
  if (last.speaker === "user")
    return last.reply.text?.includes(USER_STOP_MARK) === true ? "user_stop" : "step_limit";
  return last.reply.toolCalls.some((call) => HAND_OVER.test(call.name)) ? "environment_done" : "step_limit";
}

function addUserTurn(recorder: EventRecorder, turn: RecordedTurn): void {
  const text = turn.reply.text ?? "";
  if (turn.turn > 0 && !text.includes(USER_STOP_MARK)) recorder.turn += 1;
  recorder.emit("msg_received", { role: "user", text });
}

function addAgentTurn(
  recorder: EventRecorder,
  turn: RecordedTurn,
  results: ReadonlyMap<string, TauSimulation["toolResults"][number]>,
  isTimed: boolean,
  pass: (ms: number) => void,
): void {
  const { reply } = turn;
  const durationMs = turn.durationMs ?? 0;
  const callId = `agent-${turn.turn}-1`;
  recorder.emit("llm_call_start", {
    callId,
    speaker: "agent",
    provider: IMPORTED_PROVIDER,
    model: reply.model,
    messageCount: recorder.events.length,
    toolCount: 0,
    attempt: 1,
  });
  pass(durationMs);
  recorder.emit("llm_call_end", {
    callId,
    speaker: "agent",
    text: reply.text,
    toolCalls: reply.toolCalls,
    finishReason: reply.finishReason,
    usage: reply.usage,
    costUsd: reply.costUsd,
    cached: false,
    durationMs,
    timed: isTimed,
  });
  if (reply.toolCalls.length === 0) recorder.emit("response_sent", { text: reply.text ?? "" });
  for (const toolCall of reply.toolCalls) {
    const result = results.get(toolCall.id);
    recorder.emit("tool_call_start", {
      callId: toolCall.id,
      name: toolCall.name,
      arguments: toolCall.arguments,
      sideEffect: false,
    });
    if (result === undefined) continue;
    recorder.emit("tool_call_end", {
      callId: toolCall.id,
      name: toolCall.name,
      result: result.content,
      isError: result.content.startsWith("Error"),
      truncatedChars: 0,
      durationMs: 0,
    });
  }
}
