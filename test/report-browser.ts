import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { reporters } from "../src/report/reporters.js";
import type { RunReport, TraceLoader } from "../src/report/run-report.js";
import { sampleTraces } from "../src/report/testing/report-samples.js";
import { chromiumPath } from "./chromium-path.js";

/** A report as a reader has it open; `troubles` collects errors of the page and requests for anything else. */
interface OpenReport {
  readonly page: Page;
  readonly troubles: string[];
}

export interface ReportBrowser {
  open(
    report: RunReport,
    options?: BrowserContextOptions & { readonly hash?: string; readonly traces?: TraceLoader },
  ): Promise<OpenReport>;
  /** An empty page. */
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

const HOW_TO_INSTALL =
  "the HTML report is tested in Chromium, and none was found: apt-get install -y chromium, or set CHROMIUM to its path";

/** Tests that need Chromium; where there is none, one test says how to install it, which fails on CI. */
export function describeInChromium(name: string, tests: (browser: () => ReportBrowser) => void): void {
  const path = chromiumPath;
  describe(name, () => {
    if (path === undefined) {
      it("finds Chromium, or says how to install it", () => {
        if (process.env.CI === "true") throw new Error(HOW_TO_INSTALL);
        console.warn(HOW_TO_INSTALL);
      });
      return;
    }
    let browser: ReportBrowser | undefined;
    beforeAll(async () => {
      browser = await reportBrowser(path);
    });
    afterAll(() => browser?.close());
    tests(() => {
      if (browser === undefined) throw new Error("Chromium did not start");
      return browser;
    });
  });
}

/** Opens reports from disk, offline. */
async function reportBrowser(executablePath: string): Promise<ReportBrowser> {
  const browser: Browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const folder = mkdtempSync(join(tmpdir(), "agentctl-html-"));
  let opened = 0;
  return {
    newPage: () => browser.newPage(),
    async open(report, { hash = "", traces = sampleTraces, ...contextOptions } = {}) {
      opened += 1;
      const file = join(folder, `report-${opened}.html`);
      writeFileSync(file, reporters.html(report, traces));
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
      if (contextOptions.javaScriptEnabled !== false) await page.waitForSelector("html[data-ready]");
      return { page, troubles };
    },
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true });
    },
  };
}
