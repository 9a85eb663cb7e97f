import { contentHash, type Json } from "../../core/hash.js";
import type { Message } from "../../core/message.js";
import type { ConversationLog } from "../conversation-log.js";

/** What was summarised, so that it is summarised once. */
export interface SummaryNote {
  readonly text: string;
  /** Messages before the last one of the user that it covers. */
  readonly turnMessages: number;
  /** Messages after it. They belong to the turn that began with that message. */
  readonly stepMessages: number;
  /** Messages that stood before the last one of the user. */
  readonly historyMessages: number;
  /** Of the first and the last covered message: another conversation has another. */
  readonly fingerprint: string;
}

const NOTE = "context-summary";

export function readSummary(log: ConversationLog): SummaryNote | null {
  return (log.note(NOTE) as unknown as SummaryNote | undefined) ?? null;
}

export function writeSummary(log: ConversationLog, note: SummaryNote): void {
  log.setNote(NOTE, note as unknown as Json);
}

/** Tells the beginning of one conversation from that of another. */
export function fingerprintOf(covered: readonly Message[]): string {
  return contentHash([covered[0], covered.at(-1)].map((message) => message?.content ?? null)).slice(0, 16);
}
