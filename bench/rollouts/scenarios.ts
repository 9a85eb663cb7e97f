/** One way that a release can go. */
export interface Scenario {
  readonly name: string;
  /** Runs of tau2-bench whose successes are the outcomes of the arms. */
  readonly stable: string;
  readonly canary: string;
  /** What goes wrong, at the start of the second step; `from-start` is a version that is worse all along. */
  readonly fault: "none" | "from-start" | "latency" | "critical";
  readonly expected: "SUCCEEDED" | "ROLLED_BACK";
}

/** What the canary's server is slower by, of about 20 ms. */
export const SLOWER_MS = 250;

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "good",
    stable: "retail.gpt-4.1",
    canary: "retail.gpt-4.1-sft",
    fault: "none",
    expected: "SUCCEEDED",
  },
  {
    name: "slower",
    stable: "retail.gpt-4.1",
    canary: "retail.gpt-4.1-sft",
    fault: "latency",
    expected: "ROLLED_BACK",
  },
  {
    name: "resolves less",
    stable: "airline.gpt-4.1-sft",
    canary: "airline.gpt-4.1",
    fault: "from-start",
    expected: "ROLLED_BACK",
  },
  {
    name: "one critical event",
    stable: "retail.gpt-4.1",
    canary: "retail.gpt-4.1-sft",
    fault: "critical",
    expected: "ROLLED_BACK",
  },
];

/** Steps of seconds instead of hours; rules as in any release. */
export const POLICY = `canary:
  steps:
    - { traffic: 5%, bake: 5s, min_conversations: 15, max_bake: 60s }
    - { traffic: 25%, bake: 5s, min_conversations: 50, max_bake: 60s }
    - { traffic: 50%, bake: 8s, min_conversations: 100, max_bake: 2m }
  rollback_triggers:
    resolution_rate: { threshold: "-10% vs control", window: 1m }
    p95_latency: { threshold: "+100ms vs control", window: 1m }
`;
