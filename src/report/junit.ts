import { TASK_SUCCESS } from "../metrics/agent/task-success.js";
import { caseOutcome, trialOutcome, trialsPassed } from "./case-outcome.js";
import { expectationLines, inputText } from "./case-text.js";
import { traceCommand } from "./format.js";
import { hideHoldout } from "./hide-holdout.js";
import { noticesOf } from "./notices.js";
import type { CaseReport, RunReport, TrialReport } from "./run-report.js";

/**
 * The run as JUnit XML: a test case for each case, its trials as properties. A case fails when a trial failed,
 * errs when none failed and one could not be executed, and is skipped when nothing said whether it was right:
 * no data is not a pass.
 */
export function renderJunit(report: RunReport): string {
  const { run, cases } = hideHoldout(report);
  const outcomes = cases.map(caseOutcome);
  const count = (...wanted: readonly string[]) => outcomes.filter((one) => wanted.includes(one)).length;
  const counts = {
    tests: cases.length,
    failures: count("failed"),
    errors: count("error"),
    skipped: count("unscored", "not run"),
    time: seconds(cases.flatMap((one) => one.trials)),
  };
  const suite = { name: run.suite, ...counts, timestamp: run.createdAt.replace(/\.\d+Z$/, "") };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: "agentctl", ...counts })}>`,
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
    ...cases.flatMap((one) => testCase(report, one)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(report: RunReport, one: CaseReport): string[] {
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
    ...result(report, one),
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

function result(report: RunReport, one: CaseReport): string[] {
  const outcome = caseOutcome(one);
  if (outcome === "passed") return [];
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

function properties(values: { readonly [name: string]: string }, indent: number): string[] {
  return Object.entries(values).map(
    ([name, value]) => `${" ".repeat(indent)}<property ${attributes({ name, value })}/>`,
  );
}

function attributes(values: { readonly [name: string]: string | number }): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        `${name}="${escapeXml(String(value)).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;")}"`,
    )
    .join(" ");
}

/** Everything that XML 1.0 forbids even as an entity, half surrogate pairs included. */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function escapeXml(text: string): string {
  return text
    .replace(FORBIDDEN, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;")
    .replaceAll("\r", "&#13;");
}
