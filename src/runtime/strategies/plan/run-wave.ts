import { boundedJson } from "../../../core/bounded-json.js";
import type { Json } from "../../../core/hash.js";
import type { ModelReply, ToolCall } from "../../../core/message.js";
import type { ConversationLog } from "../../conversation-log.js";
import { type Turn, TurnStopped } from "../../turn.js";
import { keepPlan, settleRunning } from "./open-plan.js";
import type { PlanState, StepState } from "./plan.js";
import { holds, MissingResultError, type ResultOf, resolveReferences } from "./references.js";

/**
 * Runs steps at the same time. Those whose preconditions do not hold are skipped, those whose arguments cannot be
 * filled fail, without a call. What is about to be called is written down first.
 *
 * @throws {TurnStopped} when a call ended the conversation or asks the user; the plan stays open
 */
export async function runWave(turn: Turn, state: PlanState, wave: readonly StepState[]): Promise<PlanState> {
  const resultOf = resultsOf(state, turn.log);
  const prepared = wave.map((step) => prepare(step, state, resultOf));
  const calls = prepared.flatMap(({ call }) => (call === null ? [] : [call]));
  const begun = replaceSteps(
    state,
    prepared.map(({ step }) => step),
  );
  keepPlan(turn.log, begun);
  if (calls.length === 0) return begun;
  try {
    await turn.act(replyOf(calls), { parallel: calls.length > 1 });
  } catch (error) {
    if (error instanceof TurnStopped) keepPlan(turn.log, settled(begun, turn.log));
    throw error;
  }
  const after = settled(begun, turn.log);
  keepPlan(turn.log, after);
  return after;
}

function prepare(
  step: StepState,
  { turn, revision }: PlanState,
  resultOf: ResultOf,
): { readonly step: StepState; readonly call: ToolCall | null } {
  const broken = step.preconditions.find((one) => !holds(one, resultOf));
  if (broken !== undefined) {
    const reason = `precondition ${broken.from}.${broken.path} ${broken.op} does not hold`;
    return { step: { ...step, status: "skipped", reason }, call: null };
  }
  try {
    const callId = `plan_${turn}_${revision}_${step.id}`;
    const args = resolveReferences(step.arguments, resultOf) as ToolCall["arguments"];
    return {
      step: { ...step, status: "running", callId },
      call: { id: callId, name: step.tool, arguments: args },
    };
  } catch (error) {
    if (!(error instanceof MissingResultError)) throw error;
    return { step: { ...step, status: "failed", reason: error.message }, call: null };
  }
}

/** Results of the steps that are done, as JSON where they are; the messages hold them. */
function resultsOf({ steps }: PlanState, log: ConversationLog): ResultOf {
  return (id) => {
    const step = steps.find((one) => one.id === id && one.status === "done");
    const message = log.messages.findLast((one) => one.role === "tool" && one.toolCallId === step?.callId);
    return message?.role === "tool" ? jsonOrText(message.content) : undefined;
  };
}

function jsonOrText(content: string): Json {
  const value = boundedJson(content);
  return value === undefined ? content : value;
}

function settled(state: PlanState, log: ConversationLog): PlanState {
  return { ...state, steps: settleRunning(state.steps, log) };
}

function replaceSteps(state: PlanState, changed: readonly StepState[]): PlanState {
  const byId = new Map(changed.map((step) => [step.id, step]));
  return { ...state, steps: state.steps.map((step) => byId.get(step.id) ?? step) };
}

/** The calls of a plan are the runtime's, so no model reply stands behind them. */
function replyOf(toolCalls: readonly ToolCall[]): ModelReply {
  return { text: null, toolCalls, finishReason: "tool_calls", usage: null, costUsd: 0, model: "plan" };
}
