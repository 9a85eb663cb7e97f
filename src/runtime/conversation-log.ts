import type { Json } from "../core/hash.js";
import type { Message } from "../core/message.js";

/**
 * What a conversation has to remember to go on after a crash: its messages in order, and notes of its parts (an open
 * plan, an action that waits for a yes). What a log that persists was told outlives the process at the end of the turn of
 * the event loop, or when `keep` returns.
 */
export interface ConversationLog {
  /** From the first message of the user on; the system prompt is not in it. */
  readonly messages: readonly Message[];
  append(message: Message): void;
  /** @returns the note, or `undefined` */
  note(key: string): Json | undefined;
  /** `null` removes the note. */
  setNote(key: string, value: Json | null): void;
  /** Called before the world can see what follows from the log. Throws when something of it was lost. */
  keep(): void;
}

/** A log that lives as long as the process: for trials, which are run again from the start. */
export function memoryLog(messages: readonly Message[] = []): ConversationLog {
  const kept = [...messages];
  const notes = new Map<string, Json>();
  return {
    messages: kept,
    append: (message) => void kept.push(message),
    note: (key) => notes.get(key),
    setNote: (key, value) => void (value === null ? notes.delete(key) : notes.set(key, value)),
    keep: () => {},
  };
}
