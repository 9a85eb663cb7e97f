import type { CalibrationReport } from "../../judge/calibration/calibration-report.js";

export function renderCalibrationHtml(report: CalibrationReport): string {
  return report.judge;
}
