import type { Json } from "./hash.js";

/** What a judge or a person is shown, whole; a judge's `reads` say which parts. */
export interface Subject {
  /** Name of the item, see `trialItem`; that in the table for imported items. */
  readonly item: string;
  readonly question: string | null;
  /** What was said before the final answer, in order. */
  readonly conversation: readonly { readonly role: "user" | "agent"; readonly text: string }[];
  readonly documents: readonly {
    readonly id: string;
    readonly title: string | null;
    readonly text: string;
  }[];
  readonly tools: readonly {
    readonly name: string;
    readonly arguments: Json;
    readonly result: string | null;
    readonly isError: boolean;
  }[];
  readonly reference: string | null;
  /** Rules that the agent had to keep. */
  readonly policy: string | null;
  readonly answer: string | null;
  /** Second answer of a pair; `null` for single answers. */
  readonly otherAnswer: string | null;
  /** What the item can be grouped by, e.g. `risk: high`, `tag: refund`; several tags are joined by a comma. */
  readonly slices: { readonly [name: string]: string };
  /** Model that wrote the answer, as `provider/name`; `null` when unknown. */
  readonly model: string | null;
  /** Model that wrote the other answer. */
  readonly otherModel: string | null;
  /** The stored trial that it was first seen in; `null` for imported items. */
  readonly origin: { readonly run: string; readonly caseId: string; readonly trial: number } | null;
}

/**
 * What a person did with an item under a rubric. Entries are only ever added: a later one of the same author replaces
 * what the earlier one said, and `undo` takes back the author's last entry on the item.
 */
export interface LabelEntry {
  /** Unique. */
  readonly id: string;
  /** Name of the rubric, as judge files give it. */
  readonly rubric: string;
  /** What was labelled: see `itemOf` for trials; the name in the imported table otherwise. */
  readonly item: string;
  readonly author: string;
  /** `adjudicate` settles what other authors disagree about. */
  readonly action: "label" | "skip" | "flag" | "comment" | "adjudicate" | "undo";
  /** Category of the rubric's scale; `null` unless the action is `label` or `adjudicate`. */
  readonly value: string | null;
  readonly comment: string | null;
  /** ISO 8601. */
  readonly at: string;
  /** Where it came from: `review`, `review serve`, or the file that it was imported from. */
  readonly source: string;
}

/** Which of the two orders a judge saw two answers in. */
export type VerdictOrder = "first" | "swapped";

/** One vote of a judge on an item, in one order. */
export interface VerdictEntry {
  /** Name of the judge. */
  readonly judge: string;
  /** Content hash of everything that the verdict depends on: rubric, scale, examples, model, parameters. */
  readonly judgeVersion: string;
  readonly rubric: string;
  readonly item: string;
  /** Content hash of all texts that the judge was shown; that of the item name for imported verdicts. */
  readonly subjectHash: string;
  /** `first` for judges that see one answer. */
  readonly order: VerdictOrder;
  /** 0-based. */
  readonly vote: number;
  /** Category, mapped back to the first order; `null` when the judge gave none that can be used. */
  readonly value: string | null;
  /** Share of claims for judges of claims; `null` for all others. */
  readonly share: number | null;
  /** Why there is no value. */
  readonly reason: "unmapped" | "refusal" | "invalid_reply" | "out_of_range" | null;
  /** The judge's own word, before it was mapped. */
  readonly word: string;
  readonly reasoning: string;
  /** US dollars; `null` when no price is known. */
  readonly costUsd: number | null;
  readonly at: string;
}

/** What a judge may be used for: to gate, to inform, or for nothing. */
export type CalibrationVerdict = "calibrated" | "advisory" | "unusable";

/** How far a version of a judge agreed with people, and until when that counts. */
export interface Calibration {
  readonly judge: string;
  readonly judgeVersion: string;
  readonly rubric: string;
  /** Name of the metric that it lets gate, e.g. `judge.helpfulness`. */
  readonly metric: string;
  readonly verdict: CalibrationVerdict;
  /** One sentence: what decided. */
  readonly reason: string;
  readonly kappa: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Items with a label and a verdict. */
  readonly n: number;
  /** What the lower limit had to reach. */
  readonly floor: number;
  /** ISO 8601. */
  readonly at: string;
  readonly expiresAt: string;
  /** Content hash of the whole report. */
  readonly reportHash: string;
}
