import { describe, expect, it } from "vitest";
import { SECRET } from "../testing/report-samples.js";
import { renderComparisonHtml } from "./comparison-html.js";
import { renderComparisonJson } from "./comparison-json.js";
import { renderComparisonMarkdown } from "./comparison-markdown.js";
import type { ComparisonReport } from "./comparison-report.js";
import { renderComparison } from "./comparison-text.js";
import { sampleCandidate, sampleComparison } from "./testing/comparison-samples.js";

const renderers: Readonly<Record<string, (report: ComparisonReport) => string>> = {
  "terminal-80.txt": (report) => renderComparison(report, { useColor: false, columns: 80 }),
  "terminal-120.txt": (report) => renderComparison(report, { useColor: false, columns: 120 }),
  "comparison.html.golden": renderComparisonHtml,
  "comparison.markdown.golden": renderComparisonMarkdown,
  "comparison.json.golden": renderComparisonJson,
};

/** What leaves nothing to show: one case, no change, no distribution, no slice, no text. */
function bareComparison(): ComparisonReport {
  const { metrics } = sampleCandidate();
  return sampleComparison({
    candidates: [
      sampleCandidate({
        metrics: metrics.filter(({ metric }) => metric === "retry_rate"),
        distributions: [],
        slices: [],
        reversals: [],
        warnings: [],
        changes: { metric: "retry_rate", lost: [], won: [] },
        detectable: null,
      }),
    ],
    cases: {},
  });
}

function threeCandidates(): ComparisonReport {
  const { cases } = sampleComparison();
  return sampleComparison({
    candidates: [sampleCandidate(), sampleCandidate(), sampleCandidate()],
    cases: Object.fromEntries(
      Object.entries(cases).map(([id, text]) => {
        const [first = null] = text.candidates;
        return [id, { ...text, candidates: [first, null, first] }];
      }),
    ),
  });
}

/** Sixty metrics with names as long as any. */
function manyMetrics(): ComparisonReport {
  const [first, ...others] = sampleCandidate().metrics;
  if (first === undefined) throw new Error("the sample has no metric");
  const named = Array.from({ length: 60 }, (_, index) => ({
    ...(others[index % others.length] ?? first),
    metric: `custom.a-metric-with-a-name-that-is-longer-than-any-other-${index}`,
  }));
  return sampleComparison({ candidates: [sampleCandidate({ metrics: [first, ...named] })] });
}

describe.each(Object.entries(renderers))("%s", (golden, render) => {
  it("shows what it always showed", async () => {
    await expect(render(sampleComparison())).toMatchFileSnapshot(`__golden__/${golden}`);
  });

  it.each([
    ["one candidate", sampleComparison],
    ["nothing to show", bareComparison],
    ["three candidates", threeCandidates],
    ["sixty metrics", manyMetrics],
  ])("shows %s without a number that is none", (_name, report) => {
    const text = render(report());
    expect(text).not.toMatch(/\bNaN\b|Infinity|undefined|\[object/);
    expect(text.length).toBeGreaterThan(200);
  });

  it("lets no text of a case act as markup or as an escape sequence", () => {
    const text = render(sampleComparison());
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it looks for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    if (golden.includes("html") || golden.includes("markdown")) {
      expect(text).not.toMatch(/<script|<img|onerror=(?!window\.hacked=1&gt;|window\.hacked=1&#62;)/);
    }
  });
});

describe.each([
  ["terminal", renderers["terminal-80.txt"]],
  ["HTML", renderComparisonHtml],
  ["Markdown", renderComparisonMarkdown],
])("a holdout case in %s", (_name, render) => {
  it("is named, and its texts are not shown", () => {
    const text = render?.(sampleComparison()) ?? "";
    expect(text).toContain("holdout-06");
    expect(text).not.toContain(SECRET);
  });
});

describe("the terminal", () => {
  it.each([80, 100, 120])(
    "stays within %i columns, but for commands that must be copied whole",
    (columns) => {
      const lines = [sampleComparison(), manyMetrics(), threeCandidates()].flatMap((report) =>
        renderComparison(report, { useColor: false, columns }).split("\n"),
      );
      const long = lines.filter(
        (line) => Array.from(line).length > columns && !line.includes("agentctl trace"),
      );
      expect(long).toEqual([]);
    },
  );

  it("says the finding before anything else, in words that need no statistics", () => {
    const head = renderComparison(sampleComparison(), { useColor: false, columns: 80 })
      .split("\n")
      .slice(0, 12);
    const text = head.join(" ").replace(/\s+/g, " ");
    expect(text).toContain("task.success: 90.0 % → 71.7 %");
    expect(text).toContain("14 cases lost, 3 won");
    expect(text).toContain("the candidate is 6.2 points to 30.5 points worse; chance alone would seldom");
  });

  it("changes no word by colour", () => {
    const style = { columns: 100 };
    const colored = renderComparison(sampleComparison(), { ...style, useColor: true });
    expect(colored).toContain("\u001b[31m");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it removes
    expect(colored.replaceAll(/\u001b\[\d+m/g, "")).toBe(
      renderComparison(sampleComparison(), { ...style, useColor: false }),
    );
  });

  it("lists ten lost cases of fourteen and counts the rest", () => {
    const text = renderComparison(sampleComparison(), { useColor: false, columns: 100 });
    expect(text).toContain("14 cases lost on task.success, the first 10 are:");
    expect(text.match(/^✗/gm)).toHaveLength(10);
    expect(text).toContain("and 4 more");
    expect(text).toContain("agentctl trace -- 20261121-065500-k3f9 '-won '\\''s-1'");
  });
});

describe("HTML", () => {
  it("needs no script and lets in its own style alone", () => {
    const text = renderComparisonHtml(sampleComparison());
    expect(text).toMatch(/default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'/);
    expect(text).not.toMatch(/<script|\sstyle=|https?:/);
  });

  it("describes every plot in words", () => {
    const text = renderComparisonHtml(sampleComparison());
    const plots = text.match(/<svg class="plot"/g) ?? [];
    expect(plots.length).toBeGreaterThanOrEqual(6);
    expect(
      text.match(/<svg class="plot"[^>]*role="img"[^>]*><title>[^<]+<\/title><desc>[^<]+<\/desc>/g),
    ).toHaveLength(plots.length);
  });
});

it("leaves room in a comment on a pull request, however many cases are lost", () => {
  const { cases } = sampleComparison();
  const text = cases["refund-window-01"];
  if (text === undefined) throw new Error("the sample has no such case");
  const ids = Array.from({ length: 400 }, (_, index) => `case-${index}`);
  const report = sampleComparison({
    candidates: [
      sampleCandidate({
        changes: {
          metric: "task.success",
          lost: ids.map((caseId) => ({ caseId, baseline: 1, candidate: 0 })),
          won: [],
        },
      }),
    ],
    cases: Object.fromEntries(ids.map((id) => [id, text])),
  });
  const markdown = renderComparisonMarkdown(report);
  expect(markdown.length).toBeLessThan(60_000);
  expect(markdown).toContain("more are left out here");
});
