import { existsSync } from "node:fs";
import type { Clock } from "../../core/clock.js";
import type { RunHeader } from "../../core/run.js";
import type { JudgeStandings } from "../../gates/judge-standing.js";
import { openJudgementStore } from "../../store/judgement-store.js";
import type { Project } from "../project/load-project.js";
import { judgementFileOf } from "./project-judgements.js";

/** What is known of the judges of a run. A project without judgements is not given a file for them. */
export function judgeStandings(
  project: Project,
  run: Pick<RunHeader, "judges">,
  clock: Clock,
): JudgeStandings {
  const file = judgementFileOf(project);
  return {
    now: new Date(clock.now()).toISOString(),
    calibrationOf: (metric) => {
      const version = run.judges.find((judge) => judge.metric === metric)?.version;
      if (version === undefined || !existsSync(file)) return null;
      const store = openJudgementStore(file);
      try {
        return store.calibration(version);
      } finally {
        store.close();
      }
    },
  };
}
