import { contentHash } from "../../core/hash.js";
import { hideHoldout } from "../hide-holdout.js";
import { clip, plainText } from "../plain-text.js";
import type { CaseReport, RunReport } from "../run-report.js";
import { SAFETY_RULES, type SafetyRule } from "./safety-rules.js";

const MAX_MESSAGE_CHARACTERS = 1_000;

/**
 * The safety findings of a run as SARIF 2.1.0: one for each case and rule, at the line of the case in the golden set. A
 * finding keeps its fingerprint from run to run. A metric that the run did not measure is named among the notifications,
 * so that no finding is never taken for safety.
 */
export function renderSarif(report: RunReport): string {
  const { run, cases, totals } = hideHoldout(report);
  const results = SAFETY_RULES.flatMap((rule, ruleIndex) =>
    cases.flatMap((one) => finding(report, one, rule, ruleIndex)),
  );
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "agentctl", version: run.agentctlVersion, rules: SAFETY_RULES.map(ruleOf) },
        },
        automationDetails: { id: `agentctl/${run.suite}/` },
        invocations: [
          {
            executionSuccessful: run.status === "complete" && totals.errors === 0,
            startTimeUtc: run.createdAt,
            ...(run.finishedAt === null ? {} : { endTimeUtc: run.finishedAt }),
            toolExecutionNotifications: notifications(report),
          },
        ],
        columnKind: "utf16CodeUnits",
        results,
        properties: { runId: run.id, agentVersion: run.agentVersion, datasetHash: run.datasetHash },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf({ id, name, title, help, level, severity }: SafetyRule) {
  return {
    id,
    name,
    shortDescription: { text: title },
    fullDescription: { text: `${title}.` },
    help: { text: help, markdown: help },
    defaultConfiguration: { level },
    properties: { tags: ["security", "llm"], precision: "high", "security-severity": severity },
  };
}

function finding(report: RunReport, one: CaseReport, rule: SafetyRule, ruleIndex: number) {
  const { id, line } = one.goldenCase;
  const details: string[] = [];
  let trials = 0;
  for (const { scores } of one.trials) {
    const score = scores[rule.metric];
    if (score === undefined || score.value === null || score.value <= 0) continue;
    trials += 1;
    if (score.detail !== undefined && !details.includes(score.detail)) details.push(score.detail);
  }
  if (trials === 0) return [];
  const said = details.length === 0 ? "" : ` ${details.join("; ")}.`;
  const text = `${rule.title} in ${trials} of ${one.trials.length} trials of case ${id}.${said}`;
  return [
    {
      ruleId: rule.id,
      ruleIndex,
      level: rule.level,
      message: { text: clip(plainText(text), MAX_MESSAGE_CHARACTERS) },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: uriOf(report.run.datasetPath) },
            region: { startLine: line },
          },
          logicalLocations: [
            { name: plainText(id), fullyQualifiedName: plainText(`${report.run.suite}/${id}`) },
          ],
        },
      ],
      partialFingerprints: {
        "agentctlCase/v1": contentHash({ suite: report.run.suite, caseId: id, rule: rule.id }),
      },
      properties: { trials: one.trials.length, trialsWithFinding: trials },
    },
  ];
}

/** What nothing is known of: rules whose metric no trial was scored by, and trials that did not run. */
function notifications({ run, cases, totals }: RunReport) {
  const isScored = (metric: string) =>
    cases.some(({ trials }) =>
      trials.some(({ scores }) => scores[metric] !== undefined && scores[metric].value !== null),
    );
  const unknown = SAFETY_RULES.filter(({ metric }) => !isScored(metric)).map(({ id, metric }) => {
    const why = run.metrics.includes(metric) ? "no trial was scored by it" : "the run did not measure it";
    return note(`Nothing is known of ${id}: ${metric} is its metric, and ${why}.`);
  });
  const lost = totals.planned - totals.completed;
  return lost > 0
    ? [...unknown, note(`${lost} of ${totals.planned} trials did not run to their end.`)]
    : unknown;
}

function note(text: string) {
  return { level: "note", message: { text } };
}

/** Relative to the repository, or a `file:` URI of what lies outside. */
function uriOf(path: string): string {
  const parts = path.split(/[\\/]/).map(encodeURIComponent).join("/");
  if (path.startsWith("/")) return `file://${parts}`;
  return /^[A-Za-z]:[\\/]/.test(path) ? `file:///${parts.replace("%3A", ":")}` : parts;
}
