import type { DriftCheck, DriftCheckName, JudgeDrift } from "./drift-report.js";

/** What to do about each alarm. */
const STEPS: { readonly [Check in DriftCheckName]: string } = {
  kappa: "read the changed anchors below, then calibrate the judge again: until then let no gate rely on it",
  floor: "take the judge out of gates that require a calibration, and work on its rubric or its model",
  anchors:
    "the same items get other verdicts: ask whether the provider changed the model, and pin its version in the judge file",
  traffic:
    "the agent or its traffic may have changed, not the judge: see whether the anchors moved too, and label some of the new items",
  unusable:
    "read the replies that gave no verdict: the model may refuse, or use words that `synonyms` does not list",
};

/** Next steps for a person, the gravest first. */
export function nextSteps(
  { checks, current, last, verdict }: Pick<JudgeDrift, "checks" | "current" | "last" | "verdict">,
  { judge, minLabels }: { readonly judge: string; readonly minLabels: number },
): readonly string[] {
  const alarms = checks.filter(({ status }) => status === "alarm").map(({ check }) => STEPS[check]);
  const versions =
    last !== null && current.judgeVersion !== null && last.judgeVersion !== current.judgeVersion
      ? [
          "the judge file changed between the periods: the difference is that of two versions, so calibrate the new one",
        ]
      : [];
  return [...versions, ...alarms, ...missing(checks, { judge, minLabels }), ...quiet(verdict)];
}

function missing(
  checks: readonly DriftCheck[],
  { judge, minLabels }: { readonly judge: string; readonly minLabels: number },
): readonly string[] {
  const isMissing = (name: DriftCheckName) =>
    checks.some(({ check, status }) => check === name && status === "not-run");
  return [
    ...(isMissing("kappa")
      ? [`label at least ${minLabels} items and have ${judge} judge the same ones in each period`]
      : []),
    ...(isMissing("traffic")
      ? ["judge new runs in each period, so that their verdicts can be compared"]
      : []),
  ];
}

function quiet(verdict: JudgeDrift["verdict"]): readonly string[] {
  return verdict === "stable" ? ["nothing: look again next period"] : [];
}
