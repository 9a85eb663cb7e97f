import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GateReport, GateResult } from "../../gates/gate-report.js";
import { unjudged } from "../../gates/unjudged.js";
import { renderGateReport } from "../gate-text.js";
import { renderMarkdown } from "../markdown.js";
import { sampleReport } from "../testing/report-samples.js";
import { gateTable } from "./gate-table.js";

const plain = (text: string) => text;
const estimate = {
  metric: "task.success",
  unit: "proportion",
  direction: "higher",
  value: 0.8889,
  lower: 0.8184,
  upper: 0.9594,
  level: 0.95,
  n: 72,
  unscored: {},
  clusters: 72,
  method: "wilson",
} as const;

function result(name: string, changes: Partial<GateResult> = {}): GateResult {
  return {
    ...unjudged({ severity: "major" }, "threshold", name),
    metric: "task.success",
    required: ">= 0.85",
    estimate,
    verdict: "pass",
    reason: "Measured 0.8889, wanted at least 0.85.",
    ...changes,
  };
}

const NO_WORSE = result("task.success no worse than main", {
  kind: "no-worse",
  required: "less than 2 points below main, with 95 % confidence",
  verdict: "inconclusive",
  reason: "The interval reaches the margin.",
  toSettle: "about 120 more cases",
  baseline: { reference: "main", runId: "r0", agentVersion: "a", estimate },
  difference: {
    value: -0.0139,
    lower: -0.0712,
    upper: 0.0304,
    method: "tango",
    relative: -0.015,
    n: 72,
    clusters: 72,
    level: 0.9,
    design: "paired",
    margin: 0.02,
    isRelative: false,
    test: null,
  },
});
const WHOLE = result("quality", {
  kind: "any",
  metric: null,
  estimate: null,
  required: "one of 2 parts passes",
  parts: [result("one", { verdict: "fail" }), NO_WORSE],
});
const MUST = result("must pass", {
  kind: "must-pass",
  severity: "critical",
  verdict: "fail",
  cases: Array.from({ length: 7 }, (_, index) => ({
    caseId: `case-${index}`,
    note: "failed in 1 of 1 trials",
  })),
  waiver: { gate: "must pass", by: "ana", reason: "known", until: "2026-12-31" },
});
const REPORT: GateReport = {
  ...(sampleReport().gate as GateReport),
  results: [result("task.success"), NO_WORSE, WHOLE, MUST],
  reasons: ["task.success no worse than main is inconclusive: The interval reaches the margin."],
  notes: ["must pass fails and is waived by ana until 2026-12-31: known"],
  skipped: [{ name: "cost", reason: "Its condition does not hold: changed(model)." }],
  flaky: [{ caseId: "case-9", passed: 1, trials: 4, historyRate: 0.05, p: 0.0031 }],
};

describe("the table of gates", () => {
  it("shows difference, parts, remarks and what is left out", async () => {
    await expect(renderGateReport(REPORT, { useColor: false, columns: 80 })).toMatchFileSnapshot(
      "../__golden__/gate-kinds.txt",
    );
  });

  it.each([60, 80, 100, 140, 200])("takes at most %i columns", (columns) => {
    const text = renderGateReport(REPORT, { useColor: false, columns });
    for (const line of text.split("\n")) expect(Array.from(line).length, line).toBeLessThanOrEqual(columns);
  });

  it("takes no more than it has whatever gates are called", () => {
    const words = fc.array(fc.string({ minLength: 1, maxLength: 60, unit: "grapheme-ascii" }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(words, words, fc.integer({ min: 80, max: 160 }), (name, required, width) => {
        const gate = result(name.join(" ").trim() || "x", { required: required.join(" ") });
        for (const line of gateTable({ results: [gate, NO_WORSE] }, plain, width)) {
          expect(Array.from(line).length).toBeLessThanOrEqual(width);
        }
      }),
    );
  });

  it("loses nothing of a name that goes on below itself", () => {
    const name = "a.very.long.metric.name.that.does.not.fit.into.any.column.of.a.narrow.table";
    const lines = gateTable({ results: [result(name)] }, plain, 80);
    const found = lines.slice(1).map((line) => line.slice(6).split("  ")[0]?.trim());
    expect(found.join("")).toContain(name);
  });

  it("paints the verdict where it stands, and only there", () => {
    const lines = gateTable(REPORT, (text, color) => `<${color}>${text}</>`, 80);
    expect(lines.filter((line) => line.startsWith("<green>pass</>"))).toHaveLength(2);
    expect(lines.filter((line) => line.startsWith("<red>fail</>"))).toHaveLength(2);
    expect(lines.filter((line) => line.startsWith("<yellow>inconclusive</>"))).toHaveLength(2);
  });

  it("stands in the Markdown summary with the same lines", async () => {
    const text = renderMarkdown({ ...sampleReport(), gate: REPORT });
    const from = text.indexOf("| verdict |");
    await expect(text.slice(from, text.indexOf("<details>", from))).toMatchFileSnapshot(
      "../__golden__/gate-kinds.md",
    );
  });
});
