import type { ToolCallSpan, Trace } from "../../core/trace.js";

/** Tool calls that changed something; a refused, failed or unanswered call changed nothing. */
export function executedEffects(trace: Trace): readonly ToolCallSpan[] {
  return trace.toolCalls.filter((call) => call.sideEffect && call.result !== null && !call.isError);
}
