import type { Interval } from "../../stats/interval.js";
import type { JudgeAgreement } from "../comparison/compare-judges.js";
import type { PeriodKind } from "./period.js";
import type { VerdictShift } from "./verdict-shift.js";

/** What a judge did in one period. */
export interface PeriodSummary {
  /** `2026-W47` or `2026-11`. */
  readonly name: string;
  /** ISO 8601. */
  readonly from: string;
  readonly until: string;
  /** `null` when the judge said nothing. */
  readonly judgeVersion: string | null;
  /** Other versions that judged in the period; their verdicts do not count. */
  readonly otherVersions: number;
  /** Items that were judged. */
  readonly judged: number;
  /** Judged items without a usable verdict. */
  readonly unusable: number;
  /** Items that the judge had not seen before the period and that are no anchors. */
  readonly newItems: number;
  /** Items with a label and a usable verdict. */
  readonly labelled: number;
  readonly agreement: JudgeAgreement;
}

/** How kappa changed: current minus last. */
export interface KappaChange {
  /** The same items judged in both periods, or different items. */
  readonly method: "paired" | "independent";
  /** Items of the last period and of this one; equal when paired. */
  readonly last: number;
  readonly current: number;
  readonly difference: number;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Two-sided. */
  readonly p: number | null;
}

/** The same items judged in both periods, with or without a label. */
export interface AnchorShift {
  readonly n: number;
  /** Share of them with the same verdict in both, Wilson's interval. */
  readonly same: Interval;
  readonly categories: readonly string[];
  /** `transitions[i][j]`: items with category i in the last period and j in this one. */
  readonly transitions: readonly (readonly number[])[];
  /** Whether the shares of the categories changed; `null` when it cannot be tested. */
  readonly p: number | null;
  readonly method: "mcnemar" | "stuart-maxwell" | null;
}

export interface ChangedAnchor {
  readonly item: string;
  /** Label of people; `null` without one. */
  readonly truth: string | null;
  readonly last: string;
  readonly current: string;
}

export type DriftCheckName = "kappa" | "floor" | "anchors" | "traffic" | "unusable";

/** One thing that is looked at each period. */
export interface DriftCheck {
  readonly check: DriftCheckName;
  /** `not-run`: too little data, which is never a sign that nothing changed. */
  readonly status: "alarm" | "quiet" | "not-run";
  /** `null` for the floor, which is a limit and not a test, and for what was not run. */
  readonly p: number | null;
  /** One sentence with the figures. */
  readonly finding: string;
}

export interface JudgeDrift {
  readonly judge: string;
  readonly rubric: string;
  readonly period: PeriodKind;
  /** ISO 8601: the moment whose period is looked at. */
  readonly at: string;
  /** Confidence level of the intervals. */
  readonly level: number;
  /** Most that all checks together raise a false alarm in a period. */
  readonly falseAlarmRate: number;
  /** p below which one check raises an alarm. */
  readonly alarmBelow: number;
  /** What the lower limit of kappa has to reach for the judge to gate. */
  readonly floor: number;
  readonly minLabels: number;
  /** Items that are to be judged again each period; `null`: every item that was judged in both. */
  readonly anchorSet: { readonly source: string; readonly items: number } | null;
  readonly current: PeriodSummary;
  /** `null` when the judge said nothing before. */
  readonly last: PeriodSummary | null;
  readonly kappaChange: KappaChange | null;
  readonly anchors: AnchorShift | null;
  readonly changedAnchors: readonly ChangedAnchor[];
  readonly traffic: VerdictShift | null;
  readonly checks: readonly DriftCheck[];
  readonly verdict: "drift" | "stable" | "inconclusive";
  /** One sentence: what decided. */
  readonly reason: string;
  readonly nextSteps: readonly string[];
}
