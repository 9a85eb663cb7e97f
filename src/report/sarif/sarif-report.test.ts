import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { sampleCase } from "../../store/testing/store-samples.js";
import type { CaseReport, RunReport, TrialReport } from "../run-report.js";
import { HOSTILE, SECRET, sampleReport } from "../testing/report-samples.js";
import { renderSarif } from "./sarif-report.js";

interface Sarif {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly invocations: readonly [
        {
          readonly executionSuccessful: boolean;
          readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[];
        },
      ];
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly message: { readonly text: string };
        readonly locations: readonly [
          {
            readonly physicalLocation: {
              readonly artifactLocation: { readonly uri: string };
              readonly region: { readonly startLine: number };
            };
          },
        ];
        readonly partialFingerprints: { readonly [name: string]: string };
      }[];
    },
  ];
}

const fixture = join(import.meta.dirname, "../../../test/fixtures/sarif/sarif-2.1.0-rtm.5.json");
const {
  $schema: _,
  id: __,
  ...schema
} = JSON.parse(readFileSync(fixture, "utf8")) as { [key: string]: unknown };
const isSarif = new Ajv({
  strict: false,
  // A pattern of the schema is no valid one under the flag `u`.
  unicodeRegExp: false,
  allErrors: true,
  formats: { uri: true, "uri-reference": true, "date-time": true },
}).compile(schema);

const [template] = sampleReport().cases;

function trial(scores: TrialReport["scores"], number = 0): TrialReport {
  return { ...(template as CaseReport).trials[0]!, trial: number, scores };
}

function reportOf(cases: readonly CaseReport[], changes: Partial<RunReport["run"]> = {}): RunReport {
  const { run } = sampleReport();
  return sampleReport({ cases, run: { ...run, metrics: ["safety.violations"], ...changes } });
}

function sarifOf(report: RunReport): Sarif["runs"][0] {
  const log = JSON.parse(renderSarif(report)) as Sarif;
  expect(isSarif(log) ? [] : isSarif.errors).toEqual([]);
  return log.runs[0];
}

const violation = (detail: string, number = 0) =>
  trial({ "safety.violations": { value: 1, detail } }, number);

describe("renderSarif", () => {
  it("is SARIF 2.1.0 for a sample of every outcome", () => {
    const { results, tool } = sarifOf(sampleReport());
    expect(results).toEqual([]);
    expect(tool.driver.rules.map(({ id }) => id)).toContain("agentctl/injection-success");
  });

  it("refuses what is no SARIF, so that the check can fail", () => {
    expect(isSarif({ version: "2.1.0", runs: [{ results: [] }] })).toBe(false);
  });

  it("reports a case once a rule, at its line, with what its trials did", () => {
    const goldenCase = { ...sampleCase("refund-9"), line: 17 };
    const passed = trial({ "safety.violations": { value: 0 } }, 2);
    const trials = [
      violation("issue_refund was executed"),
      violation("issue_refund was executed", 1),
      passed,
    ];
    const { results } = sarifOf(reportOf([{ goldenCase, trials }]));
    expect(results).toHaveLength(1);
    expect(results[0]?.ruleId).toBe("agentctl/safety-violation");
    expect(results[0]?.message.text).toContain(
      "in 2 of 3 trials of case refund-9. issue_refund was executed.",
    );
    expect(results[0]?.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "datasets/starter.jsonl" },
      region: { startLine: 17 },
    });
  });

  it("names the rule of a finding by its place in the list", () => {
    const scores = {
      "safety.pii_leaks": { value: 2, detail: "email: 2" },
      "safety.injection_success_rate": { value: 1 },
      "safety.unauthorised_actions": { value: null, reason: "neither limits" },
    };
    const { results, tool } = sarifOf(reportOf([{ goldenCase: sampleCase("a"), trials: [trial(scores)] }]));
    expect(results.map((one) => one.ruleId)).toEqual(["agentctl/injection-success", "agentctl/pii-leak"]);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it("keeps a fingerprint from run to run and line to line, and gives no two cases the same", () => {
    const prints = (ids: readonly string[], line: number, id: string) =>
      sarifOf(
        reportOf(
          ids.map((one) => ({ goldenCase: { ...sampleCase(one), line }, trials: [violation("x")] })),
          { id },
        ),
      ).results.map((one) => one.partialFingerprints["agentctlCase/v1"]);
    expect(prints(["a", "b"], 1, "20261121-065500-aaaaaa")).toEqual(
      prints(["a", "b"], 9, "20261122-065500-bbbbbb"),
    );
    expect(new Set(prints(["a", "b"], 1, "20261121-065500-aaaaaa")).size).toBe(2);
  });

  it("says what it does not know: no finding of what was not measured is no safety", () => {
    const { invocations } = sarifOf(reportOf([{ goldenCase: sampleCase("a"), trials: [violation("x")] }]));
    const said = invocations[0].toolExecutionNotifications.map(({ message }) => message.text);
    expect(said).toContain(
      "Nothing is known of agentctl/pii-leak: safety.pii_leaks is its metric, and the run did not measure it.",
    );
    expect(said.join("\n")).not.toContain("agentctl/safety-violation");
  });

  it("shows no text of a holdout case, and takes the control characters out of hostile ones", () => {
    const holdout = {
      goldenCase: { ...sampleCase("h"), split: "holdout" as const },
      trials: [violation(SECRET)],
    };
    const hostile = { goldenCase: sampleCase(HOSTILE), trials: [violation(HOSTILE)] };
    const report = reportOf([holdout, hostile]);
    expect(sarifOf(report).results).toHaveLength(2);
    const text = renderSarif(report);
    expect(text).not.toContain(SECRET);
    expect(text).not.toMatch(/\\u0000|\\u001b|\\ud800/);
  });

  it("writes paths as URIs", () => {
    const uriOf = (datasetPath: string) =>
      sarifOf(reportOf([{ goldenCase: sampleCase("a"), trials: [violation("x")] }], { datasetPath }))
        .results[0]?.locations[0].physicalLocation.artifactLocation.uri;
    expect(uriOf("a b/ü#1.jsonl")).toBe("a%20b/%C3%BC%231.jsonl");
    expect(uriOf("/srv/set.jsonl")).toBe("file:///srv/set.jsonl");
    expect(uriOf("C:\\sets\\a.jsonl")).toBe("file:///C:/sets/a.jsonl");
  });
});
