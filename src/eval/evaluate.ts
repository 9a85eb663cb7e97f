import { resolve } from "node:path";
import type { Clock } from "../core/clock.js";
import { EXIT, type ExitCode } from "../core/exit-codes.js";
import type { RunHeader, RunStatus } from "../core/run.js";
import type { RunObserver } from "../core/run-observer.js";
import { exitCodeFor } from "../gates/exit-code.js";
import { type CassetteSink, openCassette } from "../models/cassette-file.js";
import type { RunReport } from "../report/run-report.js";
import type { Store } from "../store/store.js";
import { buildReport, traceLoader } from "./build-report.js";
import { claimRun } from "./claim-run.js";
import { type EvalFlags, type EvalInvocation, invocationOf, selectionOf } from "./eval-flags.js";
import type { Evaluation } from "./evaluation.js";
import { readGates, requireGates } from "./judge-run.js";
import { secretsOf } from "./live-model.js";
import { loadEvaluation } from "./load-evaluation.js";
import { type FoundSuite, findSuite, loadProject, type Project } from "./load-project.js";
import { newRun } from "./new-run.js";
import { checkResumable, earlierRun } from "./resume.js";
import { runEvaluation } from "./run-evaluation.js";
import { shownPath } from "./shown-path.js";
import { openProjectStore } from "./stored-run.js";
import { plannedOutputs, writeOutputs } from "./write-outputs.js";

export interface EvaluateServices {
  readonly workingDirectory: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
  /** Aborted at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly observer: RunObserver;
}

export interface EvaluateOutcome {
  readonly run: RunHeader;
  readonly report: RunReport;
  /** Report files that were written, relative to the working directory. */
  readonly written: readonly string[];
  /** Things that the user should know, one sentence each. */
  readonly notes: readonly string[];
  readonly exitCode: ExitCode;
}

/**
 * `agentctl eval`: loads a suite, runs its trials or those that an earlier run left, stores them, and builds
 * the report.
 *
 * @throws {UsageError | ConfigError | DatasetError} before anything is written
 * @throws {StoreError} when the run history or a report cannot be written
 */
export async function evaluate(flags: EvalFlags, services: EvaluateServices): Promise<EvaluateOutcome> {
  const { workingDirectory } = services;
  const project = loadProject(flags.config, workingDirectory);
  const outputs = plannedOutputs(flags, project, workingDirectory);
  const store = openProjectStore(project);
  let cassette: CassetteSink | null = null;
  let release = () => {};
  try {
    const earlier = earlierRun(flags, store);
    cassette = await cassetteOf(flags.record ?? earlier?.invocation.record, services);
    const suite = findSuite(project, earlier?.suite ?? flags.suite);
    const read = flags.gate === true ? requireGates : readGates;
    const gates = read(project, suite.name, workingDirectory);
    const { run, evaluation } = await prepare(flags, suite, earlier, { store, cassette, project, services });
    release = claimRun(store, run.id);
    const { status, notes } = await runEvaluation(
      run,
      evaluation,
      {
        maxConcurrency: flags.maxConcurrency ?? project.config.max_concurrency,
        budgetUsd: flags.budgetUsd ?? null,
        failFast: flags.failFast === true,
        retryErrors: flags.retryErrors !== undefined,
      },
      { store, clock: services.clock, signal: services.signal, observer: services.observer },
    );
    const finished = store.getRun(run.id) ?? run;
    const report = buildReport(store, finished, evaluation.dataset.cases, gates);
    const written =
      status === "interrupted" ? [] : await writeOutputs(outputs, report, traceLoader(store, run.id));
    return {
      run: finished,
      report,
      written: written.map((file) => shownPath(file, workingDirectory)),
      notes: [...evaluation.notes, ...notes],
      exitCode: exitCodeOf(status, report, flags.gate === true),
    };
  } finally {
    await cassette?.close();
    release();
    store.close();
  }
}

/**
 * Opens the cassette to record into. One that exists is brought up to date: what is recorded now replaces what
 * it holds of the same trials, and the rest stays.
 */
async function cassetteOf(file: unknown, services: EvaluateServices): Promise<CassetteSink | null> {
  if (typeof file !== "string") return null;
  return openCassette(resolve(services.workingDirectory, file), {
    append: true,
    secrets: secretsOf(services.env),
  });
}

function exitCodeOf(status: RunStatus, report: RunReport, gated: boolean): ExitCode {
  if (status === "interrupted") return EXIT.interrupted;
  if (gated && report.gate !== null) return exitCodeFor(report.gate.verdict);
  return status === "complete" && report.totals.errors === 0 ? EXIT.ok : EXIT.infrastructure;
}

/** Loads what is to run, and creates the run unless an earlier one goes on. */
async function prepare(
  flags: EvalFlags,
  suite: FoundSuite,
  earlier: RunHeader | null,
  context: {
    readonly store: Store;
    readonly cassette: CassetteSink | null;
    readonly project: Project;
    readonly services: EvaluateServices;
  },
): Promise<{ readonly run: RunHeader; readonly evaluation: Evaluation }> {
  const { store, cassette, project, services } = context;
  const invocation =
    earlier === null ? invocationOf(flags) : (earlier.invocation as unknown as EvalInvocation);
  const evaluation = await loadEvaluation(
    {
      ...invocation,
      ...(invocation.timeout === undefined ? {} : { timeoutMs: invocation.timeout * 1000 }),
      suite,
      selection: earlier === null ? selectionOf(invocation, store) : {},
      passWithNoTests: flags.passWithNoTests === true,
    },
    {
      workingDirectory: services.workingDirectory,
      env: services.env,
      clock: services.clock,
      // A recording must hold what the provider answers now.
      cache: flags.cache && cassette === null ? store.cache : null,
      cassette,
    },
  );
  if (earlier !== null) {
    checkResumable(earlier, evaluation);
    return { run: earlier, evaluation };
  }
  const run = await newRun(evaluation, {
    clock: services.clock,
    folder: project.root,
    tags: flags.tag ?? [],
    invocation: { ...invocation },
  });
  store.createRun(run, evaluation.cases);
  return { run, evaluation };
}
