import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { type JudgementStore, judgementFile, openJudgementStore } from "../../../store/judgement-store.js";

/** A judge of grades from 1 to 3. */
export const GRADE_JUDGE = `version: 1
name: grade
rubric: { version: "1", text: How good is it? }
scale:
  kind: ordinal
  levels: [{ value: 1, anchor: bad }, { value: 2, anchor: fair }, { value: 3, anchor: good }]
heuristic: majority
synonyms: { superb: 3 }
`;

/** It is always eight o'clock. */
export const EIGHT = { now: () => Date.parse("2026-11-21T08:00:00.000Z"), monotonic: () => 0 };

export interface ImportProject {
  readonly root: string;
  /** Hands over the labels and verdicts of the project. */
  read<T>(use: (store: JudgementStore) => T): T;
}

/** Gives each test of a file a project of its own, in which it runs. */
export function withImportProject(): ImportProject {
  const home = process.cwd();
  const project = {
    root: "",
    read<T>(use: (store: JudgementStore) => T): T {
      const store = openJudgementStore(judgementFile(join(project.root, ".agentctl")));
      try {
        return use(store);
      } finally {
        store.close();
      }
    },
  };
  beforeEach(() => {
    project.root = mkdtempSync(join(tmpdir(), "agentctl-import-"));
    mkdirSync(join(project.root, "judges"));
    writeFileSync(
      join(project.root, "agentctl.yaml"),
      "version: 1\ndefault_suite: main\nsuites:\n  main: { dataset: main.jsonl, agent: a.yaml }\n",
    );
    process.chdir(project.root);
  });
  afterEach(() => {
    process.chdir(home);
    rmSync(project.root, { recursive: true });
  });
  return project;
}
