import { createHash } from "node:crypto";
import type { ConversationRecord } from "./conversation-record.js";

/** Characters that are hashed at once. */
const PIECE = 1 << 20;

/**
 * SHA-256 of conversations as lines of JSON, lower-case hex: the same for the same ones in the same order. Piece by piece,
 * since those of a large release are longer than any text can be.
 */
export function hashConversations(conversations: readonly ConversationRecord[]): string {
  const hash = createHash("sha256");
  let lines = "";
  for (const conversation of conversations) {
    lines += `${JSON.stringify(conversation)}\n`;
    if (lines.length < PIECE) continue;
    hash.update(lines);
    lines = "";
  }
  return hash.update(lines).digest("hex");
}
