import { existsSync } from "node:fs";
import { memoryFile, openMemoryDatabase } from "../../runtime/memory/memory-database.js";
import { allIndexedTexts } from "./indexed-documents.js";
import { withConversations } from "./user-data.js";
import { stringsOf } from "./user-texts.js";

const REMAINING = `
  SELECT body FROM messages UNION ALL SELECT value FROM notes UNION ALL SELECT json_quote(text) FROM inbox
  UNION ALL SELECT arguments FROM effects UNION ALL SELECT outcome FROM effects WHERE outcome IS NOT NULL`;

/**
 * Which of some pieces stand in what the databases still hold, which is all of others: a greeting of the agent, say, that
 * everybody gets.
 */
export function piecesOfOthers(dataFolder: string, pieces: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  if (pieces.length === 0) return found;
  const look = (text: string) => {
    for (const piece of pieces) if (text.includes(piece)) found.add(piece);
  };
  withConversations(
    dataFolder,
    (database) => {
      for (const json of database.prepare<[], string>(REMAINING).pluck().iterate())
        stringsOf(json).forEach(look);
    },
    undefined,
  );
  rememberedTexts(dataFolder).forEach(look);
  allIndexedTexts(dataFolder).forEach(look);
  return found;
}

function rememberedTexts(dataFolder: string): readonly string[] {
  const file = memoryFile(dataFolder);
  if (!existsSync(file)) return [];
  const database = openMemoryDatabase(file);
  try {
    return database.prepare<[], string>("SELECT text FROM facts").pluck().all();
  } finally {
    database.close();
  }
}
