import { resolve } from "node:path";
import { UsageError } from "../core/errors.js";
import type { CaseSelection } from "../datasets/select-cases.js";
import { TASK_SUCCESS } from "../metrics/agent/task-success.js";
import type { Store } from "../store/store.js";

/** `--shard i/n`. */
export interface ShardFlag {
  /** From 1 to `of`. */
  readonly index: number;
  readonly of: number;
}

/** Flags of `agentctl eval`, as the command line gives them. */
export interface EvalFlags {
  readonly config?: string;
  readonly suite?: string;
  readonly dataset?: string;
  readonly agent?: string;
  readonly recording?: string;
  /** Parts of the agent file that are switched off. */
  readonly without?: readonly string[];
  readonly record?: string;
  readonly output?: readonly string[];
  readonly html?: string | true;
  readonly markdown?: string | true;
  readonly junit?: string | true;
  readonly maxConcurrency?: number;
  readonly trials?: number;
  readonly limit?: number;
  readonly filterPattern?: string;
  readonly filterTag?: readonly string[];
  readonly filterFailing?: string;
  readonly caseId?: readonly string[];
  readonly seed?: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly budgetUsd?: number;
  readonly failFast?: boolean;
  /** `decided`: stop once the verdict of the gates is known. */
  readonly until?: "decided";
  readonly retryErrors?: string | true;
  readonly resume?: string | true;
  /** Whether the response cache may answer; default: yes. */
  readonly cache?: boolean;
  readonly tag?: readonly string[];
  /** The part of the cases that this machine takes. */
  readonly shard?: ShardFlag;
  /** Run only suites whose inputs changed, since the run of this name or, when `true`, any complete one. */
  readonly changed?: string | true;
  readonly gate?: boolean;
  /** Whether the baseline of the gate file moves to this run when it may. */
  readonly updateBaseline?: boolean;
  /** Compare with the gates' baseline although it is unlike; with `reason`. */
  readonly force?: boolean;
  readonly reason?: string;
  /** Run that the new one is compared with. */
  readonly baseline?: string;
  readonly passWithNoTests?: boolean;
  /** Evaluate again on every change, and keep no results. */
  readonly watch?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const WHAT_IS_RUN = [
  "suite",
  "dataset",
  "agent",
  "recording",
  "without",
  "trials",
  "limit",
  "filterPattern",
  "filterTag",
  "filterFailing",
  "caseId",
  "seed",
  "timeout",
  "record",
  "shard",
  "until",
] as const;

type InvocationKey = (typeof WHAT_IS_RUN)[number];

/** Flags that say which reports to write. */
export type OutputFlags = Pick<EvalFlags, "output" | "html" | "markdown" | "junit">;

/** What decides which trials a run has and what they do: stored with the run, read again by `--resume`. */
export type EvalInvocation = Pick<EvalFlags, InvocationKey>;

/** Keys of an invocation that hold absolute paths. */
export const INVOCATION_PATHS: readonly InvocationKey[] = ["dataset", "agent", "recording", "record"];

/** Paths become absolute: a run may be resumed from another folder. */
export function invocationOf(flags: EvalFlags, workingDirectory: string): EvalInvocation {
  const given = WHAT_IS_RUN.filter((key) => flags[key] !== undefined).map((key) => {
    const value = flags[key];
    return [key, INVOCATION_PATHS.includes(key) ? resolve(workingDirectory, String(value)) : value];
  });
  return Object.fromEntries(given) as EvalInvocation;
}

/**
 * A run that goes on keeps what it was started with.
 *
 * @throws {UsageError} naming the flags that would change it
 */
export function rejectOverrides(flags: EvalFlags): void {
  if (flags.resume !== undefined && flags.retryErrors !== undefined) {
    throw new UsageError("expected one of --resume and --retry-errors, found both", {
      nextStep: "--retry-errors also runs the trials that are missing",
    });
  }
  const given = WHAT_IS_RUN.filter((key) => flags[key] !== undefined);
  if (given.length === 0) return;
  const names = given.map((key) => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  throw new UsageError(`a run that goes on keeps what it was started with; found ${names.join(", ")}`, {
    nextStep: "leave them out, or start a new run",
  });
}

/** @throws {UsageError} when flags of one invocation contradict each other */
export function refuseContradictions(flags: EvalFlags): void {
  if (flags.until === undefined || flags.shard === undefined) return;
  throw new UsageError("expected one of --until and --shard, found both: gates of a shard decide nothing", {
    nextStep: "run the shards to their end and merge them, or run without --shard",
  });
}

/** The selection of cases that an invocation asks for. */
export function selectionOf(invocation: EvalInvocation, store: Store): CaseSelection {
  return {
    ...(invocation.filterPattern === undefined ? {} : { pattern: invocation.filterPattern }),
    ...(invocation.filterTag === undefined ? {} : { tags: invocation.filterTag }),
    ...(invocation.caseId === undefined ? {} : { caseIds: invocation.caseId }),
    ...(invocation.limit === undefined ? {} : { limit: invocation.limit }),
    ...(invocation.filterFailing === undefined
      ? {}
      : { failingIds: failingCases(store, invocation.filterFailing) }),
  };
}

/** Cases with a trial that failed or could not be executed. */
function failingCases(store: Store, reference: string): ReadonlySet<string> {
  const run = store.getRun(reference);
  if (run === null) {
    throw new UsageError(`--filter-failing ${reference}: found no such run`, {
      nextStep: "`agentctl runs list` shows the runs",
    });
  }
  const failing = new Set<string>();
  for (const row of store.trialRows(run.id)) {
    if (row.status === "error" || row.scores[TASK_SUCCESS]?.value === 0) failing.add(row.caseId);
  }
  return failing;
}
