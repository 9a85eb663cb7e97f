import type { AgentEvent } from "../../core/events.js";
import { contentHash } from "../../core/hash.js";
import type { Message, ToolCall } from "../../core/message.js";
import type { CaseDraft } from "../../datasets/write-dataset.js";
import type { Environment } from "../../environments/environment.js";

export interface ChatRecord {
  /** Session that was talked in: the deletion of its user finds the case by it. */
  readonly sessionId: string;
  readonly messages: readonly Message[];
  /** Of this process; earlier turns of a resumed session have none. */
  readonly events: readonly AgentEvent[];
  readonly environment: Environment | null;
}

/**
 * A conversation as a case of a golden set: the user's lines are played again, the calls that worked are expected, and
 * those that changed something must lead to the same state. A person reviews it: what happened need not be right.
 *
 * @param id - `null` for one made from what the user said
 * @returns `null` when the user has said nothing yet
 */
export function chatCase(
  id: string | null,
  { sessionId, messages, events, environment }: ChatRecord,
): CaseDraft | null {
  const script = messages.flatMap((message) => (message.role === "user" ? [message.content] : []));
  const [goal] = script;
  if (goal === undefined) return null;
  const calls = workingCalls(messages, events).map(({ name, arguments: args }) => ({ name, args }));
  const changing = new Set(
    environment?.tools.filter(({ sideEffect }) => sideEffect).map(({ spec }) => spec.name) ?? [],
  );
  return {
    line: undefined,
    place: "",
    value: {
      id: id ?? `chat-${contentHash(script).slice(0, 8)}`,
      input: script.length === 1 ? goal : { user: { goal, script } },
      expect: {
        tool_calls: calls,
        ...(environment === null
          ? {}
          : { state: { actions: calls.filter(({ name }) => changing.has(name)) } }),
      },
      environment: environment?.name,
      tags: ["chat", `session:${sessionId}`],
      review: { status: "pending" },
    },
  };
}

/** Calls that were not refused and did not fail. Where no event says so, by the words of the result. */
function workingCalls(messages: readonly Message[], events: readonly AgentEvent[]): readonly ToolCall[] {
  const failed = new Map(
    events.flatMap((event): [string, boolean][] =>
      event.event_type === "tool_call_end" ? [[event.payload.callId, event.payload.isError]] : [],
    ),
  );
  let step = 0;
  return messages.flatMap((message, index) => {
    if (message.role !== "assistant") return [];
    return (message.toolCalls ?? []).filter((call) => {
      const result = messages
        .slice(index + 1)
        .find((one) => one.role === "tool" && one.toolCallId === call.id);
      const isError =
        failed.get(`tool-${step++}`) ?? /^(?:Error:|Not run:|\{"error")/.test(result?.content ?? "Error:");
      return !isError;
    });
  });
}
