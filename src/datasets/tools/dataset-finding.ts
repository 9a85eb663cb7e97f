import type { GoldenCase } from "../../core/golden-case.js";

/** A case of one of the files that are checked together. */
export interface PlacedCase {
  readonly file: string;
  readonly goldenCase: GoldenCase;
}

/** A case as findings name it: never by its text, which a holdout case must not show. */
interface CaseReference {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly id: string;
  readonly split: GoldenCase["split"];
}

export type FindingCode =
  | "exact-duplicate"
  | "leak-text"
  | "leak-group"
  | "overlap-text"
  | "overlap-group"
  | "near-duplicate"
  | "conflict"
  | "nothing-expected"
  | "unreviewed-high-risk"
  | "rejected"
  | "small-slice";

/** Findings that make a set unfit to judge by; all others are warnings. */
const PROBLEMS: ReadonlySet<FindingCode> = new Set(["exact-duplicate", "leak-text", "leak-group"]);

/** One thing that `agentctl dataset check` found. */
export interface DatasetFinding {
  readonly code: FindingCode;
  readonly severity: "problem" | "warning";
  readonly message: string;
  readonly cases: readonly CaseReference[];
  /** Exact Jaccard similarity in [0, 1] where two texts were compared, else `null`. */
  readonly similarity: number | null;
}

export function findingOf(
  code: FindingCode,
  message: string,
  cases: readonly PlacedCase[],
  similarity: number | null = null,
): DatasetFinding {
  return {
    code,
    severity: PROBLEMS.has(code) ? "problem" : "warning",
    message,
    cases: cases.map(({ file, goldenCase: { line, id, split } }) => ({ file, line, id, split })),
    similarity,
  };
}
