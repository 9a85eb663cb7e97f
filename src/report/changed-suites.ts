import type { Verdict } from "../core/score.js";
import { renderDocument } from "./json-document.js";

/** What became of one suite of `agentctl eval --changed`. */
export interface SuiteOutcome {
  readonly suite: string;
  /** Whether it was run; otherwise its earlier run stands. */
  readonly isRun: boolean;
  /** Why, in a few words. */
  readonly reason: string;
  /** The run that counts for the suite now. */
  readonly runId: string;
  /** By the gates as they are now; `null` without gate rules. */
  readonly verdict: Verdict | null;
  /** That of the suite alone. */
  readonly exitCode: number;
}

/** One line for a suite. */
export function renderSuite({ suite, isRun, reason, runId, verdict }: SuiteOutcome): string {
  const what = isRun ? `ran as ${runId} (${reason})` : `not run: ${reason}`;
  return `${suite}: ${what}${verdict === null ? "" : `, gate: ${verdict}`}`;
}

/** The document of `agentctl eval --changed --json`. */
export function renderChangedSuitesJson(suites: readonly SuiteOutcome[]): string {
  return renderDocument("changed-suites", { suites });
}
