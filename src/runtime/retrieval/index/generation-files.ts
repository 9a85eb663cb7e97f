import { closeSync, fsyncSync, openSync } from "node:fs";
import { join } from "node:path";

export function databasePath(folder: string, generation: string): string {
  return join(folder, `${generation}.db`);
}

export function vectorsPath(folder: string, generation: string): string {
  return join(folder, `${generation}.vectors`);
}

export function syncFile(path: string): void {
  const file = openSync(path, "r+");
  fsyncSync(file);
  closeSync(file);
}
