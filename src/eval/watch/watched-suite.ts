import { dirname, resolve } from "node:path";
import type { GoldenCase } from "../../core/golden-case.js";
import { contentHash } from "../../core/hash.js";
import type { PlannedTrial, RunHeader } from "../../core/run.js";
import { metricsOfGates } from "../../gates/gate-kind.js";
import { rowOf } from "../../metrics/row.js";
import { caseOutcome, countOutcomes, type Outcome, worstFirst } from "../../report/case-outcome.js";
import type { CaseReport } from "../../report/run-report.js";
import type { Store } from "../../store/store.js";
import { type EvalFlags, invocationOf, selectionOf } from "../eval-flags.js";
import type { EvaluateServices } from "../evaluate.js";
import type { Evaluation } from "../evaluation.js";
import { readGates } from "../gate/judge-run-gates.js";
import { judgeStandings } from "../judge/judge-standings.js";
import { loadEvaluation } from "../load-evaluation.js";
import { newRun } from "../new-run.js";
import { findSuite, loadProject } from "../project/load-project.js";
import { buildReport } from "../run/build-report.js";
import { openProjectStore } from "../run/stored-run.js";
import { loadMetrics, withMetrics } from "../score/load-metrics.js";
import { runEvaluation } from "../trials/run-evaluation.js";
import { PassingStore } from "./passing-store.js";
import type { CaseChange, WatchedRun } from "./watched-run.js";

/** What one round executes: what is out of date, only cases that did not pass last time, or everything. */
export type RoundScope = "affected" | "failing" | "all";

export interface RoundRequest {
  readonly scope: RoundScope;
  /** Whether a file that the agent rests on changed: none of its earlier trials says anything then. */
  readonly isAgentChanged: boolean;
  /** Whether at most rules and metrics changed: trials that could not run are not tried again. */
  readonly isJudgedOnly: boolean;
}

/** Trials that still stand, and what they stand for. */
interface Pool {
  readonly agent: string;
  readonly run: RunHeader;
  readonly store: PassingStore;
}

/** A suite that is evaluated again and again; keeps the results of the last round and nothing before it. */
export class WatchedSuite {
  private pool: Pool | null = null;
  private shown = new Map<string, Outcome>();
  private generation = 0;

  constructor(
    private readonly flags: EvalFlags,
    private readonly services: Omit<EvaluateServices, "signal">,
  ) {}

  /**
   * Loads the suite as it is now, executes what has no result that still stands, and judges the whole.
   *
   * @throws {ConfigError | DatasetError | UsageError} for files that are broken; the results so far stay
   */
  async round(request: RoundRequest, signal: AbortSignal): Promise<WatchedRun> {
    const { flags } = this;
    const { workingDirectory, clock } = this.services;
    if (request.isAgentChanged) this.generation += 1;
    const project = loadProject(flags.config, workingDirectory);
    const suite = findSuite(project, flags.suite);
    const loaded = await loadMetrics(project, suite, workingDirectory);
    const gates = readGates(project, suite.name, workingDirectory, loaded.stored.customMetrics);
    const metrics = withMetrics(loaded, metricsOfGates(gates));
    const history = openProjectStore(project);
    let close: Evaluation["agent"]["close"];
    try {
      const invocation = invocationOf(flags, workingDirectory);
      const evaluation = await loadEvaluation(
        {
          ...invocation,
          ...(invocation.timeout === undefined ? {} : { timeoutMs: invocation.timeout * 1000 }),
          suite,
          selection: selectionOf(invocation, history),
          passWithNoTests: true,
          metrics,
        },
        {
          workingDirectory,
          dataFolder: dirname(resolve(project.root, project.config.store)),
          env: this.services.env,
          clock,
          cache: flags.cache === false ? null : history.cache,
          openCassette: null,
        },
      );
      close = evaluation.agent.close;
      const agent = contentHash([
        this.generation,
        evaluation.agent.version,
        evaluation.userModel === null ? null : (suite.config.user_model ?? null),
      ]);
      const started = await this.begin(request, evaluation, agent, history);
      const { run, store, reused } = started;
      let executed = 0;
      const { status, notes } = await runEvaluation(
        run,
        evaluation,
        {
          maxConcurrency: flags.maxConcurrency ?? project.config.max_concurrency,
          budgetUsd: flags.budgetUsd ?? null,
          failFast: flags.failFast === true,
          retryErrors: false,
        },
        {
          store,
          clock,
          signal,
          observer: this.services.observer,
          onFinished: (trials) => {
            executed += trials.length;
          },
        },
      );
      const finished = store.getRun(run.id) ?? run;
      const notRun = evaluation.cases.length - new Set(run.plan.map(({ caseId }) => caseId)).size;
      const isWhole = notRun === 0 && status === "complete";
      const report = buildReport(
        store,
        finished,
        evaluation.cases,
        isWhole ? gates : null,
        judgeStandings(project, finished, clock),
      );
      const isStopped = signal.aborted;
      return {
        executed,
        cases: isStopped ? [] : this.changes(report.cases, evaluation.cases),
        counts: countOutcomes(report.cases),
        notRun,
        gate: isStopped ? null : report.gate,
        notes: [...(reused === 0 ? evaluation.notes : []), ...notes],
        isStopped,
      };
    } finally {
      await close?.();
      history.close();
    }
  }

