import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { execa } from "execa";
import { packageRoot } from "../../project/package-root.js";
import type { FinishedDeletion } from "../forget-user.js";
import type { ReceiptUser } from "../receipt.js";

/** Within the repository, so that packages are found. */
const FOLDER = join(packageRoot, "node_modules", ".cache", `agentctl-forget-${process.pid}`);

/** Bundles the program that deletes: as TypeScript it and its threads would take seconds to start, each time. */
export async function bundleChild(): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL("./forget-child.ts", import.meta.url))],
    outdir: FOLDER,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "warning",
  });
}

export function removeBundle(): void {
  rmSync(FOLDER, { recursive: true, force: true });
}

/** Deletes in a process of its own that is killed at a point. @returns the signal that ended it */
export async function killedDeletion(root: string, { tenantId, userId }: ReceiptUser, killAt: string) {
  const { signal } = await run(root, tenantId, userId, killAt);
  return signal;
}

/** Deletes a user, or finishes what was cut off, in a process of its own. @throws {Error} with what it said when it failed */
export async function deletionOf(
  root: string,
  user: ReceiptUser | null,
): Promise<readonly FinishedDeletion[]> {
  const ended = await run(root, ...(user === null ? [] : [user.tenantId, user.userId]));
  if (ended.exitCode !== 0) throw new Error(ended.stderr);
  return JSON.parse(ended.stdout) as FinishedDeletion[];
}

function run(...args: readonly string[]) {
  return execa(process.execPath, [join(FOLDER, "forget-child.js"), ...args], { reject: false });
}
