import type { LabelEntry } from "../core/judgement.js";

/** How often a name occurs. */
export interface Tally {
  readonly name: string;
  readonly count: number;
}

/** What `agentctl import labels` did. */
export interface ImportedLabels {
  /** The file that was read, as it was given. */
  readonly source: string;
  readonly rubrics: readonly string[];
  readonly rows: number;
  /** Labels that are new. */
  readonly added: number;
  /** Labels that an earlier import had added. */
  readonly alreadyThere: number;
  /** Rows without a label. */
  readonly missing: number;
  /** Rows that said again what an earlier one said. */
  readonly repeated: number;
  /** Items with a label in the file. */
  readonly items: number;
  /** Labels in the file by who gave them, the most first. */
  readonly authors: readonly Tally[];
  /** The same by label. */
  readonly labels: readonly Tally[];
  /** What else a reader must know, one sentence each. */
  readonly notes: readonly string[];
}

/** Verdicts of one judge in a file. */
export interface ImportedJudge {
  readonly judge: string;
  readonly judgeVersion: string;
  /** Verdicts that are new. */
  readonly added: number;
  readonly alreadyThere: number;
  /** Verdicts by label, the most first. */
  readonly labels: readonly Tally[];
  /** Verdicts without a label, by reason. */
  readonly withoutLabel: readonly Tally[];
}

/** What `agentctl import verdicts` did. */
export interface ImportedVerdicts {
  /** The file that was read, as it was given. */
  readonly source: string;
  readonly rubric: string;
  readonly rows: number;
  readonly added: number;
  readonly alreadyThere: number;
  /** Verdicts that said again what an earlier row said. */
  readonly repeated: number;
  readonly judges: readonly ImportedJudge[];
  /** Words that stand for no label, the commonest first. */
  readonly unmappedWords: readonly Tally[];
  readonly notes: readonly string[];
}

/** What `agentctl judge export` wrote. */
export interface ExportedLabels {
  readonly rubric: string;
  /** Whether it holds what is said now, rather than every entry. */
  readonly isCurrent: boolean;
  /** File written, relative to the working directory; `null` when it was printed. */
  readonly file: string | null;
  readonly rows: number;
  /** The entries themselves where no file was written; `null` otherwise and for the current state. */
  readonly entries: readonly LabelEntry[] | null;
}
