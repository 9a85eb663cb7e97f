import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { scanFiles } from "../byte-scan.js";
import type { FinishedDeletion } from "../forget-user.js";
import { bundleChild, deletionOf, removeBundle } from "./bundled-child.js";
import { ADA, plantProject } from "./planted-project.js";

export interface Planted {
  /** A copy of the project of its own. */
  copy(): string;
}

/** Gives the tests of a file copies of one planted project, and the program that deletes in them. */
export function withPlanted(): Planted {
  const folder = mkdtempSync(join(tmpdir(), "agentctl-forget-"));
  const template = join(folder, "planted");
  beforeAll(() => Promise.all([plantProject(template), bundleChild()]), 120_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    removeBundle();
  });
  return {
    copy() {
      const root = mkdtempSync(join(folder, "copy-"));
      cpSync(template, root, { recursive: true });
      return root;
    },
  };
}

/** Those of some words that lie somewhere in a project. */
export function found(root: string, words: readonly string[]): readonly string[] {
  const hits = new Set(scanFiles([root], words).hits.map(({ text }) => text));
  return words.filter((word) => hits.has(word));
}

export async function forgetAda(root: string): Promise<FinishedDeletion> {
  const [deletion] = await deletionOf(root, ADA);
  if (deletion === undefined) throw new Error("a deletion without a receipt");
  return deletion;
}
