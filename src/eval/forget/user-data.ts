import { existsSync } from "node:fs";
import type Database from "better-sqlite3";
import type { Clock } from "../../core/clock.js";
import { memoryFile } from "../../runtime/memory/memory-database.js";
import { openMemoryStore } from "../../runtime/memory/memory-store.js";
import { conversationFile, openConversationDatabase } from "../../runtime/session/conversation-database.js";
import { indexedTexts } from "./indexed-documents.js";
import type { ReceiptUser } from "./receipt.js";
import { piecesOf, stringsOf } from "./user-texts.js";

export interface UserData {
  /** Ids of sessions, of conversations with side effects, and of those that facts were learned in. */
  readonly conversations: readonly string[];
  readonly sessions: number;
  readonly facts: number;
  /** Pieces of what the user and the agent said and of the user's documents, for the scan afterwards. They stay in this process. */
  readonly pieces: readonly string[];
}

const CONVERSATIONS = `
  SELECT id FROM sessions WHERE tenant = @tenantId AND user = @userId
  UNION SELECT conversation FROM effects WHERE tenant = @tenantId AND user = @userId`;

const SESSIONS = "SELECT count(*) FROM sessions WHERE tenant = @tenantId AND user = @userId";

const TEXTS = `
  WITH mine AS (SELECT key FROM sessions WHERE tenant = @tenantId AND user = @userId)
  SELECT body AS text FROM messages WHERE session IN mine
  UNION ALL SELECT value FROM notes WHERE session IN mine
  UNION ALL SELECT json_quote(inbox.text) FROM inbox WHERE session IN mine
  UNION ALL SELECT arguments FROM effects WHERE tenant = @tenantId AND user = @userId
  UNION ALL SELECT outcome FROM effects WHERE tenant = @tenantId AND user = @userId AND outcome IS NOT NULL`;

/** What there is of a user before a deletion. */
export function findUserData(dataFolder: string, user: ReceiptUser, clock: Clock): UserData {
  const owner = { tenantId: user.tenantId, userId: user.userId };
  const remembered = readMemory(dataFolder, owner, clock);
  const { conversations, sessions, texts } = withConversations(
    dataFolder,
    (database) => ({
      conversations: database.prepare<ReceiptUser, string>(CONVERSATIONS).pluck().all(owner),
      sessions: database.prepare<ReceiptUser, number>(SESSIONS).pluck().get(owner) ?? 0,
      texts: database.prepare<ReceiptUser, string>(TEXTS).pluck().all(owner).flatMap(stringsOf),
    }),
    { conversations: [], sessions: 0, texts: [] },
  );
  return {
    conversations: [...new Set([...conversations, ...remembered.sources])],
    sessions,
    facts: remembered.texts.length,
    pieces: piecesOf([...texts, ...remembered.texts, ...indexedTexts(dataFolder, owner)]),
  };
}

function readMemory(dataFolder: string, user: ReceiptUser, clock: Clock) {
  const file = memoryFile(dataFolder);
  if (!existsSync(file)) return { sources: [], texts: [] };
  const store = openMemoryStore(file, clock);
  try {
    const scope = { ...user, space: "" };
    return { sources: store.sources(scope), texts: store.history(scope).map(({ text }) => text) };
  } finally {
    store.close();
  }
}

/** Hands the file of conversations to `use`; without a file `none`. */
export function withConversations<T>(
  dataFolder: string,
  use: (database: Database.Database) => T,
  none: T,
): T {
  const file = conversationFile(dataFolder);
  if (!existsSync(file)) return none;
  const database = openConversationDatabase(file);
  try {
    return use(database.connection);
  } finally {
    database.close();
  }
}
