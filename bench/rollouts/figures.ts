import { type RolloutRecord, shareBetween } from "./rollout.js";
import type { Scenario } from "./scenarios.js";
import type { RouterName } from "./stack.js";

/** The share of one step, as traffic met it. */
interface StepShare {
  readonly plannedPercent: number;
  readonly canary: number;
  readonly conversations: number;
  /** Distance from the plan in standard deviations of a binomial draw. */
  readonly z: number;
}

/** What the table says of one rollout. */
export interface RolloutFigures {
  readonly router: RouterName;
  readonly scenario: string;
  readonly expected: string;
  readonly state: string;
  readonly exitCode: number | undefined;
  readonly shares: readonly StepShare[];
  readonly requests: number;
  readonly lost: number;
  readonly repeated: number;
  /** Seconds from the first bad event to 0 % as read back; `null` when there was none of either. */
  readonly toZero: number | null;
  /** Seconds from the first bad event to the last request that the canary answered. */
  readonly toLastRequest: number | null;
  /** Why the release ended as it did. */
  readonly reason: string;
  readonly seconds: number;
}

export function figuresOf(
  router: RouterName,
  { name, expected }: Scenario,
  { state, exitCode, rows, traffic, firstBadAt, seconds }: RolloutRecord,
): RolloutFigures {
  const abortedAt = rows.findIndex(({ to }) => to === "ABORTING");
  const zero = rows
    .slice(Math.max(0, abortedAt))
    .find(({ kind, targetBps }) => kind === "readback" && targetBps === 0);
  const wasBad = firstBadAt !== null && abortedAt >= 0;
  return {
    router,
    scenario: name,
    expected,
    state,
    exitCode,
    shares: sharesOf(rows, traffic),
    requests: traffic.counts.requests,
    lost: traffic.counts.lost,
    repeated: traffic.counts.repeated,
    toZero: wasBad && zero !== undefined ? (Date.parse(zero.at) - firstBadAt) / 1000 : null,
    toLastRequest: wasBad ? (traffic.lastCanaryAt - firstBadAt) / 1000 : null,
    reason:
      rows.find(({ to, kind }) => to === expected || (to === "ABORTING" && kind === "transition"))?.reason ??
      "",
    seconds,
  };
}

/** Between the read-back of a share and the intent to change it. */
function sharesOf(rows: RolloutRecord["rows"], traffic: RolloutRecord["traffic"]): readonly StepShare[] {
  const splits = rows.filter(({ event }) => event === "set-split");
  return splits.flatMap(({ kind, targetBps, at }, index) => {
    const next = splits[index + 1];
    if (kind !== "readback" || !targetBps || targetBps === 10_000 || next === undefined) return [];
    const { all, canary } = shareBetween(traffic, Date.parse(at), Date.parse(next.at));
    const planned = targetBps / 10_000;
    const z = all === 0 ? 0 : (canary / all - planned) / Math.sqrt((planned * (1 - planned)) / all);
    return [{ plannedPercent: planned * 100, canary, conversations: all, z }];
  });
}

/** A table in Markdown. */
export function rolloutTable(figures: readonly RolloutFigures[]): readonly string[] {
  const seconds = (value: number | null) => (value === null ? "–" : value.toFixed(1));
  const share = ({ plannedPercent, canary, conversations, z }: StepShare) => {
    const measured = ((100 * canary) / Math.max(1, conversations)).toFixed(1);
    return `${plannedPercent}: ${measured} (${canary}/${conversations}, z ${z.toFixed(1)})`;
  };
  return [
    "| router | release | ends | planned %: measured % | requests | lost | sent again | to 0 %, s | last request, s | takes, s |",
    "|---|---|---|---|---|---|---|---|---|---|",
    ...figures.map(
      (one) =>
        `| ${one.router} | ${one.scenario} | ${one.state} | ${one.shares.map(share).join("; ")} | ${one.requests} | ${one.lost} | ` +
        `${one.repeated} | ${seconds(one.toZero)} | ${seconds(one.toLastRequest)} | ${one.seconds.toFixed(0)} |`,
    ),
  ];
}
