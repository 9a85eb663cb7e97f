import type { Clock } from "../../core/clock.js";
import type { Calibration } from "../../core/judgement.js";
import { calibrationState, type ListedJudge } from "../../judge/calibration/judge-list.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import { loadProject, type Project } from "../project/load-project.js";
import { calibrationTarget } from "./calibrate-target.js";
import { openProjectJudgements } from "./project-judgements.js";

/**
 * The judges of a project that have verdicts, by name, each with its calibration.
 *
 * @throws {ConfigError} with every problem of a judge file
 * @throws {StoreError} when the judgements cannot be read
 */
export function listJudges(
  flags: { readonly config?: string },
  services: { readonly workingDirectory: string; readonly clock: Clock },
): readonly ListedJudge[] {
  const project = loadProject(flags.config, services.workingDirectory);
  const store = openProjectJudgements(project);
  try {
    const names = [...new Set(store.judgesWithVerdicts().map(({ judge }) => judge))].sort();
    const now = services.clock.now();
    return names.map((name) => listed(name, project, store, services.workingDirectory, now));
  } finally {
    store.close();
  }
}

function listed(
  name: string,
  project: Project,
  store: JudgementStore,
  workingDirectory: string,
  now: number,
): ListedJudge {
  const { judgeVersion, rubric, config } = calibrationTarget(name, project, store, workingDirectory);
  const versions = store.judgesWithVerdicts().filter(({ judge }) => judge === name);
  const current = versions.filter((one) => one.judgeVersion === judgeVersion);
  const votesOf = (of: typeof versions) => of.reduce((sum, { verdicts }) => sum + verdicts, 0);
  const calibration = store.calibration(judgeVersion);
  return {
    judge: name,
    rubric,
    judgeVersion,
    kind: config === null ? "imported" : "file",
    verdicts: votesOf(current),
    otherVersions: votesOf(versions) - votesOf(current),
    lastAt:
      current
        .map(({ lastAt }) => lastAt)
        .sort()
        .at(-1) ?? null,
    state: calibrationState(calibration, now),
    calibration: calibration === null ? null : shownOf(calibration),
  };
}

function shownOf(calibration: Calibration): ListedJudge["calibration"] {
  const { kappa, lower, upper, n, floor, at, expiresAt, reason } = calibration;
  return { kappa, lower, upper, n, floor, at, expiresAt, reason };
}
