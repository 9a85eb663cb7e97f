import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the shipped datasets, for tests. */
export const DATASETS = fileURLToPath(new URL("../../../datasets", import.meta.url));

export function shipped(...parts: readonly string[]): string {
  return join(DATASETS, ...parts);
}
