import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { scanFiles } from "../byte-scan.js";
import type { FinishedDeletion } from "../forget-user.js";
import { bundleChild, deletionOf, removeBundle } from "./bundled-child.js";
import { ADA, plantProject } from "./planted-project.js";

/** A planted project for each test, made anew. */
export interface Planted {
  readonly root: string;
  /** Those of the words that lie somewhere in the project. */
  found(words: readonly string[]): readonly string[];
  forgetAda(): FinishedDeletion;
}

/** Gives each test of a file a copy of one planted project, and a program that deletes in it. */
export function withPlanted(): Planted {
  let template = "";
  let root = "";
  beforeAll(async () => {
    template = mkdtempSync(join(tmpdir(), "agentctl-planted-"));
    await Promise.all([plantProject(template), bundleChild()]);
  });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "agentctl-forget-"));
    cpSync(template, root, { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  afterAll(() => {
    rmSync(template, { recursive: true, force: true });
    removeBundle();
  });
  return {
    get root() {
      return root;
    },
    found(words) {
      const hits = new Set(scanFiles([root], words).hits.map(({ text }) => text));
      return words.filter((word) => hits.has(word));
    },
    forgetAda() {
      const [deletion] = deletionOf(root, ADA);
      if (deletion === undefined) throw new Error("a deletion without a receipt");
      return deletion;
    },
  };
}
