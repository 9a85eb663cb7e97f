import type { CalibrationReport } from "../../judge/calibration/calibration-report.js";
import { formatScore, formatShare, labelText, limitsOf } from "../agreement-words.js";
import { formatLevel } from "../format.js";
import {
  countSentences,
  labelsSentence,
  lengthSentence,
  majoritySentence,
  peopleSentence,
  positionSentence,
  retestSentence,
  selfPreferenceSentence,
} from "./calibration-words.js";

/** Every figure of a calibration by its name, in words; what is not known is left out. */
export function calibrationFacts(
  report: CalibrationReport,
): readonly (readonly [name: string, text: string])[] {
  const { agreement, accuracy, weights, marginals, level, floor } = report;
  const { kappa, ac1, alpha } = agreement;
  const weighted = weights === "none" ? "" : `, ${weights} weights`;
  const labelCounts = (who: "people" | "judge") =>
    marginals.map((one) => `${labelText(one.category)} ${one[who]}`).join(", ");
  const limits =
    accuracy.lower === null || accuracy.upper === null
      ? ""
      : `[${formatShare(accuracy.lower)}, ${formatShare(accuracy.upper)}]`;
  const facts: readonly (readonly [string, string | null])[] = [
    ["items", countSentences(report).join("; ")],
    ["accuracy", `${formatShare(accuracy.value)} ${limits}`],
    [
      "kappa",
      `${formatScore(kappa.kappa)} ${limitsOf(kappa)}, floor ${formatScore(floor)}${weighted}; ${formatLevel(level)} intervals`,
    ],
    ["AC1", `${formatScore(ac1.ac1)} ${limitsOf(ac1)}`],
    ["alpha", alpha.alpha === null ? formatScore(null) : `${formatScore(alpha.alpha)} ${alpha.metric}`],
    ["more labels", labelsSentence(report)],
    ["baseline", majoritySentence(report)],
    ["people", labelCounts("people")],
    ["judge", labelCounts("judge")],
    ["position", positionSentence(report)],
    ["length", lengthSentence(report)],
    ["own family", selfPreferenceSentence(report)],
    ["retest", retestSentence(report)],
    ["ceiling", peopleSentence(report)],
  ];
  return facts.flatMap(([name, text]) =>
    text === null ? [] : [[name, text.trim().replace(" ,", ",")] as const],
  );
}
