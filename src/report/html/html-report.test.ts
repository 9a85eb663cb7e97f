import { describe, expect, it } from "vitest";
import { sampleCase } from "../../store/testing/store-samples.js";
import { sampleComparison } from "../comparison/testing/comparison-samples.js";
import type { CaseReport } from "../run-report.js";
import { sampleGates } from "../testing/gate-report-samples.js";
import { SECRET, sampleReport, sampleTrace, sampleTraces } from "../testing/report-samples.js";
import { unpackedData, unpackedPage } from "../testing/unpacked-page.js";
import { renderHtml } from "./html-report.js";
import { PAGE_LIMITS } from "./page-data.js";

const [passed, failed] = sampleReport().cases;

function manyCases(count: number, text: (index: number) => string = String): CaseReport[] {
  return Array.from({ length: count }, (_, index) => ({
    goldenCase: sampleCase(`case-${index}`, { input: { kind: "text", text: text(index) } }),
    trials: index % 2 === 0 ? failed!.trials.slice(0, 1) : passed!.trials,
  }));
}

function casesOf(page: string): { readonly id: string; readonly asked: string }[] {
  return (unpackedData(page).get("cases") as { cases: { id: string; asked: string }[] }).cases;
}

/** Text that does not compress: the worst that a case can say. */
function noise(index: number): string {
  let state = index + 1;
  return Array.from({ length: 4_000 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return String.fromCharCode(33 + ((state >>> 16) % 94));
  }).join("");
}

describe("renderHtml", () => {
  it("puts the verdict first and provenance last", () => {
    const page = renderHtml(
      sampleReport({ gate: sampleGates(), comparison: sampleComparison() }),
      sampleTraces,
    );
    const order = [
      "<h1>",
      'class="tiles"',
      ...["gates", "estimates", "differences", "failures", "case-list", "slices", "cost", "provenance"].map(
        (id) => `<section id="${id}"`,
      ),
    ];
    const places = order.map((part) => page.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((left, right) => left - right));
  });

  it("shows every kind of gate, with waived, skipped and flaky ones apart", () => {
    const gate = sampleGates();
    const page = renderHtml(sampleReport({ gate }), sampleTraces);
    for (const { name, required } of gate.results) {
      expect(page).toContain(`<code>${name}</code>`);
      expect(page).toContain(required.replaceAll(">", "&gt;"));
    }
    expect(page).toContain("Waived by maria until 2026-12-05: index rebuild in progress");
    expect(page).toContain("3 parts: 1 fail, 1 inconclusive, 1 pass");
    expect(page).toContain("To settle: about 53 more cases");
    expect(page).toContain("Skipped: the condition of 1 gate does not hold");
    expect(page).toContain("1 of 2 trials passed; history 2.0 % of pairs disagree, p 0.0041");
    expect(page).toContain("−30.5 to −6.2 points");
    expect(page).toContain("+2.0 % to +41.0 %");
  });

  it("shows the differences of the gates where no comparison was asked for, and none where there are none", () => {
    const page = renderHtml(sampleReport({ gate: sampleGates() }), sampleTraces);
    expect(page).toContain('<section id="differences"');
    expect(page).toContain("task.success no worse than main: −30.5 to −6.2 points");
    expect(renderHtml(sampleReport(), sampleTraces)).not.toContain('id="differences"');
  });

  it("stays below 2 MB with 1,000 cases whose texts do not compress", () => {
    const trace = sampleTrace("x", 0);
    const page = renderHtml(sampleReport({ cases: manyCases(1_000, noise) }), (id) => ({
      ...trace,
      transcript: [{ role: "user", text: noise(Number(id.slice(5))) }],
    }));
    expect(Buffer.byteLength(page)).toBeLessThan(2_000_000);
    expect(casesOf(page)[0]?.asked).toMatch(/\[cut: about \d+ more characters\]$/);
    expect(page).toMatch(/It holds the traces of \d+ of 500 trials that failed/);
  });

  it("lists only what did not pass beyond its limit, and says so", () => {
    const page = renderHtml(sampleReport({ cases: manyCases(60) }), sampleTraces, {
      ...PAGE_LIMITS,
      maxCases: 40,
    });
    expect(casesOf(page)).toHaveLength(30);
    expect(page).toContain("This page lists 30 of 60 cases: those that did not pass");
    expect(page).toContain("agentctl trace 20261121-065500-k3f9 CASE");
  });

  it("takes all traces of bad trials along, and a sample of others, and says what it left out", () => {
    const cases = manyCases(100);
    const limits = { ...PAGE_LIMITS, passingTraces: 10 };
    expect(renderHtml(sampleReport({ cases }), sampleTraces, limits)).toContain(
      "Of 50 trials that passed it holds 10 traces, as a sample",
    );
    const none = renderHtml(sampleReport({ cases }), sampleTraces, { ...limits, traceCharacters: 0 });
    expect(none).toContain("It holds the traces of 0 of 50 trials that failed or could not be executed");
    expect(none).not.toContain('id="traces-');
  });

  it("counts the failures of holdout cases by kind, and shows nothing of them", () => {
    const page = unpackedPage(renderHtml(sampleReport(), sampleTraces));
    expect(page).toContain('href="#case=holdout-06"');
    expect(page).not.toContain(SECRET);
    expect(page).toContain("5 trials that failed or could not be executed");
  });

  it("redacts secrets in texts and traces", () => {
    const key = "sk-abcdefghijklmnop0123456789";
    const one = {
      goldenCase: sampleCase("x", { input: { kind: "text", text: key } }),
      trials: failed!.trials,
    };
    const page = renderHtml(sampleReport({ cases: [one] }), (id, trial) => ({
      ...sampleTrace(id, trial),
      replies: [key],
      transcript: [{ role: "assistant", text: `my key is ${key}` }],
    }));
    expect(unpackedPage(page)).not.toContain(key);
    expect(unpackedPage(page)).toContain("[redacted secret]");
  });

  it("says how to run it again, without the folders of this machine", () => {
    const { run } = sampleReport();
    const invocation = { suite: "starter", agent: "/home/maria/project/agent.yaml", filterTag: ["a b", "c"] };
    const page = renderHtml(sampleReport({ run: { ...run, invocation } }), sampleTraces);
    expect(page).toContain(
      "agentctl eval --suite starter --agent project/agent.yaml --filter-tag &#39;a b&#39; --filter-tag c --trials 1 --seed 7",
    );
    expect(page).not.toContain("/home/maria");
  });

  it("shows what each model took", () => {
    const usage = [
      {
        model: "openai/gpt-4o",
        speaker: "agent",
        calls: 12,
        cached: 2,
        inputTokens: 4_000,
        outputTokens: 300,
        costUsd: 0.02,
        costUnknown: 1,
      },
    ] as const;
    const page = renderHtml(sampleReport({ usage }), sampleTraces);
    expect(page).toMatch(
      /openai\/gpt-4o<small>agent<\/small>.*>12<.*>2<.*>4000<.*>300<.*\$0\.02, 1 call of unknown cost/s,
    );
  });
});
