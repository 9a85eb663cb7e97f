import type { Estimate, MetricUnit } from "../../core/score.js";
import type { GateContext } from "../judge-gate.js";

/** A number that was counted over the whole run, not sampled: it has no interval. */
export interface Count {
  readonly metric: string;
  readonly unit: MetricUnit;
  readonly direction: Estimate["direction"];
  /** `null` where the whole could not be counted. */
  readonly value: number | null;
  /** How many were counted. */
  readonly n: number;
  /** How many could not be, by reason. */
  readonly unscored?: Estimate["unscored"];
}

/** A count as gates show it beside estimates. */
export function countedEstimate(count: Count, { rules }: GateContext): Estimate {
  return {
    unscored: {},
    ...count,
    lower: null,
    upper: null,
    level: 1 - rules.defaults.alpha,
    clusters: count.n,
    method: "none",
    ...(count.value === null ? { reason: "what is known is not the whole" } : {}),
  };
}
