import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import type { VerdictEntry } from "../../core/judgement.js";
import type { Estimate } from "../../core/score.js";
import type { CorrectedEstimate } from "../correction/corrected-estimate.js";

/** Why a vote has no label. */
export type UnusableReason = NonNullable<VerdictEntry["reason"]>;

/** What `agentctl judge run` did, and what the judge says of the run. */
export interface JudgeRunReport {
  readonly judge: {
    readonly name: string;
    /** As the user sees it. */
    readonly file: string;
    /** Content hash of everything that a verdict depends on. */
    readonly version: string;
    readonly rubricVersion: string;
    readonly rubricHash: string;
    /** Model, as `provider/name`; `null` for a baseline. */
    readonly model: string | null;
    readonly heuristic: JudgeConfig["heuristic"] | null;
    readonly scale: JudgeConfig["scale"]["kind"];
    readonly votes: number;
    readonly orders: 1 | 2;
    readonly aggregation: JudgeConfig["aggregation"];
  };
  /** Run that was judged; `null` for labelled items. */
  readonly judgedRun: string | null;
  /** Run whose answers stood second. */
  readonly against: string | null;
  readonly items: {
    /** Trials of the run, or labelled items. */
    readonly planned: number;
    /** With all their votes, usable or not. */
    readonly judged: number;
    /** Items that gave nothing to judge, by reason. */
    readonly notJudged: { readonly [reason: string]: number };
    /** Items that still lack votes: the judge could not be asked. */
    readonly failed: number;
    /** Items that were not asked about, because of the limit or the budget. */
    readonly left: number;
  };
  /** Items by final verdict, in the order of the scale. */
  readonly verdicts: readonly { readonly label: string; readonly items: number }[];
  /** Judged items without a final verdict. */
  readonly withoutVerdict: number;
  /** Pairs whose verdict changed with the order of the answers; `null` where one order was asked. */
  readonly flips: number | null;
  /** Votes without a label, by reason. */
  readonly unusable: { readonly [Reason in UnusableReason]: number };
  /** Words that no label and no synonym matches, the commonest first. */
  readonly unmappedWords: readonly { readonly word: string; readonly votes: number }[];
  /** Votes that were there from earlier judgings. */
  readonly storedVotes: number;
  /** Votes that this judging added. */
  readonly newVotes: number;
  readonly calls: number;
  readonly cachedCalls: number;
  /** US dollars of this judging. */
  readonly costUsd: number;
  readonly unpricedCalls: number;
  readonly failures: number;
  readonly budgetUsd: number | null;
  /** Why items are left; `null` when none are. */
  readonly stoppedBy: "limit" | "budget" | null;
  /** One sentence each. */
  readonly warnings: readonly string[];
  /** Over the judged items, as the judge says it: not corrected for its errors. */
  readonly estimate: Estimate;
  /** The same corrected for the judge's errors; `null` without labels, or when no run was judged. */
  readonly corrected: CorrectedEstimate | null;
  /** New run that holds the scores; `null` when items are missing, or when no run was judged. */
  readonly run: string | null;
}
