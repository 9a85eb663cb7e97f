import type { ConversationLog } from "../conversation-log.js";
import { callCount } from "../conversation-turn.js";
import { callState } from "../marked-calls.js";
import type { Tool, ToolArguments } from "../tools/tool.js";

/** Something that a specialist did to the world. */
export interface DoneEffect {
  readonly tool: Tool;
  readonly args: ToolArguments;
  /** What the tool answered. */
  readonly result: string;
  /** Id of the call in the specialist's own events. */
  readonly callId: string;
}

/** Effects of the open or last turn of a conversation, in order: calls with a side effect that did not fail. */
export function effectsOfTurn(log: ConversationLog, tools: readonly Tool[]): readonly DoneEffect[] {
  const { messages } = log;
  const from = messages.findLastIndex(({ role }) => role === "user");
  let step = callCount(messages.slice(0, Math.max(0, from)));
  const effects: DoneEffect[] = [];
  for (const message of messages.slice(from + 1)) {
    if (message.role !== "assistant") continue;
    for (const call of message.toolCalls ?? []) {
      const callId = `tool-${step++}`;
      const tool = tools.find(({ spec }) => spec.name === call.name);
      if (tool === undefined || tool.reversibility === "read" || callState(log, call.id) !== "done") continue;
      const answer = messages.findLast((one) => one.role === "tool" && one.toolCallId === call.id);
      effects.push({ tool, args: call.arguments, result: answer?.content ?? "", callId });
    }
  }
  return effects;
}
