import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Problem } from "../core/errors.js";
import { listNames, nearest } from "../core/nearest.js";

/**
 * Says why a file cannot be opened, and which file was probably meant.
 *
 * @param path - the path as the user gave it
 * @param error - what the file system answered
 */
export async function describeUnreadableFile(path: string, error: unknown): Promise<Problem> {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOENT":
      return { file: path, message: await describeMissing(path) };
    case "EISDIR":
      return { file: path, message: `is a folder; expected a file${await describeFilesIn(path)}` };
    case "ENOTDIR":
      return { file: path, message: "does not exist: a part of its path is a file, not a folder" };
    case "EACCES":
    case "EPERM":
      return { file: path, message: "may not be read; check its permissions" };
    default:
      return {
        file: path,
        message: `could not be read: ${error instanceof Error ? error.message : String(error)}`,
      };
  }
}

async function describeMissing(path: string): Promise<string> {
  const folder = dirname(path);
  const names = await namesIn(folder);
  if (names === null) return `does not exist, and neither does its folder ${folder}`;
  const meant = nearest(basename(path), names);
  if (meant !== undefined) return `does not exist; did you mean \`${join(folder, meant)}\`?`;
  return `does not exist${await describeFilesIn(folder)}`;
}

async function describeFilesIn(folder: string): Promise<string> {
  const names = (await namesIn(folder))?.filter((name) => name.endsWith(".jsonl")) ?? [];
  return names.length === 0 ? "" : `; ${folder} has ${listNames(names.sort(), 8)}`;
}

async function namesIn(folder: string): Promise<string[] | null> {
  try {
    return await readdir(folder);
  } catch {
    return null;
  }
}
