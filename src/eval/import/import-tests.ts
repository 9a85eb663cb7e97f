import { NOTHING_EXPECTED } from "../../core/golden-case.js";
import type { ImportedRun, ImportedTrial } from "../../datasets/import/imported-run.js";
import type { RunReport } from "../../report/run-report.js";
import { type ImportFlags, type ImportServices, importRun } from "./import-run.js";

/** What became of one test of a test runner. */
export interface TestOutcome {
  /** Unique in its session, e.g. `test/refund.test.ts > refunds > asks for the order`. */
  readonly id: string;
  /** Tests of one file are one cluster. */
  readonly file: string;
  /** `broken`: it never ran, e.g. because its file could not be loaded. */
  readonly state: "passed" | "failed" | "broken";
  /** Why it failed or broke; empty when it passed. */
  readonly messages: readonly string[];
  readonly startedAt: string | null;
  readonly durationMs: number | null;
}

/** A session of a test runner. */
export interface TestSession {
  readonly runner: string;
  readonly tests: readonly TestOutcome[];
  /** Tests that were not to run. */
  readonly skipped: number;
}

/**
 * Stores a session of a test runner as a run, one case a test, so that it has a history.
 *
 * @throws {ConfigError} when there is no project
 * @throws {StoreError} when the run history cannot be written
 */
export function importTests(
  session: TestSession,
  flags: ImportFlags,
  services: ImportServices,
): Promise<RunReport> {
  return importRun(session.runner, session.runner, () => runOf(session), flags, services);
}

function runOf({ runner, tests, skipped }: TestSession): ImportedRun {
  return {
    cases: tests.map(({ id, file }) => ({
      id,
      input: { kind: "text", text: id },
      expect: NOTHING_EXPECTED,
      environment: null,
      risk: null,
      tags: [],
      group: file,
      split: "test",
      review: null,
    })),
    trials: tests.map(trialOf),
    agentName: runner,
    model: null,
    userModel: null,
    metrics: [],
    scoreFacts: [],
    notes: skipped === 0 ? [] : [`${skipped} tests were skipped and are not in the run`],
  };
}

function trialOf({ id, state, messages, startedAt, durationMs }: TestOutcome): ImportedTrial {
  const text = messages.join("\n");
  return {
    caseId: id,
    trial: 0,
    error: state === "broken" ? { code: "TEST_NOT_RUN", message: text } : null,
    stopReason: state === "broken" ? "error" : "answered",
    startedAt,
    durationMs,
    steps:
      text === ""
        ? []
        : [{ kind: "reply", text, says: { toolCalls: false, retrievals: false, modelCalls: false } }],
    reward: state === "broken" ? null : state === "passed" ? 1 : 0,
    scores: {},
  };
}
