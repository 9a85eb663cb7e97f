import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";

const FOREIGN = ["node_modules", ".git"];

/**
 * Every file below a folder, in the order of paths; none when there is no such folder. Links are not followed, and
 * packages and the history of a version control are left out: nothing of a conversation is written there.
 */
export function filesBelow(folder: string): readonly string[] {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return FOREIGN.includes(entry.name) ? [] : filesBelow(path);
      return entry.isFile() ? [path] : [];
    })
    .sort();
}
