import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { judgeVersion } from "../judge-version.js";
import { judgeInstructions } from "./judge-words.js";

/** Grows when a baseline compares words in another way: its verdicts are those of another judge then. */
const HEURISTICS = "heuristics 1";

/** Version of a judge file as `judge run` judges by it, with the fixed words around the rubric. */
export function versionOfJudge(config: JudgeConfig): string {
  return judgeVersion(config, config.heuristic === undefined ? judgeInstructions(config) : HEURISTICS);
}
