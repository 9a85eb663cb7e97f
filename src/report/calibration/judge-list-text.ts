import type { ListedJudge } from "../../judge/calibration/judge-list.js";
import { formatScore, limitsOf } from "../agreement-words.js";
import { renderDocument } from "../json-document.js";
import { oneLine } from "../plain-text.js";
import { painter, type TextStyle } from "../text-style.js";
import { textTable } from "../text-table.js";
import { dayOf } from "./calibration-words.js";

const NAME_CHARACTERS = 28;

/** Judges as one JSON document. */
export function renderJudgeListJson(judges: readonly ListedJudge[]): string {
  return renderDocument("judge-list", { judges });
}

/** Judges with verdicts, one a line, each with its calibration. */
export function renderJudgeList(judges: readonly ListedJudge[], style: TextStyle): string {
  if (judges.length === 0) {
    return "No judge has verdicts yet: `agentctl judge run` or `agentctl import verdicts` gives some.";
  }
  const [titles = "", ...rows] = textTable(
    [
      { title: "judge" },
      { title: "version" },
      { title: "votes", align: "right" },
      { title: "n", align: "right" },
      { title: "kappa" },
      { title: "calibration" },
    ],
    judges.map((one) => [
      oneLine(one.judge, NAME_CHARACTERS),
      one.judgeVersion.slice(0, 6),
      String(one.verdicts),
      one.calibration === null ? "" : String(one.calibration.n),
      one.calibration === null
        ? ""
        : `${formatScore(one.calibration.kappa)} ${limitsOf(one.calibration)}`.trimEnd(),
      stateText(one),
    ]),
  );
  return [painter(style)(titles, "dim"), ...rows].join("\n");
}

function stateText({ state, calibration }: ListedJudge): string {
  if (calibration === null) return state;
  if (state === "calibrated") return `until ${dayOf(calibration.expiresAt)}`;
  return state === "expired" ? `expired ${dayOf(calibration.expiresAt)}` : state;
}
