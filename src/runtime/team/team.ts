import type { Agent } from "../agent.js";

/** What a specialist's failure leads to, after the last attempt. */
type FailurePolicy = "escalate" | "compensate" | "continue";

/** An agent that another one delegates to. */
export interface Specialist {
  readonly name: string;
  readonly description: string;
  /** Its limits are those of one delegation. */
  readonly agent: Agent;
  /** Whether it acts in the supervisor's environment. */
  readonly hasWorld: boolean;
  /** Of the supervisor's identity; `null` for all. */
  readonly scopes: readonly string[] | null;
  /** Of the supervisor's identity; `null` for all. */
  readonly roles: readonly string[] | null;
  /** Further attempts after a failure, 0 or more. */
  readonly retry: number;
  readonly onFailure: FailurePolicy;
  /** Failed attempts in a row that open its breaker, 1 or more. */
  readonly breakerFailures: number;
}

export interface Team {
  readonly specialists: readonly Specialist[];
  readonly hasSharedState: boolean;
}
