import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Replaces a file at once, and on disk when it resolves: a crash leaves the old or the new text, never half of one. */
export async function writeDurably(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await synced(temporary, "wx", (handle) => handle.writeFile(text));
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    // A name of chance would make every try another failure.
    throw new Error((error as Error).message.replaceAll(temporary, file), { cause: error });
  }
  await synced(dirname(file), "r", async () => {});
}

async function synced(
  path: string,
  flags: string,
  work: (handle: Awaited<ReturnType<typeof open>>) => Promise<void>,
): Promise<void> {
  const handle = await open(path, flags, 0o644);
  try {
    await work(handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
