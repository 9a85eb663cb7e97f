import type { RetrievedChunk, Speaker } from "../../core/events.js";
import type { Json } from "../../core/hash.js";
import type { TokenUsage, ToolCall } from "../../core/message.js";
import type { MetricFacts, Score } from "../../core/score.js";
import type { StopReason } from "../../core/trial.js";
import type { CaseContent } from "../case-hash.js";

/** Results of another tool, as a reader of `import/` gives them: cases and what an agent did on each. */
export interface ImportedRun {
  /** In file order, each id once. */
  readonly cases: readonly CaseContent[];
  /** Each (case, trial) once; every case id is one of `cases`. */
  readonly trials: readonly ImportedTrial[];
  /** Name of the agent, or `null` when the file does not say: then the file's name. */
  readonly agentName: string | null;
  /** Model of the agent, or `null` when the file does not say. */
  readonly model: string | null;
  /** Model that played the user; `null` without one, or when the file does not say. */
  readonly userModel: string | null;
  /** Metrics beside the default ones that fit this kind of result: names or patterns, e.g. `retrieval.*`. */
  readonly metrics: readonly string[];
  /** Present when the default metrics say nothing of this kind of result: then `metrics` is all that it is scored by. */
  readonly withoutDefaultMetrics?: true;
  /** What is known of the scores that trials bring along, one entry for each name in {@link ImportedTrial.scores}. */
  readonly scoreFacts: readonly MetricFacts[];
  /** What a reader of the results must know, one sentence each. */
  readonly notes: readonly string[];
  /** SHA-256 that stands for all steps, where the reader has one at less cost; left out: of their canonical JSON. */
  readonly contentHash?: string;
}

/** What an agent did on one case. */
export interface ImportedTrial {
  readonly caseId: string;
  /** 0-based. */
  readonly trial: number;
  /** Infrastructure failure that ended the trial; such a trial is an error, never a failure of the agent. */
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly stopReason: StopReason;
  /** ISO 8601, UTC; `null` when the file does not say. */
  readonly startedAt: string | null;
  /** Wall-clock time in milliseconds; `null` when the file does not say: then latencies leave it out. */
  readonly durationMs: number | null;
  /** In order. */
  readonly steps: readonly ImportedStep[];
  /** The other tool's verdict on the whole trial, kept as the check of its environment; `null` without one. */
  readonly reward: 0 | 1 | null;
  /** Whether the final state is the right one, as part of the reward; left out when the file does not say. */
  readonly stateMatches?: boolean | null;
  /** The other tool's scores by metric name; names must not be those of agentctl's metrics. */
  readonly scores: Readonly<Record<string, Score>>;
}

/** One thing that happened in an imported trial. */
export type ImportedStep =
  | { readonly kind: "user"; readonly text: string }
  | {
      readonly kind: "model";
      readonly speaker: Speaker;
      readonly text: string | null;
      readonly toolCalls: readonly ToolCall[];
      /** `null` when the file does not say. */
      readonly usage: TokenUsage | null;
      readonly costUsd: number | null;
      readonly durationMs: number | null;
      /** Time to the first token, milliseconds; left out when the file does not say. */
      readonly firstTokenMs?: number | null;
      readonly model: string | null;
      /** The other tool answered from its cache: it cost nothing and took no time. */
      readonly cached?: boolean;
      /** Its text is no reply to the user: a `reply` follows. Left out: it is one where it calls no tool. */
      readonly isInner?: true;
    }
  /** What the user was told, and whether the file tells of the agent's tool calls, searches and model calls at all. */
  | {
      readonly kind: "reply";
      readonly text: string;
      readonly says: {
        readonly toolCalls: boolean;
        readonly retrievals: boolean;
        readonly modelCalls: boolean;
      };
    }
  | {
      readonly kind: "tool";
      readonly callId: string;
      readonly name: string;
      readonly arguments: { readonly [key: string]: Json };
      /** `null` when the file does not hold what the tool answered. */
      readonly result: string | null;
      readonly isError: boolean;
      readonly durationMs: number | null;
      /** Whether the call changed something; `false` when the file does not say. */
      readonly sideEffect?: boolean;
    }
  | { readonly kind: "retrieval"; readonly query: string; readonly chunks: readonly RetrievedChunk[] };
