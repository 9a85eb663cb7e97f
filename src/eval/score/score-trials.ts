import { setMaxListeners } from "node:events";
import type { Clock } from "../../core/clock.js";
import type { ProviderError } from "../../core/errors.js";
import type { GoldenCase } from "../../core/golden-case.js";
import { formatQuantity } from "../../core/quantity.js";
import type { RunHeader } from "../../core/run.js";
import type { Score } from "../../core/score.js";
import { traceOf } from "../../core/trace.js";
import { type ClaimJudge, type JudgeCall, judgeClaims } from "../../judge/claim-judge.js";
import type { ClaimQuestion } from "../../judge/claim-questions.js";
import type { Store } from "../../store/store.js";
import { schedule } from "../trials/schedule.js";
import type { ScoredCases } from "./score-cases.js";

/** What judging a run took. */
export interface JudgeEffort {
  /** Calls answered now. */
  readonly calls: number;
  /** Calls that the cache answered. */
  readonly cachedCalls: number;
  /** US dollars of the calls that have a price. */
  readonly costUsd: number;
  /** Calls without a price. */
  readonly unpricedCalls: number;
  /** Scores that failed because the judge could not be asked. */
  readonly failures: number;
}

/** Scores of the judge by trial and metric. */
export interface JudgedTrials {
  readonly scoresOf: (caseId: string, trial: number) => { readonly [metric: string]: Score };
  readonly effort: JudgeEffort;
}

export interface JudgeRunServices {
  readonly store: Store;
  readonly maxConcurrency: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Told about once a second how far it is, in one line. */
  readonly onProgress: (line: string) => void;
}

/** A judge that fails this often before it ever answers is given up. */
const MOST_FAILURES = 20;
const PROGRESS_INTERVAL_MS = 1000;

/**
 * Judges the stored trials of a run, several at once. Nothing is stored but the replies, in the response cache: a
 * judging that was stopped asks only for what is missing when it is started again.
 *
 * @throws {ProviderError} when the judge answered none of the calls or refuses the key; at an abort, the signal's reason
 */
export async function judgeTrials(
  judge: ClaimJudge,
  questions: readonly ClaimQuestion[],
  run: RunHeader,
  cases: ScoredCases,
  { store, maxConcurrency, signal, clock, onProgress }: JudgeRunServices,
): Promise<JudgedTrials> {
  const scores = new Map<string, { readonly [metric: string]: Score }>();
  const effort = { calls: 0, cachedCalls: 0, costUsd: 0, unpricedCalls: 0, failures: 0 };
  let failure: ProviderError | null = null;
  let toldAtMs = clock.monotonic();
  const services = {
    signal,
    onCall: ({ isCached, costUsd }: JudgeCall) => {
      effort[isCached ? "cachedCalls" : "calls"] += 1;
      if (costUsd === null) effort.unpricedCalls += 1;
      else effort.costUsd += costUsd;
    },
    onFailure: (error: ProviderError) => {
      effort.failures += 1;
      failure ??= error;
    },
  };
  const hasNoAnswer = () => effort.calls + effort.cachedCalls === 0;
  // Every call in flight listens: Node would take more than ten listeners for a leak.
  setMaxListeners(0, signal);
  await schedule(
    cases.plan,
    async ({ caseId, trial }) => {
      const stored = store.getTrial(run.id, caseId, trial);
      if (stored === null) return;
      const input = {
        goldenCase: cases.byId.get(caseId) as GoldenCase,
        trial: stored,
        trace: traceOf(stored),
      };
      const given: Record<string, Score> = {};
      for (const question of questions)
        given[question.metric] = await judgeClaims(judge, question, input, services);
      scores.set(keyOf(caseId, trial), given);
      if (clock.monotonic() - toldAtMs < PROGRESS_INTERVAL_MS) return;
      toldAtMs = clock.monotonic();
      onProgress(`${scores.size}/${cases.plan.length} trials judged, ${judgeCost(effort)}`);
    },
    { maxConcurrency, signal, shouldStop: () => hasNoAnswer() && effort.failures >= MOST_FAILURES },
  );
  signal.throwIfAborted();
  if (failure !== null && hasNoAnswer()) throw failure;
  return { scoresOf: (caseId, trial) => scores.get(keyOf(caseId, trial)) ?? {}, effort };
}

function keyOf(caseId: string, trial: number): string {
  return `${trial}/${caseId}`;
}

/** What a judging cost, in words. A call without a price is not free. */
export function judgeCost({ calls, costUsd, unpricedCalls }: JudgeEffort): string {
  if (unpricedCalls === 0) return formatQuantity(costUsd, "usd");
  if (unpricedCalls === calls) return "cost unknown: no price for this model";
  return `${formatQuantity(costUsd, "usd")} and ${unpricedCalls} calls without a price`;
}
