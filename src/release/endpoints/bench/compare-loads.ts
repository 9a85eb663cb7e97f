import type { BenchDifference } from "../../../report/schemas/endpoint-bench.js";
import { bootstrapQuantileDifferences } from "../../../stats/bootstrap-quantile-difference.js";
import type { LoadRequest } from "./run-load.js";
import { gapsOf } from "./summarise-load.js";

const QUANTILES = [0.5, 0.95, 0.99] as const;
const RESAMPLES = 2_000;

interface Sample {
  readonly values: readonly number[];
  readonly clusters: readonly number[] | null;
}

/**
 * Differences of the quantiles of two loads that ran at the same time, second minus first, from when the requests were
 * due. Gaps are drawn by request.
 */
export function compareLoads(
  rate: number,
  first: readonly LoadRequest[],
  second: readonly LoadRequest[],
  seed: number,
): readonly BenchDifference[] {
  const measures = { ttft: ttftOf, e2e: e2eOf, gap: gapSample } as const;
  return Object.entries(measures).flatMap(([measure, sampleOf]) => {
    const [before, after] = [first, second].map((requests) =>
      sampleOf(requests.filter(({ failure }) => failure === null)),
    );
    if (before === undefined || after === undefined) return [];
    const options = { qs: QUANTILES, paired: false, seed, resamples: RESAMPLES };
    const enough = [first, second].map(
      (requests) => requests.filter(({ failure }) => failure === null).length,
    );
    return bootstrapQuantileDifferences(before, after, options).map((one, index): BenchDifference => {
      const q = QUANTILES[index] ?? 0.5;
      const isClaimed = !one.sparseTail && enough.every((n) => n >= leastRequests(q));
      return {
        rate,
        measure: measure as BenchDifference["measure"],
        q,
        first: isClaimed ? one.baseline : null,
        second: isClaimed ? one.current : null,
        differenceMs: isClaimed ? one.estimate : null,
        lower: isClaimed ? one.lower : null,
        upper: isClaimed ? one.upper : null,
      };
    });
  });
}

/** Requests from which an interval from order statistics exists at 0.95: gaps are no more independent than requests. */
function leastRequests(q: number): number {
  return Math.ceil(Math.log(0.025) / Math.log(Math.max(q, 1 - q)));
}

function ttftOf(requests: readonly LoadRequest[]): Sample {
  return { values: requests.map((one) => (one.pieceTimes[0] ?? one.endedAt) - one.dueAt), clusters: null };
}

function e2eOf(requests: readonly LoadRequest[]): Sample {
  return { values: requests.map((one) => one.endedAt - one.dueAt), clusters: null };
}

function gapSample(requests: readonly LoadRequest[]): Sample {
  const gaps = requests.map(gapsOf);
  return { values: gaps.flat(), clusters: gaps.flatMap((own, index) => own.map(() => index)) };
}