  /** Makes the run of this round with the trials that still stand in it. */
  private async begin(request: RoundRequest, evaluation: Evaluation, agent: string, history: Store) {
    const store = new PassingStore(history);
    const standing = this.standing(request, evaluation, agent);
    const isWanted = ({ caseId }: PlannedTrial) =>
      request.scope !== "failing" || this.isFailing(caseId) || standing.has(caseId);
    const failingFirst = [...evaluation.plan].sort(
      (left, right) => Number(this.isFailing(right.caseId)) - Number(this.isFailing(left.caseId)),
    );
    const run: RunHeader = {
      ...(await newRun(evaluation, {
        clock: this.services.clock,
        folder: this.services.workingDirectory,
        tags: [],
        invocation: {},
      })),
      plan: failingFirst.filter(isWanted),
    };
    store.createRun(run, evaluation.cases);
    const cases = new Map(evaluation.cases.map((one) => [one.id, one]));
    let reused = 0;
    for (const { caseId, trial } of run.plan) {
      const kept = standing.get(caseId)?.(trial);
      const goldenCase = cases.get(caseId);
      if (kept == null || goldenCase === undefined) continue;
      // Metrics may be others than last time: a score is cheap beside a model.
      store.addTrial(run.id, kept, rowOf(goldenCase, kept, evaluation.metrics.set));
      reused += 1;
    }
    this.pool = { agent, run, store };
    return { run, store, reused };
  }

  /** By case, what finds its earlier trials, for the cases whose results still stand. */
  private standing(request: RoundRequest, evaluation: Evaluation, agent: string) {
    const { pool } = this;
    type Find = (trial: number) => ReturnType<PassingStore["getTrial"]>;
    const standing = new Map<string, Find>();
    if (pool === null || pool.agent !== agent || request.scope === "all") return standing;
    const hashes = new Map(pool.run.plan.map(({ caseId, caseHash }) => [caseId, caseHash]));
    const stands = (one: GoldenCase) =>
      hashes.get(one.id) === one.hash && !(request.scope === "failing" && this.isFailing(one.id));
    for (const one of evaluation.cases.filter(stands)) {
      standing.set(one.id, (trial) => {
        const kept = pool.store.getTrial(pool.run.id, one.id, trial);
        return kept?.status === "completed" || request.isJudgedOnly ? kept : null;
      });
    }
    return standing;
  }

  private isFailing(caseId: string): boolean {
    const outcome = this.shown.get(caseId);
    return outcome === "failed" || outcome === "error";
  }

  /** Compares with what was shown last, and remembers what is shown now. */
  private changes(reports: readonly CaseReport[], cases: readonly GoldenCase[]): readonly CaseChange[] {
    const before = this.shown;
    const ids = new Set(cases.map(({ id }) => id));
    const changes: CaseChange[] = [];
    const after = new Map<string, Outcome>();
    for (const report of worstFirst(reports)) {
      const { id } = report.goldenCase;
      const outcome = caseOutcome(report);
      after.set(id, outcome);
      const isWorthTelling = before.get(id) !== outcome && before.size > 0;
      if (!isWorthTelling && (outcome === "passed" || outcome === "unscored")) continue;
      changes.push({ caseId: id, before: before.get(id) ?? null, after: outcome, reason: reasonOf(report) });
    }
    for (const [id, outcome] of before) {
      if (after.has(id)) continue;
      // What was left out of this round keeps its place: it may be failing still.
      if (ids.has(id)) after.set(id, outcome);
      else changes.push({ caseId: id, before: outcome, after: null, reason: null });
    }
    this.shown = after;
    return changes;
  }
}

function reasonOf({ trials }: CaseReport): string | null {
  for (const { error, failures } of trials) {
    const reason = error?.message ?? failures[0];
    if (reason !== undefined) return reason;
  }
  return null;
}
