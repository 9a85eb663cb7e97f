import type { GateReport, GateResult } from "../gates/gate-report.js";
import { attributes, escapeXml } from "./xml-text.js";

/** How a gate stands in JUnit, which knows no warning: what does not block is skipped, with its reason. */
type GateOutcome = "passed" | "failure" | "error" | "skipped";

interface GateTest {
  readonly name: string;
  readonly outcome: GateOutcome;
  readonly type: string;
  readonly message: string;
  readonly text: string;
}

/** The gates of a run as tests. */
export interface GateSuite {
  readonly tests: readonly GateTest[];
  readonly counts: {
    readonly tests: number;
    readonly failures: number;
    readonly errors: number;
    readonly skipped: number;
  };
}

/** One test for each gate: waived gates, minor ones and those whose condition does not hold are skipped. */
export function gateSuite({ results, skipped }: GateReport): GateSuite {
  const tests = [
    ...results.map(gateTest),
    ...skipped.map(({ name, reason }) => skippedTest(name, `not judged: ${reason}`, "")),
  ];
  const count = (outcome: GateOutcome) => tests.filter((one) => one.outcome === outcome).length;
  return {
    tests,
    counts: {
      tests: tests.length,
      failures: count("failure"),
      errors: count("error"),
      skipped: count("skipped"),
    },
  };
}

function gateTest(gate: GateResult): GateTest {
  const { name, verdict, severity, reason, waiver } = gate;
  const text = explanation(gate);
  if (verdict === "pass") return { name, outcome: "passed", type: "", message: "", text: "" };
  if (waiver !== null) {
    const message = `${verdict}, waived by ${waiver.by} until ${waiver.until}: ${waiver.reason}`;
    return skippedTest(name, message, text);
  }
  if (severity === "minor") return skippedTest(name, `${verdict}, minor (warns only): ${reason}`, text);
  // Too little evidence is no wrong result: JUnit's word for what could not be decided is error.
  return { name, outcome: verdict === "fail" ? "failure" : "error", type: verdict, message: reason, text };
}

function skippedTest(name: string, message: string, text: string): GateTest {
  return { name, outcome: "skipped", type: "", message, text };
}

function explanation({ required, toSettle, cases }: GateResult): string {
  return [
    `required: ${required}`,
    ...(toSettle === null ? [] : [`to settle it: ${toSettle}`]),
    ...cases.map(({ caseId, note }) => `case ${caseId}: ${note}`),
  ].join("\n");
}

export function gateSuiteLines({ tests, counts }: GateSuite, suite: string, timestamp: string): string[] {
  const name = `${suite}: gates`;
  return [
    `  <testsuite ${attributes({ name, ...counts, time: "0.000", timestamp })}>`,
    ...tests.flatMap((test) => {
      const opening = `    <testcase ${attributes({ name: test.name, classname: `${suite}.gates`, time: "0.000" })}`;
      return test.outcome === "passed"
        ? [`${opening}/>`]
        : [`${opening}>`, ...outcomeLines(test), "    </testcase>"];
    }),
    "  </testsuite>",
  ];
}

function outcomeLines({ outcome, type, message, text }: GateTest): string[] {
  if (outcome !== "skipped") {
    return [`      <${outcome} ${attributes({ type, message })}>${escapeXml(text)}</${outcome}>`];
  }
  const skipped = `      <skipped ${attributes({ message })}/>`;
  return text === "" ? [skipped] : [skipped, `      <system-out>${escapeXml(text)}</system-out>`];
}
