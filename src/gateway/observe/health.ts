import type { GatewayState } from "./metrics-page.js";

/** What `/healthz` says. Never an address, a key or an id. */
export interface Health {
  /**
   * `ok`; `degraded`: requests are served, and something is wrong; `failing`: the stable arm cannot take requests, and
   * so nobody is served.
   */
  readonly status: "ok" | "degraded" | "failing";
  /** What is wrong, one sentence each. */
  readonly problems: readonly string[];
  readonly arms: readonly { readonly arm: string; readonly isUp: boolean; readonly breaker: string }[];
  readonly split: { readonly bps: number; readonly effectiveBps: number };
  readonly events: { readonly lost: number; readonly waiting: number; readonly failure: string | null };
}

/** Health of the gateway. The process lives if it answers at all: restart it for no answer, not for `degraded`. */
export function healthOf({ arms, split, events }: GatewayState): Health {
  const isServed = (name: string) =>
    arms.some(({ arm, isUp, breaker }) => arm === name && isUp && breaker !== "open");
  const armProblems = arms
    .filter(({ arm }) => !isServed(arm))
    .map(({ arm, isUp }) => `the ${arm} arm ${isUp ? "fails: its breaker is open" : "does not answer"}`);
  const problems = [
    ...armProblems,
    ...(split.bps > 0 && split.effectiveBps === 0 ? ["the lease ended: the canary gets nothing"] : []),
    ...(split.isSaved ? [] : ["the split is not on disk"]),
    ...(events.failure === null ? [] : [`events cannot be written: ${events.failure}`]),
    ...(events.lost === 0 ? [] : [`${events.lost} events were lost`]),
  ];
  return {
    status: !isServed("stable") ? "failing" : problems.length === 0 ? "ok" : "degraded",
    problems,
    arms: arms.map(({ arm, isUp, breaker }) => ({ arm, isUp, breaker })),
    split: { bps: split.bps, effectiveBps: split.effectiveBps },
    events: { lost: events.lost, waiting: events.waiting, failure: events.failure },
  };
}

/** 200 as long as requests can be served, so that a load balancer takes a gateway out only when they cannot. */
export function healthStatus({ status }: Health): 200 | 503 {
  return status === "failing" ? 503 : 200;
}
