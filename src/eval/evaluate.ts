import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { Clock } from "../core/clock.js";
import { UsageError } from "../core/errors.js";
import { EXIT, type ExitCode } from "../core/exit-codes.js";
import type { RunHeader, RunStatus } from "../core/run.js";
import type { RunObserver } from "../core/run-observer.js";
import { exitCodeFor } from "../gates/exit-code.js";
import { metricsOfGates } from "../gates/gate-kind.js";
import { type CassetteSink, openCassette } from "../models/cassette-file.js";
import type { RunReport } from "../report/run-report.js";
import type { Agent } from "../runtime/agent.js";
import { secretsOf } from "./agent/live-model.js";
import { auditOf } from "./audit/audit-trials.js";
import { baselineRunOf } from "./baseline/find-baseline.js";
import { forcedBy } from "./baseline/forced-by.js";
import { updateBaseline } from "./baseline/update-baseline.js";
import { compareWithBaseline, requireBaseline } from "./compare/compare-with-baseline.js";
import { type EvalFlags, refuseContradictions } from "./eval-flags.js";
import { decisionWatch } from "./gate/decision-watch.js";
import { readGates, requireGates } from "./gate/judge-run-gates.js";
import { judgeStandings } from "./judge/judge-standings.js";
import { plannedOutputs, writeOutputs } from "./output/write-outputs.js";
import { prepareRun } from "./prepare-run.js";
import { findSuite, loadProject } from "./project/load-project.js";
import { shownPath } from "./project/shown-path.js";
import { earlierRun } from "./resume.js";
import { buildReport, traceLoader } from "./run/build-report.js";
import { claimRun } from "./run/claim-run.js";
import { openProjectStore } from "./run/stored-run.js";
import { loadMetrics, metricsOfRun, withMetrics } from "./score/load-metrics.js";
import { runEvaluation } from "./trials/run-evaluation.js";

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
  const { workingDirectory, env } = services;
  refuseContradictions(flags);
  const forced = forcedBy(flags, env, workingDirectory);
  const project = loadProject(flags.config, workingDirectory);
  const outputs = plannedOutputs(flags, project, workingDirectory);
  const store = openProjectStore(project);
  let recorder: Recorder | null = null;
  let release = () => {};
  let closeAgent: Agent["close"];
  let audit: Awaited<ReturnType<typeof auditOf>> | null = null;
  try {
    const earlier = earlierRun(flags, store);
    const suite = findSuite(project, earlier?.suite ?? flags.suite);
    const baseline = requireBaseline(store, flags.baseline, earlier, suite.name);
    recorder = recorderOf(flags.record ?? earlier?.invocation.record, services);
    const read = flags.gate === true || flags.until !== undefined ? requireGates : readGates;
    const loaded = await loadMetrics(project, suite, workingDirectory);
    const gates = read(project, suite.name, workingDirectory, loaded.stored.customMetrics);
    const metrics =
      earlier === null ? withMetrics(loaded, metricsOfGates(gates)) : metricsOfRun(loaded, earlier);
    const { run, evaluation } = await prepareRun(
      flags,
      suite,
      earlier,
      gates === null ? null : baselineRunOf(store, suite.name, gates.baseline),
      { store, project, services, metrics, openCassette: recorder?.open ?? null },
    );
    closeAgent = evaluation.agent.close;
    release = claimRun(store, run.id);
    audit = await auditOf(project, run.id, evaluation);
    const { status, notes } = await runEvaluation(
      run,
      evaluation,
      {
        maxConcurrency: flags.maxConcurrency ?? project.config.max_concurrency,
        budgetUsd: flags.budgetUsd ?? null,
        failFast: flags.failFast === true,
        retryErrors: flags.retryErrors !== undefined,
        decision: decisionWatch(flags, gates, run, { store, project, clock: services.clock }),
      },
      {
        store,
        clock: services.clock,
        signal: services.signal,
        observer: services.observer,
        onFinished: audit.onFinished,
      },
    );
    const finished = store.getRun(run.id) ?? run;
    const report: RunReport = {
      ...buildReport(
        store,
        finished,
        evaluation.dataset.cases,
        gates,
        judgeStandings(project, finished, services.clock),
        forced,
      ),
      comparison: await compareWithBaseline(store, baseline, finished),
    };
    const written =
      status === "interrupted"
        ? []
        : await writeOutputs(outputs, report, traceLoader(store, run.id), project);
    const moved =
      flags.updateBaseline === true
        ? [
            await updateBaseline(store, {
              run: finished,
              rules: gates,
              report: report.gate,
              root: project.root,
              env,
            }),
          ]
        : [];
    if (run.plan.length === 0 && run.shard === undefined) {
      // Nothing ran: an empty run would only stand in the way of `latest`.
      release();
      release = () => {};
      store.deleteRun(run.id);
    }
    return {
      run: finished,
      report,
      written: written.map((file) => shownPath(file, workingDirectory)),
      notes: [...evaluation.notes, ...notes, ...emptyShard(run), ...moved],
      exitCode: exitCodeOf(status, report, flags.gate === true),
    };
  } finally {
    await recorder?.close();
    await closeAgent?.();
    audit?.close();
    release();
    store.close();
  }
}

/** The cassette that a run records into, opened when the first model asks for it. */
interface Recorder {
  readonly open: () => Promise<CassetteSink>;
  close(): Promise<void>;
}

/** A cassette that exists is brought up to date: what is recorded now replaces what it holds of the same trials. */
function recorderOf(file: unknown, services: EvaluateServices): Recorder | null {
  if (typeof file !== "string") return null;
  if (statSync(resolve(services.workingDirectory, file), { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new UsageError(`--record ${file}: expected a file name, found a folder`);
  }
  let opened: Promise<CassetteSink> | null = null;
  const options = { append: true, secrets: secretsOf(services.env) };
  return {
    open: () => {
      opened ??= openCassette(resolve(services.workingDirectory, file), options);
      return opened;
    },
    close: async () => (await opened)?.close(),
  };
}

/** Such a run is kept: it says that its shard was there. */
function emptyShard({ shard, plan }: RunHeader): readonly string[] {
  return shard === undefined || plan.length > 0 ? [] : [`shard ${shard.index} of ${shard.of} holds no case`];
}

function exitCodeOf(status: RunStatus, report: RunReport, gated: boolean): ExitCode {
  if (status === "interrupted") return EXIT.interrupted;
  if (gated && report.gate !== null) return exitCodeFor(report.gate.verdict);
  const isWhole = status === "complete" || status === "decided";
  return isWhole && report.totals.errors === 0 ? EXIT.ok : EXIT.infrastructure;
}
