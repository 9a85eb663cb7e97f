import { dirname, resolve } from "node:path";
import { type JudgementStore, judgementFile, openJudgementStore } from "../../store/judgement-store.js";
import type { Project } from "../project/load-project.js";

/** File of the judgements of a project, whether or not it is there. */
export function judgementFileOf(project: Project): string {
  return judgementFile(dirname(resolve(project.root, project.config.store)));
}

/** Opens labels, verdicts and calibrations of a project, beside its run history. The caller closes them. */
export function openProjectJudgements(project: Project): JudgementStore {
  return openJudgementStore(judgementFileOf(project));
}
