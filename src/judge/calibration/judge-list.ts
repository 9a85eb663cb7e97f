import type { Calibration } from "../../core/judgement.js";

/** What a judge may be used for now; `expired` was calibrated once. */
export type CalibrationState = "calibrated" | "expired" | "advisory" | "unusable" | "never";

/** A judge with verdicts, and whether it may gate. */
export interface ListedJudge {
  readonly judge: string;
  readonly rubric: string;
  /** That of the judge file, or the newest one imported. */
  readonly judgeVersion: string;
  readonly kind: "file" | "imported";
  /** Votes of this version. */
  readonly verdicts: number;
  /** Votes of other versions. */
  readonly otherVersions: number;
  /** ISO 8601, of the newest vote of this version; `null` without one. */
  readonly lastAt: string | null;
  readonly state: CalibrationState;
  /** The newest of this version; `null` when it was never calibrated. */
  readonly calibration: Pick<
    Calibration,
    "kappa" | "lower" | "upper" | "n" | "floor" | "at" | "expiresAt" | "reason"
  > | null;
}

/** @param now - milliseconds since the Unix epoch */
export function calibrationState(calibration: Calibration | null, now: number): CalibrationState {
  if (calibration === null) return "never";
  if (calibration.verdict !== "calibrated") return calibration.verdict;
  return Date.parse(calibration.expiresAt) > now ? "calibrated" : "expired";
}
