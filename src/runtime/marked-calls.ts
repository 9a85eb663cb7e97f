import type { ConversationLog } from "./conversation-log.js";

const NOTE = "calls";

type Mark = "failed" | "not_run";

/** What became of a tool call of the open turn; `open`: nothing is known yet. */
export type CallState = Mark | "done" | "open";

interface MarkedCalls {
  /** User messages of the conversation when the marks were made. */
  readonly turn: number;
  readonly marks: { readonly [callId: string]: Mark };
}

/** 1-based number of the turn that a conversation is in: how often the user spoke. */
export function turnOf({ messages }: ConversationLog): number {
  return messages.reduce((count, { role }) => count + (role === "user" ? 1 : 0), 0);
}

/**
 * Remembers that a call failed or was never run: the messages hold only the words that the model reads. To be called
 * before its result is appended, so that no crash comes between. Marks last until the next turn makes its first one.
 */
export function markCall(log: ConversationLog, callId: string, mark: Mark): void {
  const turn = turnOf(log);
  log.setNote(NOTE, { turn, marks: { ...marksOf(log, turn), [callId]: mark } });
}

/** State of a call by its id, also after a crash. */
export function callState(log: ConversationLog, callId: string): CallState {
  const isAnswered = log.messages.some((message) => message.role === "tool" && message.toolCallId === callId);
  if (!isAnswered) return "open";
  const marks = marksOf(log, turnOf(log));
  return (Object.hasOwn(marks, callId) ? marks[callId] : undefined) ?? "done";
}

function marksOf(log: ConversationLog, turn: number): MarkedCalls["marks"] {
  const note = log.note(NOTE) as MarkedCalls | undefined;
  return note?.turn === turn ? note.marks : {};
}
