import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { sampleComparison } from "../src/report/comparison/testing/comparison-samples.js";
import { reporters } from "../src/report/reporters.js";
import type { RunReport } from "../src/report/run-report.js";
import { sampleGates } from "../src/report/testing/gate-report-samples.js";
import {
  HOSTILE,
  SECRET,
  sampleReport,
  sampleTrace,
  sampleTraces,
} from "../src/report/testing/report-samples.js";
import { sampleCase } from "../src/store/testing/store-samples.js";
import { describeInChromium } from "./report-browser.js";

/** Texts that have run where they should not in pages of others. */
const XSS = [
  "</script><script>window.hacked=1</script>",
  "<img src=x onerror=window.hacked=1>",
  "<svg onload=window.hacked=1>",
  '"><iframe srcdoc="<script>parent.hacked=1</script>">',
  "\u2028window.hacked=1\u2029",
  "$" + "{window.hacked=1}",
  "`+(window.hacked=1)+`",
  "javascript:window.hacked=1",
  "<!--<script>window.hacked=1//-->",
  "'-(window.hacked=1)-'",
  "{{constructor.constructor('window.hacked=1')()}}",
  "<a href='javascript:window.hacked=1'>x</a>",
  "__proto__",
];

describeInChromium("the HTML report in Chromium", (browser) => {
  const ids = (page: Page) => page.locator("#list .rows .id").allTextContents();
  const openCase = async (page: Page, id: string) => {
    await page.click(`#list [data-id="${id}"]`);
    return page.locator("#case");
  };

  it("filters by outcome, kind, tag and text", async () => {
    const { page, troubles } = await browser().open(sampleReport());
    expect(await ids(page)).toEqual([
      "refund-window-02",
      "order-cancel-03",
      "hostile-05",
      "holdout-06",
      "provider-down-04",
      "never-run-08",
      "small-talk-07",
      "refund-window-01",
    ]);
    await page.click('[data-outcome="failed"]');
    expect(await ids(page)).toEqual(["refund-window-02", "order-cancel-03", "hostile-05", "holdout-06"]);
    expect(await page.textContent("#count")).toBe("4 of 8 cases");
    await page.selectOption("#tag", "tools");
    expect(await ids(page)).toEqual(["order-cancel-03"]);
    await page.click('[data-outcome="error"]');
    expect(await ids(page)).toEqual(["provider-down-04"]);
    await page.click('[data-outcome="all"]');
    await page.selectOption("#tag", "");
    await page.fill("#search", "LAMP return");
    expect(await ids(page)).toEqual(["refund-window-02"]);
    await page.fill("#search", "");
    await page.click('#failures [data-kind="limit"]');
    expect(await ids(page)).toEqual(["order-cancel-03"]);
    expect(await page.locator("#kind").inputValue()).toBe("limit");
    expect(troubles).toEqual([]);
  });

  it("shows why a case failed, its trace, its scores and the command for all of it", async () => {
    const { page, troubles } = await browser().open(sampleReport());
    const body = await openCase(page, "order-cancel-03");
    expect(await body.locator(".kind").textContent()).toBe("Timeout or limit: reached its step limit");
    expect(await body.locator(".why li").allTextContents()).toEqual([
      "the final state differs at orders.W123.status",
      'no reply contains "cancelled"',
    ]);
    await body.locator(".fall .track").first().waitFor();
    expect(await body.locator(".fall .label").allTextContents()).toEqual([
      "model gpt-4o",
      "tool look_up_order",
      "tool cancel_order",
      "retrieval return window lamp",
      "model gpt-4o",
      "guardrail no-injection (flag)",
    ]);
    expect(await body.locator(".say").allTextContents()).toEqual([
      "userquestion of order-cancel-03",
      "assistantLet me look that up.",
    ]);
    expect(await body.locator(".tool summary code").allTextContents()).toEqual([
      "look_up_order",
      "cancel_order",
    ]);
    expect(await body.locator(".chunk").count()).toBe(2);
    expect(await body.locator(".scores tr").allTextContents()).toEqual([
      "task.success0",
      "generation.faithfulness0.5",
    ]);
    expect(await body.locator(".command pre").textContent()).toBe(
      "agentctl trace 20261121-065500-k3f9 order-cancel-03",
    );
    const bars = await body.locator(".fall .span").evaluateAll((spans) =>
      spans.map((span) => {
        const bar = (
          span as unknown as { getBoundingClientRect(): { left: number; width: number } }
        ).getBoundingClientRect();
        return [bar.left, bar.width] as const;
      }),
    );
    expect(bars.map(([left]) => left)).toEqual([...bars.map(([left]) => left)].sort((a, b) => a - b));
    expect(bars[0]?.[1]).toBeGreaterThan(10 * (bars[1]?.[1] ?? 0));
    expect(troubles).toEqual([]);
  });

  it("orders the calls of a trace without times, and claims none", async () => {
    const [, failed] = sampleReport().cases;
    const trials = failed!.trials.slice(0, 1).map((trial) => ({ ...trial, durationMs: null }));
    const { page } = await browser().open(sampleReport({ cases: [{ ...failed!, trials }] }));
    const body = await openCase(page, "refund-window-02");
    await body.locator(".fall.untimed").waitFor();
    expect(await body.locator(".fall .track").count()).toBe(0);
    expect(await body.textContent()).toContain("Nobody measured times");
    expect(await body.locator(".fall").textContent()).not.toMatch(/\d ms/);
  });

  it("shows every trial of a case", async () => {
    const { page } = await browser().open(sampleReport());
    const body = await openCase(page, "refund-window-02");
    expect(await body.locator(".tabs button").allTextContents()).toEqual([
      "Trial 0: failed",
      "Trial 1: passed",
    ]);
    await body.locator(".tabs button").nth(1).click();
    expect(await body.locator(".why").count()).toBe(0);
  });

  it("shows what a case was in the baseline, with the words that changed", async () => {
    const comparison = sampleComparison();
    const lost = comparison.candidates[0]!.changes.lost[0]!;
    const cases = [{ ...sampleReport().cases[1]!, goldenCase: sampleCase(lost.caseId) }];
    const { page, troubles } = await browser().open(sampleReport({ cases, comparison }));
    await page.selectOption("#change", "lost");
    expect(await ids(page)).toEqual([lost.caseId]);
    await page.locator("#list .rows .row").first().click();
    expect(await page.locator("#case .sides > div").count()).toBe(2);
    expect(await page.locator("#case .sides h4").allTextContents()).toEqual([
      expect.stringMatching(/^Baseline: /),
      expect.stringMatching(/^This run: /),
    ]);
    expect(await page.locator("#differences svg.plot").count()).toBeGreaterThan(1);
    expect(await page.locator("#estimates thead").textContent()).toContain("difference");
    expect(troubles).toEqual([]);
  });

  it("opens the case that a link names, also from a gate, and says when it is not there", async () => {
    const { page } = await browser().open(sampleReport({ gate: sampleGates() }), {
      hash: "#case=hostile-05",
    });
    expect(await page.locator("#case-title").textContent()).toBe("hostile-05");
    await page.keyboard.press("Escape");
    await page.locator("#gates a", { hasText: "order-cancel-03" }).click();
    expect(await page.locator("#case-title").textContent()).toBe("order-cancel-03");
    await page.keyboard.press("Escape");
    await page.evaluate('location.hash = "#case=nowhere"');
    await expect.poll(() => page.textContent("#count")).toContain("nowhere is not in this page");
  });

  it("runs nothing that a case or an agent says, and shows it as text", async () => {
    const [, failed] = sampleReport().cases;
    const cases = XSS.map((text, index) => ({
      goldenCase: sampleCase(`${text} ${index}`, {
        input: { kind: "text", text },
        tags: [text],
        group: text,
      }),
      trials: failed!.trials.slice(0, 1).map((trial) => ({
        ...trial,
        answer: text,
        failures: [text],
        scores: { [text]: { value: 0, detail: text } },
      })),
    }));
    const { page, troubles } = await browser().open(
      sampleReport({ cases, gate: sampleGates({ reasons: XSS }) }),
      { traces: (id, trial) => ({ ...sampleTrace("hostile-05", trial), traceId: id }) },
    );
    expect(await ids(page)).toHaveLength(XSS.length);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    for (const _ of XSS) {
      await page.locator("#case .fall").waitFor();
      await page.keyboard.press("j");
    }
    await page.emulateMedia({ media: "print" });
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(await page.locator("main img, main iframe, main a[href^=javascript]").count()).toBe(0);
    expect(troubles).toEqual([]);
  });

  it("shows hostile text as it is, and nothing of a holdout case", async () => {
    const { page, troubles } = await browser().open(sampleReport());
    const body = await openCase(page, "hostile-05");
    expect(await body.locator(".why li").textContent()).toContain(HOSTILE.slice(0, 60));
    await page.keyboard.press("j");
    expect(await page.textContent("#case-title")).toBe("holdout-06");
    expect(await page.content()).not.toContain(SECRET);
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(troubles).toEqual([]);
  });

  it("stays quick and small with 10,000 cases", async () => {
    const { page, troubles } = await browser().open(manyCases(10_000));
    expect(await page.textContent("#count")).toBe("10000 cases, failing ones first");
    const elements = () => page.locator("#list *").count();
    expect(await elements()).toBeLessThan(600);
    const filterMs = (await page.evaluate(`(() => {
        const search = document.getElementById("search");
        const times = [];
        for (const text of ["c", "case-99", "case-9999", ""]) {
          const started = performance.now();
          search.value = text;
          search.dispatchEvent(new Event("input"));
          document.getElementById("list").offsetHeight;
          times.push(performance.now() - started);
        }
        return Math.max(...times);
      })()`)) as number;
    expect(filterMs).toBeLessThan(100);
    const before = await ids(page);
    await page.evaluate('document.getElementById("list").scrollTop = 300000');
    await expect
      .poll(async () => (await ids(page)).some((id) => before.includes(id) && id !== before[0]))
      .toBe(false);
    expect(await ids(page)).toContain("case-3561");
    expect(await elements()).toBeLessThan(600);
    await page.keyboard.press("j");
    await page.keyboard.press("End");
    expect(await page.evaluate("document.activeElement.getAttribute('aria-rowindex')")).toBe("10001");
    await page.fill("#search", "case-9999");
    expect(await ids(page)).toEqual(["case-9999"]);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    expect(await page.textContent("#case-title")).toBe("case-9999");
    expect(troubles).toEqual([]);
  });

  it("reads JUnit as well-formed XML that gives hostile text back", async () => {
    const page = await browser().newPage();
    const xml = reporters.junit(sampleReport(), sampleTraces);
    const found = await page.evaluate(`(() => {
    const parsed = new DOMParser().parseFromString(${JSON.stringify(xml)}, "application/xml");
    return {
      errors: parsed.querySelectorAll("parsererror").length,
      message: parsed.querySelector("testcase[name=hostile-05] failure").getAttribute("message"),
    };
  })()`);
    const legible = HOSTILE.replaceAll("\u0000", "\ufffd")
      .replaceAll("\u001b", "\ufffd")
      .replaceAll("\ud800", "\ufffd");
    expect(found).toEqual({ errors: 0, message: legible });
  });
});

function manyCases(count: number): RunReport {
  const [, template] = sampleReport().cases;
  return sampleReport({
    cases: Array.from({ length: count }, (_, index) => ({
      goldenCase: sampleCase(`case-${index}`, { tags: [`tag-${index % 7}`] }),
      trials: index % 4 === 0 ? template!.trials.slice(0, 1) : template!.trials.slice(1),
    })),
  });
}
