import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LabelEntry, VerdictEntry } from "../src/core/judgement.js";
import { calibrateJudge } from "../src/eval/judge/calibrate-judge.js";
import type { CalibrateFlags } from "../src/eval/judge/calibrate-rules.js";
import type { CalibrationReport } from "../src/judge/calibration/calibration-report.js";
import { type JudgementStore, openJudgementStore } from "../src/store/judgement-store.js";
import { temporaryFolder } from "./run-cli.js";
import { runCommand } from "./run-command.js";

/** A label of a person; the id is made of what it says. */
export function label(
  entry: Pick<LabelEntry, "rubric" | "item" | "value"> & Partial<LabelEntry>,
): LabelEntry {
  const { rubric, item, author = "ann", value, action = "label" } = entry;
  return {
    id: `${rubric}/${item}/${author}/${action}/${value}`,
    author,
    action,
    comment: null,
    at: "2026-11-01T00:00:00.000Z",
    source: "labels.jsonl",
    ...entry,
  };
}

/** A vote of an imported judge. */
export function vote(
  entry: Pick<VerdictEntry, "judge" | "rubric" | "item" | "value"> & Partial<VerdictEntry>,
): VerdictEntry {
  return {
    judgeVersion: `version of ${entry.judge}`,
    subjectHash: entry.item,
    order: "first",
    vote: 0,
    share: null,
    reason: entry.value === null ? "unmapped" : null,
    word: String(entry.value),
    reasoning: "",
    costUsd: null,
    at: "2026-11-02T00:00:00.000Z",
    ...entry,
  };
}

/** A project folder with nothing but a project file, and what `fill` puts in its judgements. */
export function projectWith(fill: (store: JudgementStore) => void): string {
  const cwd = temporaryFolder();
  writeFileSync(
    join(cwd, "agentctl.yaml"),
    "version: 1\ndefault_suite: main\nsuites:\n  main:\n    agent: agents/a.yaml\n    dataset: d.jsonl\n",
  );
  const store = openJudgementStore(join(cwd, ".agentctl", "judgements.db"));
  fill(store);
  store.close();
  return cwd;
}

/** Noon of the day on which tests calibrate, in milliseconds since the Unix epoch. */
export const NOON = Date.parse("2026-11-21T12:00:00.000Z");

/** What a workflow needs beside its flags, at a fixed time. */
export function services(workingDirectory: string, now = NOON) {
  return { workingDirectory, clock: { now: () => now, monotonic: () => 0 } };
}

/** Calibrates a judge in this process. */
export async function calibrate(
  cwd: string,
  judge: string,
  flags: CalibrateFlags = {},
): Promise<CalibrationReport> {
  return (await calibrateJudge(judge, flags, services(cwd))).report;
}

/** Calibrates a judge as a user would. */
export async function byCommand(cwd: string, judge: string): Promise<CalibrationReport> {
  const { stdout, stderr, exitCode } = await runCommand(["judge", "calibrate", judge, "--json"], { cwd });
  if (exitCode !== 0 || stderr !== "") throw new Error(`exit ${exitCode}: ${stderr}`);
  return JSON.parse(stdout) as CalibrationReport;
}
