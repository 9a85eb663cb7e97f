import { createHash } from "node:crypto";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { type GoldenCase, NOTHING_EXPECTED } from "../../core/golden-case.js";
import type { RunHeader } from "../../core/run.js";
import type { Score } from "../../core/score.js";
import type { Trial } from "../../core/trial.js";
import type { TrialRow } from "../../metrics/metric.js";
import type { Store } from "../../store/store.js";
import { plannedCases } from "../compare/run-evidence.js";
import { INVOCATION_PATHS } from "../eval-flags.js";

/** A line of an exported run. */
export type ExportRecord =
  | {
      readonly kind: "run";
      readonly schema: "agentctl/run-export";
      readonly version: 1;
      readonly hasTrials: boolean;
      readonly run: RunHeader;
    }
  | { readonly kind: "case"; readonly hidden: boolean; readonly case: GoldenCase }
  | { readonly kind: "trial"; readonly row: TrialRow; readonly trial?: Trial }
  | { readonly kind: "end"; readonly hash: string };

const HIDDEN = "(left out of the export)";

/**
 * The records of a run, in an order that depends on nothing but the run: its header, its cases in the order of the
 * plan, its trials by case, and the hash of all that.
 *
 * Without trials it is what a comparison needs and no more: no conversation, no detail of a score, no command line, no
 * text of a holdout case.
 *
 * @param root - folder that paths of the command line become relative to
 */
export function* exportRecords(
  store: Store,
  run: RunHeader,
  hasTrials: boolean,
  root: string,
): Generator<ExportRecord> {
  const hash = recordHash();
  for (const record of contentRecords(store, run, hasTrials, root)) {
    hash.add(record);
    yield record;
  }
  yield { kind: "end", hash: hash.value() };
}

/** The hash that the last record holds, of those before it. */
export function recordHash(): { readonly add: (record: ExportRecord) => void; readonly value: () => string } {
  const hash = createHash("sha256");
  return {
    add: (record) => {
      hash.update(`${JSON.stringify(record)}\n`);
    },
    value: () => hash.digest("hex"),
  };
}

function* contentRecords(
  store: Store,
  run: RunHeader,
  hasTrials: boolean,
  root: string,
): Generator<ExportRecord> {
  const invocation = hasTrials ? movedPaths(run.invocation, (path) => outgoing(path, root)) : {};
  const header = { ...run, invocation };
  yield { kind: "run", schema: "agentctl/run-export", version: 1, hasTrials, run: header };
  for (const goldenCase of plannedCases(store, run, new Map()).values()) {
    const hidden = !hasTrials && goldenCase.split === "holdout";
    yield { kind: "case", hidden, case: hidden ? withoutTexts(goldenCase) : goldenCase };
  }
  if (hasTrials) {
    for (const { trial, row } of store.trials(run.id)) yield { kind: "trial", row, trial };
  } else {
    for (const row of store.trialRows(run.id)) yield { kind: "trial", row: withoutDetails(row) };
  }
}

function withoutTexts(goldenCase: GoldenCase): GoldenCase {
  return { ...goldenCase, input: { kind: "text", text: HIDDEN }, expect: NOTHING_EXPECTED };
}

function withoutDetails(row: TrialRow): TrialRow {
  const scores: Record<string, Score> = {};
  for (const [metric, score] of Object.entries(row.scores)) {
    scores[metric] = score.value === null ? score : { value: score.value };
  }
  return { ...row, scores };
}

/** A command line whose paths were moved. */
export function movedPaths(
  invocation: RunHeader["invocation"],
  move: (path: string) => string,
): RunHeader["invocation"] {
  return Object.fromEntries(
    Object.entries(invocation).map(([key, value]) => {
      const isPath = (INVOCATION_PATHS as readonly string[]).includes(key) && typeof value === "string";
      return [key, isPath ? move(value) : value];
    }),
  );
}

function outgoing(path: string, root: string): string {
  const within = relative(root, path);
  return within.startsWith("..") || isAbsolute(within) ? path : within.split(sep).join("/");
}

/** A path of an exported command line in a project of this machine. */
export function incomingPath(path: string, root: string): string {
  return resolve(root, path);
}
