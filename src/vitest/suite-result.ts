import { systemClock } from "../core/clock.js";
import { didYouMean } from "../core/nearest.js";
import type { RunHeader } from "../core/run.js";
import type { Trace } from "../core/trace.js";
import { judgeGivenRules } from "../eval/gate/judge-given-rules.js";
import { traceStoredTrial } from "../eval/run/trace-stored-trial.js";
import type { GateReport } from "../gates/gate-report.js";
import { citationsOf } from "../metrics/generation/citations.js";
import type { RunReport, TrialReport } from "../report/run-report.js";

interface Place {
  readonly config: string | undefined;
  readonly cwd: string;
}

/** What a metric must reach: the keys of a rule of gates.yaml beside `metric`. */
export type Requirement = { readonly [key: string]: unknown };

/** A run of a suite, for assertions. */
export class SuiteResult {
  readonly report: RunReport;
  readonly #place: Place;

  constructor(report: RunReport, place: Place) {
    this.report = report;
    this.#place = place;
  }

  get run(): RunHeader {
    return this.report.run;
  }

  /** The verdict of gates.yaml; `null` in a project without it. */
  get gate(): GateReport | null {
    return this.report.gate;
  }

  get cases(): readonly CaseResult[] {
    return this.report.cases.map(
      ({ goldenCase, trials }) => new CaseResult(this.run.id, goldenCase.id, trials, this.#place),
    );
  }

  /** @throws {RangeError} when the run holds no such case */
  case(id: string): CaseResult {
    const found = this.cases.find((one) => one.id === id);
    if (found !== undefined) return found;
    const ids = this.report.cases.map(({ goldenCase }) => goldenCase.id);
    throw new RangeError(`run ${this.run.id} holds no case "${id}"${didYouMean(id, ids)}`);
  }

  /**
   * Judges rules as gates are judged.
   *
   * @param requirements - by metric, e.g. `{ faithfulness: { min: 0.85, bound: "lower" } }`
   * @throws {ConfigError} when the rules are none
   */
  judge(requirements: { readonly [metric: string]: Requirement }): GateReport {
    const gates = Object.entries(requirements).map(([metric, rule]) => ({ metric, ...rule }));
    return judgeGivenRules(
      this.run.id,
      gates,
      "the rules of toMeet",
      this.#place.config,
      this.#place.cwd,
      systemClock,
    );
  }
}

/** A tool call as an assertion sees it. */
interface CalledTool {
  readonly name: string;
  readonly arguments: { readonly [key: string]: unknown };
}

/** What the agent did in one trial. */
export interface TrialFacts {
  /** 0-based. */
  readonly trial: number;
  /** Whether it could be executed: of a trial that infrastructure broke, nothing can be said. */
  readonly isComplete: boolean;
  readonly toolCalls: readonly CalledTool[];
  /** Ids of documents that the answer cites. */
  readonly citations: readonly string[];
}

/** One case of a run with its trials, for assertions. */
export class CaseResult {
  readonly runId: string;
  readonly id: string;
  readonly trials: readonly TrialReport[];
  readonly #place: Place;

  constructor(runId: string, id: string, trials: readonly TrialReport[], place: Place) {
    this.runId = runId;
    this.id = id;
    this.trials = trials;
    this.#place = place;
  }

  /** The answer of the first trial; `null` without one. */
  get answer(): string | null {
    return this.trials[0]?.answer ?? null;
  }

  /** @throws {UsageError} when the trial is not stored */
  trace(trial = 0): Trace {
    return this.#stored(trial).trace;
  }

  /** What the agent did, trial by trial. */
  facts(): readonly TrialFacts[] {
    return this.trials.map(({ trial, status }) => {
      const { goldenCase, trace } = this.#stored(trial);
      return {
        trial,
        isComplete: status === "completed",
        toolCalls: trace.toolCalls.map((call) => ({ name: call.name, arguments: call.arguments })),
        citations: citationsOf(goldenCase, trace).map(({ documentId }) => documentId),
      };
    });
  }

  #stored(trial: number) {
    const { config, cwd } = this.#place;
    return traceStoredTrial(this.runId, this.id, { trial, ...(config === undefined ? {} : { config }) }, cwd);
  }
}
