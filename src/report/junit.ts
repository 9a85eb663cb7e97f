import type { FlakyCase } from "../gates/gate-report.js";
import { TASK_SUCCESS } from "../metrics/agent/task-success.js";
import { caseOutcome, type Outcome, trialOutcome, trialsPassed } from "./case-outcome.js";
import { expectationLines, inputText } from "./case-text.js";
import { traceCommand } from "./format.js";
import { hideHoldout } from "./hide-holdout.js";
import { gateSuite, gateSuiteLines } from "./junit-gates.js";
import { noticesOf } from "./notices.js";
import type { CaseReport, RunReport, TrialReport } from "./run-report.js";
import { attributes, escapeXml, properties } from "./xml-text.js";

/**
 * The run as JUnit XML: a test case for each case, its trials as properties. A case fails when a trial failed,
 * errs when none failed and one could not be executed, and is skipped when nothing said whether it was right:
 * no data is not a pass.
 */
export function renderJunit(report: RunReport): string {
  const { run, cases } = hideHoldout(report);
  const flaky = new Map((report.gate?.flaky ?? []).map((one) => [one.caseId, one]));
  const outcomes = cases.map((one) => junitOutcome(one, flaky));
  const count = (...wanted: readonly string[]) => outcomes.filter((one) => wanted.includes(one)).length;
  const counts = {
    tests: cases.length,
    failures: count("failed"),
    errors: count("error"),
    skipped: count("unscored", "not run", "flaky"),
    time: seconds(cases.flatMap((one) => one.trials)),
  };
  const timestamp = run.createdAt.replace(/\.\d+Z$/, "");
  const suite = { name: run.suite, ...counts, timestamp };
  const gates = report.gate === null ? null : gateSuite(report.gate);
  const all = { ...counts };
  for (const key of ["tests", "failures", "errors", "skipped"] as const) all[key] += gates?.counts[key] ?? 0;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: "agentctl", ...all })}>`,
    `  <testsuite ${attributes(suite)}>`,
    "    <properties>",
    ...properties(
      {
        run: run.id,
        agent: run.agentName,
        agent_version: run.agentVersion,
        dataset_hash: run.datasetHash,
        provider: run.provider,
        model: run.model,
        seed: String(run.seed),
        ...(report.gate === null ? {} : { gate: report.gate.verdict }),
        ...Object.fromEntries(noticesOf(report).map((notice, index) => [`notice_${index + 1}`, notice])),
      },
      6,
    ),
    "    </properties>",
    ...cases.flatMap((one) => testCase(report, one, flaky)),
    "  </testsuite>",
    ...(gates === null ? [] : gateSuiteLines(gates, run.suite, timestamp)),
    "</testsuites>",
    "",
  ].join("\n");
}

type Flaky = ReadonlyMap<string, FlakyCase>;

/** A quarantined case is neither passed nor failed: it says that its trials disagree. */
function junitOutcome(one: CaseReport, flaky: Flaky): Outcome | "flaky" {
  const outcome = caseOutcome(one);
  return outcome === "failed" && flaky.has(one.goldenCase.id) ? "flaky" : outcome;
}

function testCase(report: RunReport, one: CaseReport, flaky: Flaky): string[] {
  const { goldenCase, trials } = one;
  const facts = { name: goldenCase.id, classname: report.run.suite, time: seconds(trials) };
  return [
    `    <testcase ${attributes(facts)}>`,
    "      <properties>",
    ...properties(
      {
        trials: trialsPassed(one),
        split: goldenCase.split,
        ...(goldenCase.risk === null ? {} : { risk: goldenCase.risk }),
        ...(goldenCase.tags.length === 0 ? {} : { tags: goldenCase.tags.join(" ") }),
      },
      8,
    ),
    ...trials.flatMap((trial) => properties(trialProperties(trial), 8)),
    "      </properties>",
    ...result(report, one, flaky),
    "    </testcase>",
  ];
}

function trialProperties(trial: TrialReport): Record<string, string> {
  const prefix = `trial.${trial.trial}`;
  const found: Record<string, string> = { [prefix]: `${trialOutcome(trial)}, ${trial.stopReason}` };
  for (const [metric, score] of Object.entries(trial.scores)) {
    if (score.value !== null) found[`${prefix}.${metric}`] = String(score.value);
  }
  return found;
}

function result(report: RunReport, one: CaseReport, flaky: Flaky): string[] {
  const outcome = junitOutcome(one, flaky);
  if (outcome === "passed") return [];
  if (outcome === "flaky") {
    const message = `flaky: ${trialsPassed(one)}, beyond its history`;
    const text = escapeXml(explanation(report, one, "failed"));
    return [`      <skipped ${attributes({ message })}/>`, `      <system-out>${text}</system-out>`];
  }
  if (outcome === "not run") return ['      <skipped message="not run"/>'];
  if (outcome === "unscored")
    return ['      <skipped message="nothing was expected, so nothing was scored"/>'];
  const tag = outcome === "failed" ? "failure" : "error";
  const first = one.trials.find((trial) => trialOutcome(trial) === outcome);
  const type = first?.error?.code ?? TASK_SUCCESS;
  const message = first?.error?.message ?? first?.failures[0] ?? trialsPassed(one);
  const text = escapeXml(explanation(report, one, outcome));
  return [`      <${tag} ${attributes({ type, message })}>${text}</${tag}>`];
}

function explanation(report: RunReport, one: CaseReport, outcome: string): string {
  const lines = [`asked: ${inputText(one.goldenCase.input)}`];
  for (const line of expectationLines(one.goldenCase)) lines.push(`expected: ${line}`);
  for (const trial of one.trials.filter((candidate) => trialOutcome(candidate) === outcome)) {
    lines.push("", `trial ${trial.trial} (${trial.stopReason})`);
    if (trial.error !== null) lines.push(`error: ${trial.error.code}: ${trial.error.message}`);
    for (const failure of trial.failures) lines.push(`why: ${failure}`);
    if (trial.answer !== null) lines.push(`came: ${trial.answer}`);
    lines.push(`trace: ${traceCommand(report.run.id, one.goldenCase.id, trial.trial)}`);
  }
  return lines.join("\n");
}

function seconds(trials: readonly TrialReport[]): string {
  return (trials.reduce((sum, trial) => sum + (trial.durationMs ?? 0), 0) / 1000).toFixed(3);
}
