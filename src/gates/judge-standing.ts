import type { Calibration } from "../core/judgement.js";

/** What is known of the judges that gave the judged metrics of a run. */
export interface JudgeStandings {
  /** When the gates are judged, ISO 8601. */
  readonly now: string;
  /** The newest calibration of the judge that gave a metric; `null` when it has none. */
  readonly calibrationOf: (metric: string) => Calibration | null;
}

/** A judge's calibration as a gate sees it. */
export interface GateCalibration extends Calibration {
  readonly hasExpired: boolean;
}

/** The calibration that counts for a metric now. */
export function gateCalibration(
  metric: string,
  { now, calibrationOf }: JudgeStandings,
): GateCalibration | null {
  const calibration = calibrationOf(metric);
  return calibration === null
    ? null
    : { ...calibration, hasExpired: Date.parse(now) >= Date.parse(calibration.expiresAt) };
}

/** Why a judge may not gate, in one sentence; `null` when it may. */
export function whyNotCalibrated(metric: string, calibration: GateCalibration | null): string | null {
  const again = (judge: string) => `agentctl judge calibrate ${judge}`;
  if (calibration === null) {
    return `The judge is not calibrated: label some of its items (agentctl review), then ${again(metric.replace(/^judge\./, ""))}.`;
  }
  const { judge, verdict, hasExpired, expiresAt, reason } = calibration;
  if (verdict !== "calibrated") return `The judge ${judge} is ${verdict}: ${reason}`;
  if (!hasExpired) return null;
  return `The calibration of ${judge} expired on ${expiresAt.slice(0, 10)}: label items of this period, then ${again(judge)}.`;
}
