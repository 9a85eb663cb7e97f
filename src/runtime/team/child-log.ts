import type { Json } from "../../core/hash.js";
import type { Message } from "../../core/message.js";
import type { ConversationLog } from "../conversation-log.js";
import { TOTALS_NOTE } from "../tools/policy/spent-totals.js";

/**
 * The conversation with a specialist, kept in notes of the supervisor's log: a crash resumes both. What was spent of a
 * total is noted with the supervisor's own, up to the outermost.
 */
export function childLog(parent: ConversationLog, name: string): ConversationLog {
  const prefix = `team.${name}`;
  const noteKey = (key: string) => (key === TOTALS_NOTE ? key : `${prefix}.note.${key}`);
  const messages = [...((parent.note(`${prefix}.messages`) ?? []) as unknown as readonly Message[])];
  return {
    messages,
    append: (message) => {
      messages.push(message);
      parent.setNote(`${prefix}.messages`, [...messages] as unknown as Json);
    },
    note: (key) => parent.note(noteKey(key)),
    setNote: (key, value) => parent.setNote(noteKey(key), value),
    keep: () => parent.keep(),
  };
}

/**
 * Ends a turn that failed, so that the next task begins a new one: calls without a result get one, and the last word is
 * the assistant's.
 */
export function closeTurn(log: ConversationLog, why: string): void {
  const { messages } = log;
  const answered = new Set(messages.flatMap((one) => (one.role === "tool" ? [one.toolCallId] : [])));
  const open = messages.flatMap((one) =>
    one.role === "assistant" ? (one.toolCalls ?? []).filter(({ id }) => !answered.has(id)) : [],
  );
  for (const { id, name } of open) {
    log.append({ role: "tool", toolCallId: id, name, content: `No result: ${why}.` });
  }
  const last = messages.at(-1);
  const isClosed = last === undefined || (last.role === "assistant" && (last.toolCalls ?? []).length === 0);
  if (!isClosed) log.append({ role: "assistant", content: `I could not finish this: ${why}.` });
}
