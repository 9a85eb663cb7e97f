import { systemClock } from "../core/clock.js";
import type { EvalFlags } from "../eval/eval-flags.js";
import { evaluate } from "../eval/evaluate.js";
import { SuiteResult } from "./suite-result.js";

/** What to evaluate: the flags of `agentctl eval` by their names in camel case. All are optional. */
export interface SuiteOptions
  extends Pick<
    EvalFlags,
    | "config"
    | "suite"
    | "dataset"
    | "agent"
    | "recording"
    | "without"
    | "maxConcurrency"
    | "trials"
    | "limit"
    | "filterPattern"
    | "filterTag"
    | "caseId"
    | "seed"
    | "timeout"
    | "budgetUsd"
    | "cache"
    | "tag"
    | "baseline"
  > {
  /** Folder to begin in when the project file is looked for; default: the working directory of the process. */
  readonly cwd?: string;
  /** Ends the run when it is aborted: what was finished is kept. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a suite as `agentctl eval` does and stores the run. Trials that fail are no error: the matchers say what must hold.
 *
 * @throws {UsageError | ConfigError | DatasetError} when the suite cannot be loaded
 * @throws {StoreError} when the run history cannot be written
 */
export async function evaluateSuite(options: SuiteOptions = {}): Promise<SuiteResult> {
  const { cwd = process.cwd(), signal = new AbortController().signal, ...flags } = options;
  const { report } = await evaluate(flags, {
    workingDirectory: cwd,
    env: process.env,
    clock: systemClock,
    signal,
    observer: { runStarted() {}, trialStarted() {}, trialFinished() {}, runFinished() {} },
  });
  return new SuiteResult(report, { config: options.config, cwd });
}
