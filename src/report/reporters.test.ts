import { describe, expect, it } from "vitest";
import { sampleCase } from "../store/testing/store-samples.js";
import { PAGE_STYLE } from "./html/html-style.js";
import { REPORT_STYLE } from "./html/report-style.js";
import { REPORT_SCRIPT } from "./html/script/report-script.js";
import { PLOT_STYLE } from "./plots/plot-style.js";
import { type ReportFormat, reporters } from "./reporters.js";
import type { CaseReport, RunReport, TraceLoader } from "./run-report.js";
import { renderSummary } from "./terminal.js";
import { HOSTILE, SECRET, sampleReport, sampleTrace, sampleTraces } from "./testing/report-samples.js";
import { unpackedPage } from "./testing/unpacked-page.js";

const formats = Object.keys(reporters) as ReportFormat[];
/** A badge counts, and SARIF holds what was found of safety alone. */
const listing = formats.filter((format) => !["sarif", "badge", "badge-endpoint"].includes(format));

function render(format: ReportFormat, report: RunReport = sampleReport()): string {
  return reporters[format](report, sampleTraces);
}

/** Style and script have tests of their own; here they would hide what a report says. */
function withoutAssets(page: string): string {
  return unpackedPage(page)
    .replace(`${PAGE_STYLE}${PLOT_STYLE}${REPORT_STYLE}`, "…style…")
    .replace(REPORT_SCRIPT, () => "…script…")
    .replaceAll(/sha256-[A-Za-z0-9+/=]{44}/g, "sha256-…");
}

function failing(count: number, text = "x"): CaseReport[] {
  const [, template] = sampleReport().cases;
  return Array.from({ length: count }, (_, index) => ({
    goldenCase: sampleCase(`case-${index}`, { input: { kind: "text", text } }),
    trials: template!.trials,
  }));
}

describe.each(formats)("the %s report", (format) => {
  it("shows what it always showed", async () => {
    await expect(withoutAssets(render(format))).toMatchFileSnapshot(`__golden__/report.${format}.golden`);
  });

  it("shows no text of a holdout case", () => {
    expect(JSON.stringify(sampleReport())).toContain(SECRET);
    expect(render(format)).not.toContain(SECRET);
    if (listing.includes(format)) expect(render(format)).toContain("holdout-06");
  });

  it("says the same each time", () => {
    expect(render(format)).toBe(render(format));
  });

  it("has something to say of a run without cases, estimates and gates", () => {
    const empty = sampleReport({ cases: [], estimates: [], gate: null });
    if (format !== "badge-endpoint") expect(render(format, empty)).toContain(empty.run.id);
    expect(withoutAssets(render(format, empty))).not.toMatch(/NaN|undefined/);
  });
});

