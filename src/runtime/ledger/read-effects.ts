import { existsSync } from "node:fs";
import { conversationFile } from "../session/conversation-database.js";
import type { Effect } from "./ledger-store.js";
import { openLedgerStore } from "./sqlite-ledger-store.js";

/**
 * The side effects of a stored conversation, in the order in which they were intended.
 *
 * @param dataFolder - the project's `.agentctl`
 * @returns none when nothing was stored there
 * @throws {StoreError} when the file cannot be read
 */
export function readEffects(dataFolder: string, conversationId: string): readonly Effect[] {
  const file = conversationFile(dataFolder);
  if (!existsSync(file)) return [];
  const store = openLedgerStore(file, "kill");
  try {
    return store.effects(conversationId);
  } finally {
    store.close();
  }
}
