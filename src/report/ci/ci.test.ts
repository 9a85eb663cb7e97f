import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GateReport } from "../../gates/gate-report.js";
import { sampleCase } from "../../store/testing/store-samples.js";
import type { CaseReport, RunReport } from "../run-report.js";
import { HOSTILE, SECRET, sampleReport } from "../testing/report-samples.js";
import type { Annotation, Places } from "./annotation.js";
import { annotationsOf } from "./annotations.js";
import { commentMark, renderCiMarkdown, renderComment } from "./ci-markdown.js";
import { renderCodeQuality } from "./code-quality.js";
import { jobOutputs, renderJobOutputs } from "./job-outputs.js";
import { workflowCommands } from "./workflow-commands.js";

const places: Places = {
  ofCase: (caseId) => ({ file: "set.jsonl", line: caseId.length }),
  ofGate: () => ({ file: "gates.yaml", line: 4 }),
  agent: { file: "agents/a.yaml", line: 3 },
};

const gate = sampleReport().gate as GateReport;
const waiver = { gate: "x", by: "ann", reason: "known", until: "2026-12-31" };

function annotated(changes: Partial<GateReport> | null = {}, report: RunReport = sampleReport()) {
  return annotationsOf({ ...report, gate: changes === null ? null : { ...gate, ...changes } }, places);
}

describe("annotationsOf", () => {
  it("puts what blocks first: gates by severity, then trials that could not run, then cases", () => {
    const titles = annotated().map(({ level, title }) => `${level} ${title}`);
    expect(titles.slice(0, 3)).toEqual([
      "error gate generation.faithfulness: fail",
      "error run: fail",
      "error 1 trial could not run: PROVIDER_TIMEOUT",
    ]);
    expect(titles).toContain("warning gate operations.latency_p95: inconclusive");
    const levels = annotated().map(({ level }) => level);
    expect(levels).toEqual([...levels].sort((a, b) => "ewn".indexOf(a[0]!) - "ewn".indexOf(b[0]!)));
  });

  it("makes an error of a case that a gate names, a warning of others, a notice where the run passes", () => {
    const levelOf = (found: readonly Annotation[]) =>
      found.find(({ title }) => title.startsWith("case refund-window-02"))?.level;
    const [first] = gate.results;
    const naming = { ...first!, cases: [{ caseId: "refund-window-02", note: "failed in 1 of 2 trials" }] };
    expect(levelOf(annotated({ results: [naming] }))).toBe("error");
    expect(levelOf(annotated({ results: [{ ...naming, waiver }] }))).toBe("warning");
    expect(levelOf(annotated())).toBe("warning");
    expect(levelOf(annotated({ verdict: "pass", results: [], reasons: [] }))).toBe("notice");
    expect(levelOf(annotated(null))).toBe("warning");
  });

  it("says who answers for a waived gate, and blocks by none of them", () => {
    const results = gate.results.map((one) => ({ ...one, waiver }));
    const [found] = annotated({ results, reasons: [] }).filter(({ title }) => title.startsWith("gate"));
    expect(found).toMatchObject({ level: "notice" });
    expect(found?.message).toContain("Waived by ann until 2026-12-31: known");
  });

  it("shows no text of a holdout case", () => {
    expect(JSON.stringify(annotated())).not.toContain(SECRET);
    expect(annotated().some(({ title }) => title.includes("holdout-06"))).toBe(true);
  });
});

describe("workflowCommands", () => {
  const annotation: Annotation = { level: "error", file: "a.ts", line: 3, title: "t", message: "m" };

  it("shows ten of a level, the last of which counts the others", () => {
    const many = Array.from({ length: 25 }, (_, index) => ({ ...annotation, title: `t${index}` }));
    const warnings = many.slice(0, 10).map((one) => ({ ...one, level: "warning" as const }));
    const commands = workflowCommands([...many, ...warnings]);
    expect(commands).toHaveLength(20);
    expect(commands[0]).toBe("::error file=a.ts,line=3,title=t0::m");
    expect(commands[9]).toBe("::error::… and 16 more; the report has them all");
  });

  it("keeps every text within one command, so that what it says can be read back", () => {
    const text = fc.string({
      unit: fc.constantFrom("%", ":", ",", "\r", "\n", "=", "::", "##[error]", "a", "%0A"),
    });
    fc.assert(
      fc.property(text, text, text, (file, title, message) => {
        const [line = "", ...rest] = workflowCommands([{ ...annotation, file, title, message }]);
        expect(rest).toEqual([]);
        expect(line).not.toMatch(/[\r\n]/);
        const [, properties = "", data = ""] = /^::error (.*?)::(.*)$/.exec(line) ?? [];
        const read = (value: string) => decodeURIComponent(value.replaceAll(/%(?!0D|0A|3A|2C|25)/g, "%25"));
        expect(read(data)).toBe(message);
        const found = Object.fromEntries(properties.split(",").map((one) => one.split(/=(.*)/s).slice(0, 2)));
        expect([found.file, found.line, found.title].map((one) => read(one ?? ""))).toEqual([
          file,
          "3",
          title,
        ]);
      }),
    );
  });

  it("names no line where there is none", () => {
    expect(
      workflowCommands([
        { ...annotation, line: null },
        { ...annotation, file: null },
      ]),
    ).toEqual(["::error file=a.ts,title=t::m", "::error title=t::m"]);
  });
});

