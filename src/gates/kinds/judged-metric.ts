import {
  type GateCalibration,
  gateCalibration,
  type JudgeStandings,
  whyNotCalibrated,
} from "../judge-standing.js";

/** Metrics that a model judges. */
const JUDGED = /^judge\./;

/** What a judge's standing says of a metric. */
export interface JudgedStanding {
  /** Of the judge that gave the metric; `null` without one, and for metrics that no model judges. */
  readonly calibration: GateCalibration | null;
  /** Why the metric may not gate, in one sentence; `null` when it may. */
  readonly whyNot: string | null;
}

/** A metric of a judge may gate only while the judge is calibrated against people. */
export function judgedStanding(metric: string, standings: JudgeStandings): JudgedStanding {
  if (!JUDGED.test(metric)) return { calibration: null, whyNot: null };
  const calibration = gateCalibration(metric, standings);
  return { calibration, whyNot: whyNotCalibrated(metric, calibration) };
}
