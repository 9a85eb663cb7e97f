import type { GateKind } from "../gate-kind.js";

/** One rule of a gate file, in words. */
export interface CheckedGate {
  /** As reports call it. */
  readonly name: string;
  readonly kind: GateKind;
  /** The file that it stands in. */
  readonly file: string;
  /** One phrase: what it passes on. */
  readonly passes: string;
  readonly severity: "critical" | "major" | "minor";
  readonly onInconclusive: "fail" | "inconclusive";
  /** Condition without which it is not judged; `null`: always judged. */
  readonly when: string | null;
  readonly parts: readonly CheckedPart[];
}

export type CheckedPart = Pick<CheckedGate, "name" | "kind" | "passes"> & {
  readonly parts: readonly CheckedPart[];
};

export interface CheckedWaiver {
  readonly gate: string;
  readonly by: string;
  readonly reason: string;
  readonly until: string;
  /** 1 on the last day, 0 or less once it has expired. */
  readonly daysLeft: number;
}

/** A run or a file that rules compare with. */
export interface CheckedBaseline {
  readonly reference: string;
  /** Of the run that was found; `null` for a file, and where there is none. */
  readonly runId: string | null;
  /** Why there is none; `null` when there is. */
  readonly missing: string | null;
}

/** Something that is no error and that the author should know; `gate` is `null` when it is about the file. */
export interface GateWarning {
  readonly gate: string | null;
  readonly message: string;
}

/** What a gate file says, without any run. */
export interface GateCheck {
  readonly file: string;
  readonly gatesHash: string;
  /** Files that it imports, directly or not. */
  readonly imports: readonly string[];
  readonly suite: string;
  /** Cases of the suite's golden set; `null` when it cannot be read. */
  readonly cases: number | null;
  /** Of the intervals, in (0, 1). */
  readonly level: number;
  readonly gates: readonly CheckedGate[];
  readonly baselines: readonly CheckedBaseline[];
  readonly waivers: readonly CheckedWaiver[];
  /** The canary in words, one line for each step and trigger. */
  readonly canary: readonly string[];
  readonly warnings: readonly GateWarning[];
}