describe("renderCodeQuality", () => {
  it("keeps the fingerprint of a finding whose trials or run differ", () => {
    const of = (title: string) =>
      JSON.parse(
        renderCodeQuality(
          [{ level: "error", file: null, line: null, title, message: title }],
          "agentctl.yaml",
        ),
      );
    const [first] = of("case a: 0 of 2 trials passed");
    const [second] = of("case a: 1 of 2 trials passed");
    expect(first.fingerprint).toBe(second.fingerprint);
    expect(first).toMatchObject({
      check_name: "agentctl/case",
      location: { path: "agentctl.yaml", lines: { begin: 1 } },
    });
    expect(of("case b: 0 of 2 trials passed")[0].fingerprint).not.toBe(first.fingerprint);
  });
});

describe("the comment", () => {
  it("begins with its mark, whatever the key, and links the job", () => {
    const text = renderComment(
      { runs: [sampleReport()], exitCode: 1 },
      "x --> <img> é",
      "https://h/a?b=1&c=2",
    );
    expect(text.startsWith("<!-- agentctl x-img- -->\n## ❌")).toBe(true);
    expect(text).toContain('<a href="https://h/a?b=1&amp;c=2">');
    expect(commentMark("a/b")).not.toBe(commentMark("a/c"));
  });

  it("stays within the length of a comment, with every tag closed", () => {
    const [template] = sampleReport().cases.slice(1);
    const cases = Array.from(
      { length: 300 },
      (_, index): CaseReport => ({
        goldenCase: sampleCase(`case-${index}`, { input: { kind: "text", text: HOSTILE.repeat(20) } }),
        trials: template!.trials,
      }),
    );
    const runs = Array.from({ length: 3 }, () => sampleReport({ cases }));
    const text = renderComment({ runs, exitCode: 1 }, "k", null);
    expect(text.length).toBeLessThan(65_536);
    for (const tag of ["details", "pre"]) {
      expect(text.split(`<${tag}>`).length).toBe(text.split(`</${tag}>`).length);
    }
    expect(text).toContain("the rest is left out here");
  });

  it("says that nothing can be said when there is no run, and that nothing was to run", () => {
    expect(renderCiMarkdown({ runs: [], exitCode: 2 })).toContain("exit code 2: wrong flags");
    expect(renderCiMarkdown({ runs: [], exitCode: null })).toContain("nothing can be said of the agent.");
    expect(renderCiMarkdown({ runs: [], exitCode: 0 })).toContain("nothing to run");
  });
});

describe("jobOutputs", () => {
  it("takes the worst verdict, and adds up over suites", () => {
    const totals = { ...sampleReport().totals, passed: 8, failed: 0, errors: 0, costUsd: 0.5 };
    const good = sampleReport({ gate: { ...gate, verdict: "pass" }, totals });
    const both = jobOutputs({ runs: [good, sampleReport()], exitCode: 1 });
    const { passed, failed } = sampleReport().totals;
    expect(both).toMatchObject({ verdict: "fail", passed: passed + 8, failed });
    expect(both.passRate).toBeCloseTo((passed + 8) / (passed + failed + 8));
    expect(jobOutputs({ runs: [good], exitCode: 0 }).verdict).toBe("pass");
    expect(jobOutputs({ runs: [good, sampleReport({ gate: null })], exitCode: 0 }).verdict).toBe("none");
  });

  it("has no rate without scored trials, and never a verdict that passes without a run", () => {
    const totals = { ...sampleReport().totals, passed: 0, failed: 0 };
    expect(jobOutputs({ runs: [sampleReport({ totals })], exitCode: 0 }).passRate).toBeNull();
    expect(jobOutputs({ runs: [], exitCode: 2 }).verdict).toBe("error");
    expect(jobOutputs({ runs: [], exitCode: null }).verdict).toBe("error");
    expect(jobOutputs({ runs: [], exitCode: 0 }).verdict).toBe("skipped");
  });

  it("prints a line for each, in the form of the host", () => {
    const outputs = jobOutputs({ runs: [], exitCode: 0 });
    expect(renderJobOutputs(outputs, "github")).toContain("verdict=skipped\nrun-id=\n");
    expect(renderJobOutputs(outputs, "gitlab")).toContain("EVAL_VERDICT=skipped\nEVAL_RUN_ID=\n");
  });
});
