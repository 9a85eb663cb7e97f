import type { LoadReport, Objectives } from "../../../report/schemas/endpoint-bench.js";
import { nearestRank } from "../../../stats/nearest-rank.js";
import type { GaugeSample } from "./gauge-sampler.js";
import { summariseGauges } from "./gauge-sampler.js";
import type { LoadRequest, LoadRun } from "./run-load.js";
import { summariseGaps, summariseTimes } from "./summarise-times.js";

export interface SummaryOptions {
  readonly rate: number;
  readonly objectives: Objectives;
  /** Above this at p99 the generator was too late for its figures to mean anything. */
  readonly lagLimitMs: number;
  readonly gauges: readonly GaugeSample[];
}

/** Figures of one load. */
export function summariseLoad(run: LoadRun, options: SummaryOptions): LoadReport {
  const { requests, windowMs } = run;
  const done = requests.filter(({ failure }) => failure === null);
  const unfinished = requests.filter(({ isUnfinished }) => isUnfinished).length;
  const failures = countFailures(requests);
  const lags = requests.map(({ dueAt, releasedAt }) => releasedAt - dueAt);
  const generatorLag = {
    p99Ms: Math.max(0, nearestRank(lags, 0.99) ?? 0),
    maxMs: lags.reduce((most, lag) => Math.max(most, lag), 0),
    limitMs: options.lagLimitMs,
  };
  const reasons = reasonsAgainst(requests, generatorLag);
  const isRefused = reasons.length > 0;
  const seconds = windowMs / 1000;
  const good = done.filter((request) => meetsObjectives(request, options.objectives)).length;
  const lastEnd = done.reduce((last, { endedAt }) => Math.max(last, endedAt), 0);
  const outputTokens = done.every((one) => one.outputTokens !== null)
    ? done.reduce((sum, one) => sum + (one.outputTokens ?? 0), 0)
    : null;
  return {
    rate: options.rate,
    state: run.wasInterrupted ? "interrupted" : isRefused ? "error" : "measured",
    reasons,
    arrivals: requests.length,
    offered: seconds > 0 ? requests.length / seconds : 0,
    completed: done.length,
    failed: requests.length - done.length - unfinished,
    unfinished,
    failures,
    intended: timesFrom(done, ({ dueAt }) => dueAt),
    service: timesFrom(done, ({ sentAt }) => sentAt),
    gaps: summariseGaps(done.map(gapsOf)),
    outputTokens,
    pieces: done.reduce((sum, { pieceTimes }) => sum + pieceTimes.length, 0),
    tokensPerSecond: outputTokens === null || lastEnd <= 0 ? null : (outputTokens / lastEnd) * 1000,
    goodput: isRefused || seconds <= 0 ? null : good / seconds,
    goodShare: isRefused || requests.length === 0 ? null : good / requests.length,
    mostInFlight: requests.reduce((most, { underWay }) => Math.max(most, underWay), 0),
    queueGrows: queueGrows(requests, windowMs),
    generatorLag,
    gauges: summariseGauges(options.gauges),
  };
}

/** Times between two pieces of an answer. */
export function gapsOf({ pieceTimes }: LoadRequest): readonly number[] {
  return pieceTimes.slice(1).map((at, index) => at - (pieceTimes[index] ?? at));
}

function timesFrom(done: readonly LoadRequest[], start: (request: LoadRequest) => number) {
  return {
    ttft: summariseTimes(done.map((one) => (one.pieceTimes[0] ?? one.endedAt) - start(one))),
    e2e: summariseTimes(done.map((one) => one.endedAt - start(one))),
  };
}

/** Whether a request met all objectives, counted from when it was due. One piece has no gaps, so none that is too long. */
function meetsObjectives(request: LoadRequest, { ttftMs, itlMs, gapMs, e2eMs }: Objectives): boolean {
  const gaps = gapsOf(request);
  const meanGap = gaps.length === 0 ? 0 : gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const longest = gaps.reduce((most, gap) => Math.max(most, gap), 0);
  const first = (request.pieceTimes[0] ?? Number.POSITIVE_INFINITY) - request.dueAt;
  const within = (value: number, limit: number | null) => limit === null || value <= limit;
  return (
    within(first, ttftMs) &&
    within(meanGap, itlMs) &&
    within(longest, gapMs) &&
    within(request.endedAt - request.dueAt, e2eMs)
  );
}

/**
 * Whether ever more requests are under way: in the last third of the time there are on average more than in the middle
 * third, by a quarter and by 3. The first third is left out, in which any load builds up.
 */
export function queueGrows(requests: readonly LoadRequest[], windowMs: number): boolean {
  const meanBetween = (from: number, to: number) => {
    const own = requests.filter(({ dueAt }) => dueAt >= from * windowMs && dueAt < to * windowMs);
    return own.length === 0 ? 0 : own.reduce((sum, { underWay }) => sum + underWay, 0) / own.length;
  };
  const middle = meanBetween(1 / 3, 2 / 3);
  const last = meanBetween(2 / 3, 1);
  return last > 1.25 * middle && last > middle + 3;
}

function reasonsAgainst(requests: readonly LoadRequest[], lag: LoadReport["generatorLag"]): string[] {
  if (requests.length === 0) return ["no request was due: raise --rate or --duration"];
  if (lag.p99Ms <= lag.limitMs) return [];
  return [
    `the generator was late by ${lag.p99Ms.toFixed(0)} ms at p99, more than ${lag.limitMs} ms: use an idle machine, or a lower rate`,
  ];
}

function countFailures(requests: readonly LoadRequest[]): LoadReport["failures"] {
  const counts = new Map<string, number>();
  for (const { failure, isUnfinished } of requests) {
    if (failure !== null && !isUnfinished) counts.set(failure, (counts.get(failure) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
}
