/**
 * Loads a module of the user and runs it. TypeScript is stripped of its types, not checked. Without caches: a file that
 * changed is loaded anew, and nothing is left in the user's folders.
 *
 * @param file - absolute
 * @throws whatever the module throws, or what keeps it from being read
 */
export async function importModule(file: string): Promise<unknown> {
  const { createJiti } = await import("jiti");
  return createJiti(import.meta.url, { moduleCache: false, fsCache: false }).import(file);
}

/** Why a module could not be loaded: the first line of the error. */
export function loadFailure(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return `cannot be loaded: ${(text.split("\n")[0] ?? "").trim()}`;
}
