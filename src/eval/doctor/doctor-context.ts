import type { Clock } from "../../core/clock.js";
import type { DoctorArea, DoctorCheck, DoctorState } from "../../report/doctor-report.js";

export interface DoctorContext {
  readonly workingDirectory: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly clock: Clock;
  /** Look at nothing that is not on this machine. */
  readonly isOffline: boolean;
}

/** Makes checks of one area. */
export function checksOf(area: DoctorArea) {
  const make =
    (state: DoctorState) =>
    (name: string, evidence: string, fix: string | null = null): DoctorCheck => ({
      area,
      name,
      state,
      evidence,
      fix,
    });
  return {
    ok: make("ok"),
    warning: make("warning"),
    problem: make("problem"),
    unknown: make("unknown"),
  };
}
