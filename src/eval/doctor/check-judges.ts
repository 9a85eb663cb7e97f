import { existsSync } from "node:fs";
import { AgentctlError } from "../../core/errors.js";
import type { DoctorCheck } from "../../report/doctor-report.js";
import { listJudges } from "../judge/calibrate-list.js";
import { judgementFileOf } from "../judge/project-judgements.js";
import type { Project } from "../project/load-project.js";
import { checksOf, type DoctorContext } from "./doctor-context.js";

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;
const { ok, warning, unknown } = checksOf("judges");

/** Whether the calibrations of judges hold, and for how long. */
export function checkJudges(
  project: Project,
  { workingDirectory, clock }: DoctorContext,
): readonly DoctorCheck[] {
  if (!existsSync(judgementFileOf(project))) return [ok("calibrations", "no judge has given a verdict")];
  try {
    const judges = listJudges({ config: project.file }, { workingDirectory, clock });
    return judges.map(({ judge, calibration, state }) => {
      const fix = `agentctl judge calibrate ${judge}`;
      if (calibration === null) return warning(judge, "is not calibrated: no gate can trust it", fix);
      const days = Math.floor((Date.parse(calibration.expiresAt) - clock.now()) / DAY_MS);
      if (state === "expired")
        return warning(judge, `its calibration expired on ${calibration.expiresAt}`, fix);
      if (state !== "calibrated")
        return warning(judge, calibration.reason ?? "did not pass its calibration", fix);
      return days < SOON_DAYS
        ? warning(judge, `its calibration expires in ${days} days`, fix)
        : ok(judge, `calibrated for another ${days} days`);
    });
  } catch (error) {
    if (!(error instanceof AgentctlError)) throw error;
    return [unknown("calibrations", error.message.replaceAll("\n", "; "), error.nextStep ?? null)];
  }
}
