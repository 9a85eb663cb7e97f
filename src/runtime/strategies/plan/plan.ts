import type { Json } from "../../../core/hash.js";

/** Stands in arguments for a value of the result of an earlier step. */
export interface ResultReference {
  /** Id of the step. */
  readonly $from: string;
  /** Dotted path in its JSON result, such as `order.items.0.sku`; empty or left out: the whole result. */
  readonly path?: string;
}

export type Comparison = "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "in" | "exists";

/** What must hold of the result of an earlier step before a step is run; checked in code. */
export interface Precondition {
  readonly from: string;
  readonly path: string;
  readonly op: Comparison;
  /** Compared with; for `in` a list; `null` for `exists`. */
  readonly value: Json;
}

export interface PlanStep {
  readonly id: string;
  readonly tool: string;
  /** May hold {@link ResultReference}s at any depth. */
  readonly arguments: { readonly [name: string]: Json };
  /** Ids of steps that must be done first: those stated, and all that the step refers to. */
  readonly after: readonly string[];
  readonly preconditions: readonly Precondition[];
  /** Whether the rest of the plan holds when this step fails or its preconditions do not hold. */
  readonly isOptional: boolean;
  /** 0 to 1; `null` when the model did not say. */
  readonly confidence: number | null;
}

/** A plan that can be carried out: checked by {@link readPlan}. */
export interface Plan {
  readonly thought: string;
  readonly confidence: number | null;
  readonly alternatives: readonly string[];
  /** Said to the user instead, where there is nothing to do or something to ask; `null` otherwise. */
  readonly reply: string | null;
  readonly steps: readonly PlanStep[];
}

/** `running`: the call was begun; after a crash the messages tell what became of it. */
type StepStatus = "pending" | "running" | "done" | "failed" | "skipped";

export interface StepState extends PlanStep {
  readonly status: StepStatus;
  /** Id of the step's tool call; `null` before it. */
  readonly callId: string | null;
  /** Why it failed or was skipped without a call; `null` otherwise. */
  readonly reason: string | null;
}

/** An open plan, as it stands in the notes of a conversation. */
export interface PlanState {
  /** Turn that the plan was made or last revised in. */
  readonly turn: number;
  readonly revision: number;
  /** New plans after failures in this turn. */
  readonly replans: number;
  readonly steps: readonly StepState[];
}
