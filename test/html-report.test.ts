import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reporters } from "../src/report/reporters.js";
import type { RunReport } from "../src/report/run-report.js";
import { HOSTILE, SECRET, sampleReport, sampleTraces } from "../src/report/testing/report-samples.js";
import { sampleCase } from "../src/store/testing/store-samples.js";
import { chromiumPath } from "./chromium-path.js";

const executablePath = chromiumPath;
const HOW_TO_INSTALL =
  "the HTML report is tested in Chromium, and none was found: apt-get install -y chromium, or set CHROMIUM to its path";

if (executablePath === undefined) {
  it("finds Chromium, or says how to install it", () => {
    if (process.env.CI === "true") throw new Error(HOW_TO_INSTALL);
    console.warn(HOW_TO_INSTALL);
  });
} else {
  describe("the HTML report in Chromium", () => {
    let browser: Browser;
    let folder = "";
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
      folder = mkdtempSync(join(tmpdir(), "agentctl-html-"));
    });
    afterAll(async () => {
      await browser.close();
      rmSync(folder, { recursive: true });
    });

    /** Opens a report from disk, offline; `troubles` collects errors of the page and requests for anything else. */
    async function open(
      report: RunReport,
      options: BrowserContextOptions & { hash?: string } = {},
    ): Promise<{ page: Page; troubles: string[] }> {
      const { hash = "", ...contextOptions } = options;
      const file = join(folder, "report.html");
      writeFileSync(file, reporters.html(report, sampleTraces));
      const context = await browser.newContext({ offline: true, ...contextOptions });
      const page = await context.newPage();
      const troubles: string[] = [];
      page.on("pageerror", (error) => troubles.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") troubles.push(message.text());
      });
      page.on("request", (request) => {
        if (!request.url().startsWith("file:")) troubles.push(request.url());
      });
      await page.goto(`${pathToFileURL(file).href}${hash}`);
      return { page, troubles };
    }

    const ids = (page: Page) => page.locator(".case .id").allTextContents();

    it("filters by outcome, tag and text, and shows the trace of a case", async () => {
      const { page, troubles } = await open(sampleReport());
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

      await page.click('[data-id="order-cancel-03"] > summary');
      const body = page.locator('[data-id="order-cancel-03"] .body');
      await body.waitFor();
      expect(await body.locator(".why li").allTextContents()).toEqual([
        "the final state differs at orders.W123.status",
        'no reply contains "cancelled"',
      ]);
      expect(await body.locator(".fall .track").count()).toBe(5);
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

    it("shows at first the cases that did not pass, so that the estimates are near, and the others on demand", async () => {
      const [passed, failed] = sampleReport().cases;
      const cases = Array.from({ length: 60 }, (_, index) => ({
        goldenCase: sampleCase(`case-${index}`),
        trials: index < 12 ? failed!.trials.slice(0, 1) : passed!.trials,
      }));
      const { page } = await open(sampleReport({ cases }));
      expect(await page.locator(".case").count()).toBe(12);
      await page.locator("#estimates").scrollIntoViewIfNeeded();
      expect(await page.locator(".case").count()).toBe(12);
      expect(await page.textContent("#more")).toBe("Show the other 48");
      await page.click("#more");
      expect(await page.locator(".case").count()).toBe(60);
      expect(await page.locator("#more").isVisible()).toBe(false);
      await page.click('[data-outcome="passed"]');
      expect(await page.locator(".case").count()).toBe(48);
    });

    it("opens a metric to what it means", async () => {
      const { page } = await open(sampleReport());
      const meaning = page.getByText("What task.success means, in one sentence.");
      expect(await meaning.isVisible()).toBe(false);
      await page.locator("#estimates summary", { hasText: "task.success" }).click();
      expect(await meaning.isVisible()).toBe(true);
    });

    it("shows every trial of a case", async () => {
      const { page } = await open(sampleReport());
      await page.click('[data-id="refund-window-02"] > summary');
      const body = page.locator('[data-id="refund-window-02"] .body');
      await body.waitFor();
      expect(await body.locator(".tabs button").allTextContents()).toEqual([
        "Trial 0: failed",
        "Trial 1: passed",
      ]);
      await body.locator(".tabs button").nth(1).click();
      expect(await body.locator(".why").count()).toBe(0);
      expect(await body.textContent()).toContain("the command below shows it");
    });

    it("opens the case that the link names", async () => {
      const { page } = await open(sampleReport(), { hash: "#case=hostile-05" });
      expect(await page.locator(".case[open] .id").allTextContents()).toEqual(["hostile-05"]);
    });

    it("runs nothing that a case or an agent says, and shows it as text", async () => {
      const { page, troubles } = await open(sampleReport());
      await page.click('[data-id="hostile-05"] > summary');
      await page.click('[data-id="holdout-06"] > summary');
      expect(await page.locator('[data-id="hostile-05"] .why li').textContent()).toContain(
        HOSTILE.slice(0, 60),
      );
      expect(await page.evaluate("window.hacked")).toBeUndefined();
      expect(await page.locator("main img").count()).toBe(0);
      expect(await page.content()).not.toContain(SECRET);
      expect(troubles).toEqual([]);
    });

    it.each([
      [360, "dark"],
      [360, "light"],
      [1280, "light"],
    ] as const)("fits %i pixels in %s", async (width, colorScheme) => {
      const { page } = await open(sampleReport(), { viewport: { width, height: 740 }, colorScheme });
      for (const summary of await page.locator(".case > summary").all()) await summary.click();
      for (const summary of await page.locator("#estimates summary").all()) await summary.click();
      await page.locator(".provenance > summary").click();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
      expect(background).toBe(colorScheme === "dark" ? "rgb(15, 20, 26)" : "rgb(246, 247, 249)");
    });

    it("shows verdict, gates and estimates without JavaScript", async () => {
      const { page } = await open(sampleReport(), { javaScriptEnabled: false });
      expect(await page.locator("h1").textContent()).toBe("Fail");
      expect(await page.locator("#gates tbody tr").count()).toBe(3);
      expect(await page.locator("#estimates svg").count()).toBe(6);
    });

    it("stays usable with 10,000 cases", async () => {
      const [, template] = sampleReport().cases;
      const cases = Array.from({ length: 10_000 }, (_, index) => ({
        goldenCase: sampleCase(`case-${index}`, { tags: [`tag-${index % 7}`] }),
        trials: index % 4 === 0 ? template!.trials.slice(0, 1) : template!.trials.slice(1),
      }));
      const startedAt = performance.now();
      const { page, troubles } = await open(sampleReport({ cases }));
      expect(await page.textContent("#count")).toBe("10000 cases, failing ones first");
      expect(performance.now() - startedAt).toBeLessThan(10_000);
      expect(await page.locator(".case").count()).toBeLessThanOrEqual(300);
      await page.click('[data-outcome="passed"]');
      await page.fill("#search", "case-9999");
      expect(await ids(page)).toEqual(["case-9999"]);
      await page.fill("#search", "");
      await page.click("#more");
      await page.locator(".case").nth(150).waitFor({ state: "attached" });
      expect(await page.textContent("#case-list .hint")).toContain("500 of 2500 trials");
      expect(troubles).toEqual([]);
    });
  });

  it("JUnit is well-formed XML and gives hostile text back", async () => {
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    try {
      const page = await browser.newPage();
      const xml = reporters.junit(sampleReport(), sampleTraces);
      const found = await page.evaluate(`(() => {
        const parsed = new DOMParser().parseFromString(${JSON.stringify(xml)}, "application/xml");
        return {
          errors: parsed.querySelectorAll("parsererror").length,
          cases: parsed.querySelectorAll("testcase").length,
          message: parsed.querySelector("testcase[name=hostile-05] failure").getAttribute("message"),
        };
      })()`);
      const legible = HOSTILE.replaceAll("\u0000", "\ufffd")
        .replaceAll("\u001b", "\ufffd")
        .replaceAll("\ud800", "\ufffd");
      expect(found).toEqual({ errors: 0, cases: 8, message: legible });
    } finally {
      await browser.close();
    }
  });
}
