import type { GateCase, GateReport, GateResult } from "../../gates/gate-report.js";
import { caseOutcome, trialOutcome, trialsPassed } from "../case-outcome.js";
import { traceCommand } from "../format.js";
import { hideHoldout } from "../hide-holdout.js";
import { clip, oneLine, plainText } from "../plain-text.js";
import type { CaseReport, RunReport, TrialReport } from "../run-report.js";
import type { Annotation, AnnotationLevel, Place, Places } from "./annotation.js";

const MAX_MESSAGE_CHARACTERS = 1_000;
const MAX_TITLE_CHARACTERS = 120;

const LEVELS: readonly AnnotationLevel[] = ["error", "warning", "notice"];
const SEVERITIES: readonly GateResult["severity"][] = ["critical", "major", "minor"];
const RISKS = ["critical", "high", "medium", "low"];

/** An annotation with its rank among those of its level: the lower, the more serious. */
type Ranked = Annotation & { readonly rank: number };

/**
 * What a run has to say of the lines of a repository, the most serious first: gates that do not pass at their rule,
 * trials that could not run at the agent's model, failing and flaky cases at their line of the golden set. A case is an
 * error when a gate fails because of it, a warning when the run does not pass, and a notice when it does.
 * No text of a holdout case is in it.
 */
export function annotationsOf(report: RunReport, places: Places): readonly Annotation[] {
  const shown = hideHoldout(report);
  const { gate } = shown;
  const found = [
    ...(gate === null ? [] : [...gateAnnotations(gate, places), ...runAnnotations(gate)]),
    ...errorAnnotations(shown, places),
    ...caseAnnotations(shown, places),
    ...(gate === null ? [] : flakyAnnotations(gate, places)),
  ];
  return found
    .sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || a.rank - b.rank)
    .map(({ rank: _, ...annotation }) => annotation);
}

function annotation(
  level: AnnotationLevel,
  rank: number,
  place: Place | null,
  title: string,
  message: string,
): Ranked {
  return {
    level,
    rank,
    file: place?.file ?? null,
    line: place?.line ?? null,
    title: oneLine(title, MAX_TITLE_CHARACTERS),
    message: clip(plainText(message), MAX_MESSAGE_CHARACTERS),
  };
}

function gateAnnotations(gate: GateReport, places: Places): Ranked[] {
  return gate.results
    .filter((result) => result.verdict !== "pass")
    .map((result) => {
      const { name, waiver, verdict, severity, reason, toSettle } = result;
      const lines = [reason, ...(toSettle === null ? [] : [`To settle it: ${toSettle}.`])];
      if (waiver !== null) {
        lines.push(`Waived by ${waiver.by} until ${waiver.until}: ${waiver.reason}`);
      }
      return annotation(
        levelOf(result, gate),
        SEVERITIES.indexOf(severity) + (verdict === "inconclusive" ? 3 : 0),
        places.ofGate(name),
        `gate ${name}: ${verdict}${waiver === null ? "" : " (waived)"}`,
        lines.join("\n"),
      );
    });
}

function levelOf({ waiver, severity, verdict }: GateResult, gate: GateReport): AnnotationLevel {
  if (waiver !== null) return "notice";
  if (severity === "minor") return "warning";
  // Whether too little evidence blocks is for the rules to say; then the whole fails.
  return verdict === "inconclusive" && gate.verdict !== "fail" ? "warning" : "error";
}

/** What kept the run from a pass beside its gates: missing trials, an interrupted run. */
function runAnnotations({ reasons, results, verdict }: GateReport): Ranked[] {
  return reasons
    .filter((reason) => !results.some(({ name }) => reason.startsWith(`${name} `)))
    .map((reason) => annotation("error", 1, null, `run: ${verdict}`, reason));
}

/** One for each kind of error: a provider that is down breaks every trial in the same way. */
function errorAnnotations({ cases }: RunReport, places: Places): Ranked[] {
  const byCode = new Map<string, { readonly example: string; trials: number }>();
  for (const { error } of cases.flatMap((one) => one.trials)) {
    if (error === null) continue;
    const known = byCode.get(error.code) ?? { example: error.message, trials: 0 };
    known.trials += 1;
    byCode.set(error.code, known);
  }
  return [...byCode].map(([code, { example, trials }]) =>
    annotation(
      "error",
      2,
      places.agent,
      `${trials} ${trials === 1 ? "trial" : "trials"} could not run: ${code}`,
      `The first said: ${example}`,
    ),
  );
}

function caseAnnotations(report: RunReport, places: Places): Ranked[] {
  const blamed = blamedCases(report.gate);
  return report.cases
    .filter((one) => caseOutcome(one) === "failed")
    .map((one) => {
      const { id, risk } = one.goldenCase;
      const blame = blamed.get(id);
      const level = blame !== undefined ? "error" : report.gate?.verdict === "pass" ? "notice" : "warning";
      const rank = risk === null ? RISKS.length : RISKS.indexOf(risk);
      const title = `case ${id}: ${trialsPassed(one)}`;
      const message = failureText(report, one, blame);
      return annotation(level, 10 + rank, places.ofCase(id), title, message);
    });
}

/** The cases that gates which count fail for, with the gate's word on each. */
function blamedCases(gate: GateReport | null): ReadonlyMap<string, string> {
  const failing = (gate?.results ?? []).filter(
    ({ verdict, waiver, severity }) => verdict === "fail" && waiver === null && severity !== "minor",
  );
  const entries = failing.flatMap((result) => {
    const cases: readonly GateCase[] = [result, ...result.parts].flatMap((one) => one.cases);
    return cases.map(({ caseId, note }) => [caseId, `gate ${result.name}: ${note}`] as const);
  });
  return new Map(entries);
}

function failureText({ run }: RunReport, { goldenCase, trials }: CaseReport, blame: string | undefined) {
  const failed = trials.filter((trial) => trialOutcome(trial) === "failed");
  const first = failed[0] as TrialReport;
  return [
    ...(blame === undefined ? [] : [blame]),
    ...first.failures,
    traceCommand(run.id, goldenCase.id, first.trial),
  ].join("\n");
}

function flakyAnnotations({ flaky }: GateReport, places: Places): Ranked[] {
  return flaky.map(({ caseId, passed, trials, historyRate, p }) => {
    const history = historyRate === null ? "without a history" : `against ${historyRate.toFixed(2)} before`;
    return annotation(
      "warning",
      20,
      places.ofCase(caseId),
      `case ${caseId} is flaky`,
      `${passed} of ${trials} trials passed, ${history} (p = ${p.toPrecision(2)}).`,
    );
  });
}
