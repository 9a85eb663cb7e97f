/** What was looked at. */
export type DoctorArea =
  | "program"
  | "project"
  | "keys"
  | "endpoints"
  | "store"
  | "clock"
  | "judges"
  | "baseline";

export const DOCTOR_AREAS: readonly DoctorArea[] = [
  "program",
  "project",
  "keys",
  "endpoints",
  "store",
  "clock",
  "judges",
  "baseline",
];

/** `unknown`: it was not looked at, or nobody can tell from here; never taken for ok. */
export type DoctorState = "ok" | "warning" | "problem" | "unknown";

/** One thing that was looked at. */
export interface DoctorCheck {
  readonly area: DoctorArea;
  /** Unique within its area. */
  readonly name: string;
  readonly state: DoctorState;
  /** What was found, without any value of a variable. */
  readonly evidence: string;
  /** Command or change that mends it; `null` when there is nothing to mend. */
  readonly fix: string | null;
}

/** `agentctl doctor`. */
export interface DoctorReport {
  /** The worst of all checks; `unknown` counts as less than a warning. */
  readonly state: DoctorState;
  readonly checks: readonly DoctorCheck[];
}
