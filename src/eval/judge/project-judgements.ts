import { dirname, resolve } from "node:path";
import { type JudgementStore, judgementFile, openJudgementStore } from "../../store/judgement-store.js";
import type { Project } from "../load-project.js";

/** Opens labels, verdicts and calibrations of a project, beside its run history. The caller closes them. */
export function openProjectJudgements(project: Project): JudgementStore {
  return openJudgementStore(judgementFile(dirname(resolve(project.root, project.config.store))));
}
