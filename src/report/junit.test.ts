import { describe, expect, it } from "vitest";
import type { GateReport, GateResult } from "../gates/gate-report.js";
import { unjudged } from "../gates/unjudged.js";
import { renderJunit } from "./junit.js";
import type { RunReport } from "./run-report.js";
import { HOSTILE, sampleReport } from "./testing/report-samples.js";

const waiver = { gate: "tone", by: "ann", reason: "known since May", until: "2026-12-31" };

function gate(name: string, changes: Partial<GateResult>): GateResult {
  const judged = { verdict: "pass", reason: "Measured 0.95." } as const;
  return { ...unjudged({ severity: "major" }, "threshold", name), ...judged, required: ">= 0.9", ...changes };
}

function withGates(results: readonly GateResult[], changes: Partial<GateReport> = {}): RunReport {
  const report = sampleReport();
  return { ...report, gate: { ...(report.gate as GateReport), results, ...changes } };
}

/** The second suite of the file. */
function gatesOf(report: RunReport): string {
  return renderJunit(report).split("</testsuite>")[1] ?? "";
}

describe("gates in JUnit", () => {
  it("tells wrong results from those that could not be decided", () => {
    const xml = gatesOf(
      withGates([
        gate("a", { verdict: "fail", reason: "Measured 0.5." }),
        gate("b", { verdict: "inconclusive", reason: "Too few.", toSettle: "about 53 more cases" }),
        gate("c", { verdict: "error", reason: "Nothing ran." }),
        gate("d", { verdict: "pass" }),
      ]),
    );
    expect(xml).toContain('tests="4" failures="1" errors="2" skipped="0"');
    expect(xml).toContain('<failure type="fail" message="Measured 0.5.">');
    expect(xml).toContain(
      '<error type="inconclusive" message="Too few.">required: &gt;= 0.9\nto settle it: about 53 more cases',
    );
    expect(xml).toContain('<testcase name="d" classname="starter.gates" time="0.000"/>');
  });

  it("skips with a message what does not block: waived, minor, not judged", () => {
    const xml = gatesOf(
      withGates(
        [gate("tone", { verdict: "fail", waiver }), gate("speed", { verdict: "fail", severity: "minor" })],
        { skipped: [{ name: "prompt only", reason: "the prompt did not change" }] },
      ),
    );
    expect(xml).toContain('tests="3" failures="0" errors="0" skipped="3"');
    expect(xml).toContain('<skipped message="fail, waived by ann until 2026-12-31: known since May"/>');
    expect(xml).toContain('<skipped message="fail, minor (warns only)');
    expect(xml).toContain('<skipped message="not judged: the prompt did not change"/>');
  });

  it("names the cases that a gate fails for, and escapes them", () => {
    const cases = [{ caseId: HOSTILE, note: "failed in 1 of 3 trials" }];
    const xml = gatesOf(withGates([gate("must pass", { verdict: "fail", cases })]));
    expect(xml).toContain("failed in 1 of 3 trials");
    expect(xml).not.toContain("<img");
  });

  it("adds up over both suites, and has one suite without gates", () => {
    const total = (xml: string) => Number(/<testsuites [^>]*tests="(\d+)"/.exec(xml)?.[1]);
    const report = withGates([gate("a", { verdict: "pass" })]);
    expect(total(renderJunit(report))).toBe(report.cases.length + 1);
    const alone = renderJunit({ ...report, gate: null });
    expect(total(alone)).toBe(report.cases.length);
    expect(alone.match(/<testsuite /g)).toHaveLength(1);
  });
});

it("skips a flaky case with what its trials did, and fails the others as before", () => {
  const flaky = [{ caseId: "refund-window-02", passed: 1, trials: 2, historyRate: 0.1, p: 0.004 }];
  const xml = renderJunit(withGates([], { flaky }));
  const [, rest = ""] = xml.split('<testcase name="refund-window-02"');
  const testcase = rest.split("</testcase>")[0] ?? "";
  expect(testcase).toContain('<skipped message="flaky: 1 of 2 trials passed, beyond its history"/>');
  expect(testcase).toContain("<system-out>asked: How long");
  expect(xml).toContain('<testsuite name="starter" tests="8" failures="3" errors="1" skipped="3"');
});