it("keeps hostile text out of the markup of HTML, Markdown and JUnit", () => {
  for (const format of ["html", "markdown", "junit"] as const) {
    expect(render(format)).not.toContain("<img");
    expect(render(format)).not.toContain("</script><script>window");
  }
  expect(render("markdown")).not.toMatch(/(?<!<pre>[^<]*)@team(?![^<]*<\/pre>)/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  expect(render("junit")).not.toMatch(/[\u0000-\u0008\u001b]|[\ud800-\udfff](?![\udc00-\udfff])/);
  expect(JSON.parse(render("json")).cases[4].trials[0].answer).toBe(HOSTILE);
});

it("counts in JUnit what is skipped, failed and in error, and passes only what passed", () => {
  const xml = render("junit");
  const [cases = "", gates = ""] = xml.split("</testsuite>");
  expect(xml).toContain('<testsuites name="agentctl" tests="11" failures="5" errors="1" skipped="3"');
  expect(cases).toContain('<testsuite name="starter" tests="8" failures="4" errors="1" skipped="2"');
  expect(cases.match(/<failure /g)).toHaveLength(4);
  expect(cases.match(/<error /g)).toHaveLength(1);
  expect(cases.match(/<skipped /g)).toHaveLength(2);
  expect(gates).toContain('<testsuite name="starter: gates" tests="3" failures="1" errors="0" skipped="1"');
  expect(gates.match(/<failure type="fail"/g)).toHaveLength(1);
  expect(gates.match(/<skipped message="inconclusive, minor/g)).toHaveLength(1);
});

it("keeps Markdown within a pull request comment and says how much it left out", () => {
  const markdown = render("markdown", sampleReport({ cases: failing(3_000, "y".repeat(2_000)) }));
  expect(markdown.length).toBeLessThan(65_536);
  const shown = markdown.match(/<details><summary><code>case/g)?.length ?? 0;
  expect(markdown).toContain(`${3_000 - shown} more are left out here`);
});

it("says on the page which cost and time are those of cached replies", () => {
  const cached: TraceLoader = (caseId, trial) => {
    const trace = sampleTrace(caseId, trial);
    return {
      ...trace,
      modelCalls: trace.modelCalls.map((call) => ({ ...call, cached: call.attempt === 1 })),
    };
  };
  expect(unpackedPage(render("html"))).not.toContain("answered from the cache");
  expect(unpackedPage(reporters.html(sampleReport(), cached))).toContain(
    "1 of 2 model calls answered from the cache",
  );
});

it("says once that the embedded model is no LLM, and says it of no other model", () => {
  const { run } = sampleReport();
  const other = sampleReport({ run: { ...run, provider: "openai", model: "gpt-4o" } });
  const show = (report: RunReport) => [
    render("html", report),
    render("markdown", report),
    renderSummary(report, { useColor: false, columns: 300 }),
  ];
  for (const text of show(sampleReport()))
    expect(text.split("is a lexical baseline, not an LLM")).toHaveLength(2);
  for (const text of show(other)) expect(text).not.toContain("lexical baseline");
});

it("gathers the metrics without a value by reason", () => {
  const [estimate] = sampleReport().estimates;
  const none = (metric: string, reason?: string) => ({
    ...estimate!,
    metric,
    value: null,
    ...(reason === undefined ? {} : { reason }),
  });
  const report = sampleReport({ estimates: [none("a", "too few"), none("b"), none("c", "too few")] });
  expect(render("html", report)).toContain("<li><code>a</code>, <code>c</code>: too few</li>");
  expect(render("html", report)).toContain("<li><code>b</code>: no trial gave a score</li>");
  expect(render("markdown", report)).toContain("- no value: <code>a</code>, <code>c</code> (too few)");
  expect(renderSummary(report, { useColor: false, columns: 80 })).toContain("no value: a, c (too few)");
});

it("says what a cost includes and what it leaves out", () => {
  const totals = { ...sampleReport().totals, costUnknown: 0, cachedCalls: 0 };
  const cached = sampleReport({ totals: { ...totals, cachedCalls: 2 } });
  const partial = sampleReport({ totals: { ...totals, costUnknown: 3 } });
  for (const format of ["html", "markdown"] as const) {
    expect(render(format, cached)).toContain("cached replies included");
    expect(render(format, partial)).toContain("without 3 trials of unknown cost");
    expect(render(format, sampleReport({ totals }))).not.toMatch(/cached replies included|of unknown cost/);
  }
});

it("keeps the plan out of JSON and names its version", () => {
  const document = JSON.parse(render("json")) as { schema: string; version: number; run: object };
  expect(document).toMatchObject({ schema: "agentctl/run-report", version: 1 });
  expect(document.run).not.toHaveProperty("plan");
});

describe("the summary in the terminal", () => {
  it.each([80, 120])("shows at %i columns what it always showed", async (columns) => {
    const text = renderSummary(sampleReport(), { useColor: false, columns });
    await expect(text).toMatchFileSnapshot(`__golden__/summary-${columns}.txt`);
    expect(text).not.toContain(SECRET);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it looks for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it("colours only when asked to, and changes no word by it", () => {
    const plain = renderSummary(sampleReport(), { useColor: false, columns: 100 });
    const colored = renderSummary(sampleReport(), { useColor: true, columns: 100 });
    expect(colored).toContain("\u001b[31m");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it removes
    expect(colored.replaceAll(/\u001b\[\d+m/g, "")).toBe(plain);
  });

  it("leaves no gap where every case passed", () => {
    const text = renderSummary(sampleReport({ cases: [] }), { useColor: false, columns: 100 });
    expect(text).not.toContain("did not pass");
    expect(text).not.toContain("\n\n\n");
  });

  it.each([0, 7, 25])("lists ten of 25 bad cases and counts the rest, %i of them holdout", (holdout) => {
    const cases = failing(25).map((one, index) =>
      index < holdout ? { ...one, goldenCase: { ...one.goldenCase, split: "holdout" as const } } : one,
    );
    const text = renderSummary(sampleReport({ cases }), { useColor: false, columns: 100 });
    expect(text).toContain("25 of 25 cases did not pass, the first 10 are:");
    expect(text.match(/^✗/gm)).toHaveLength(10);
    expect(text).toContain("and 15 more");
  });

  it("tells a run that has not ended from one that took no time, and says how to go on", () => {
    const { run } = sampleReport();
    const report = sampleReport({ run: { ...run, status: "running", finishedAt: null } });
    const text = renderSummary(report, { useColor: false, columns: 120 });
    expect(text).toContain("duration not finished");
    expect(text).toContain(`until it is resumed: agentctl eval --resume ${run.id}`);
    expect(renderSummary(report, { useColor: false, columns: 60 })).toContain(
      `agentctl eval --resume ${run.id}`,
    );
    expect(renderSummary(sampleReport(), { useColor: false, columns: 120 })).not.toContain("--resume");
    expect(render("html", report)).toContain("<b>not finished</b>");
  });
});
