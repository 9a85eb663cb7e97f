import type { Emit } from "../../core/events.js";
import type { ReplyAccount } from "../model-caller.js";
import { truncateResult } from "../truncate-result.js";
import type { Turn } from "../turn.js";
import type { ExternalReply, ReportedModelCall, ReportedRetrieval, ReportedTool } from "./external-agent.js";

export interface ReportScene {
  readonly emit: Emit;
  readonly reason: Turn["reason"];
  /** Numbers of what was reported in this conversation so far; counted on here. */
  readonly next: { tool: number; retrieval: number; model: number };
  readonly readOnlyTools: ReadonlySet<string>;
  readonly maxResultChars: number;
  readonly onCost: (account: ReplyAccount) => void;
  /** Whether the agent has no tools but those that agentctl runs, which are seen here. */
  readonly seesAllTools: boolean;
}

/** Puts what an agent says that it did into the trace, as the events that the built-in runtime would have emitted. */
export function reportSteps({ steps, says, waitedMs }: ExternalReply, scene: ReportScene): void {
  for (const step of steps) {
    if (step.kind === "tool") reportTool(step, scene);
    else if (step.kind === "retrieval") reportRetrieval(step, scene);
    else if (step.kind === "model") reportModelCall(step, scene);
    else if (step.kind === "failure") reportFailure(step.message, scene);
    else {
      const { text, confidence, alternatives } = step;
      scene.reason({ text, confidence, alternatives });
    }
  }
  if (waitedMs !== undefined) scene.onCost({ costUsd: 0, recordedExtraMs: -waitedMs });
  scene.emit("agent_reported", {
    toolCalls: says.tools || scene.seesAllTools,
    retrievals: says.retrievals,
    modelCalls: says.modelCalls,
  });
}

function reportTool(tool: ReportedTool, { emit, next, readOnlyTools, maxResultChars }: ReportScene): void {
  const callId = `reported-${next.tool++}`;
  const { name, result, isError, durationMs } = tool;
  const { text, removedChars } = truncateResult(result ?? "", maxResultChars);
  const sideEffect = !readOnlyTools.has(name);
  emit("tool_call_start", { callId, name, arguments: tool.arguments, sideEffect });
  emit("tool_call_end", { callId, name, result: text, isError, truncatedChars: removedChars, durationMs });
}

function reportRetrieval(
  { query, chunks, durationMs }: ReportedRetrieval,
  { emit, next }: ReportScene,
): void {
  const queryId = `reported-query-${next.retrieval++}`;
  emit("retrieval_query", { queryId, query, topK: chunks.length });
  emit("retrieval_result", { queryId, chunks, durationMs });
}

function reportModelCall(call: ReportedModelCall, scene: ReportScene): void {
  const { emit, next, onCost } = scene;
  const callId = `reported-model-${next.model++}`;
  const { provider, model, text, finishReason, usage, costUsd, durationMs, firstTokenMs, error } = call;
  emit("llm_call_start", {
    callId,
    speaker: "agent",
    provider,
    model,
    messageCount: 0,
    toolCount: 0,
    attempt: 1,
  });
  if (error !== null) {
    reportFailure(`a model call of the agent failed: ${error}`, scene);
    return;
  }
  emit("llm_call_end", {
    callId,
    speaker: "agent",
    text,
    toolCalls: [],
    finishReason,
    usage,
    costUsd,
    cached: false,
    durationMs: durationMs ?? 0,
    timed: durationMs !== null,
    ...(firstTokenMs === null ? {} : { firstTokenMs }),
  });
  onCost({ costUsd, recordedExtraMs: 0 });
}

function reportFailure(message: string, { emit }: Pick<ReportScene, "emit">): void {
  emit("error", { code: "AGENT_FAILED", message, isRetryable: false });
}
