import type { Verdict } from "../../core/score.js";

/** A measure of one arm. */
export interface ArmFigure {
  /** `null` when nothing could be computed. */
  readonly value: number | null;
  /** Conversations that it rests on. */
  readonly conversations: number;
}

/** What a rule says now. Limits hold at all looks together. */
export interface RuleDecision {
  readonly measure: string;
  readonly unit: "proportion" | "ms" | "usd" | "count" | "score";
  readonly mode: "enforce" | "observe";
  readonly canary: ArmFigure;
  readonly stable: ArmFigure;
  /** Canary minus reference; `null` when it cannot be computed. */
  readonly difference: number | null;
  /** Limits of the confidence sequence of the difference; `null`: none yet. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** `pass`: harm of the threshold is ruled out. `fail`: harm is proven. `inconclusive`: neither. `error`: unreadable. */
  readonly verdict: Verdict;
  /** Whether the harm is enough to abort at once, without waiting for the end of the bake. */
  readonly trips: boolean;
  /** How the limits and the verdict came about, e.g. `mixture confidence sequence`. */
  readonly method: string;
  /** One sentence. */
  readonly reason: string;
}

/** What the figures say of a step, at one moment. */
export interface StepDecision {
  readonly verdict: Verdict;
  /** One sentence. */
  readonly reason: string;
  /** Sentence of the hard rule that tripped; `null`: none. It outranks the verdict. */
  readonly abort: string | null;
  /** Sentence of a broken split; `null`: as configured. It blocks every verdict but an abort. */
  readonly mismatch: string | null;
  /** Sentence of a stable version that is down, so nothing can be compared with it; `null`: it is there. */
  readonly control: string | null;
  /** Sentence of a full endpoint; `null`: none. Latency is then no fault of the version. */
  readonly capacity: string | null;
  readonly rules: readonly RuleDecision[];
  readonly conversations: { readonly canary: number; readonly stable: number };
  /** Requests without an id, which went to stable and count nowhere. */
  readonly unassigned: number;
  /** What a reader must know, such as a reversal between strata; one sentence each. */
  readonly notes: readonly string[];
}
