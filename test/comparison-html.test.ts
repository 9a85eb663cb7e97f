import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderComparisonHtml } from "../src/report/comparison/comparison-html.js";
import { sampleComparison } from "../src/report/comparison/testing/comparison-samples.js";
import { chromiumPath } from "./chromium-path.js";

const executablePath = chromiumPath;
const HOW_TO_INSTALL =
  "the comparison is tested in Chromium, and none was found: apt-get install -y chromium, or set CHROMIUM to its path";

if (executablePath === undefined) {
  it("finds Chromium, or says how to install it", () => {
    if (process.env.CI === "true") throw new Error(HOW_TO_INSTALL);
    console.warn(HOW_TO_INSTALL);
  });
} else {
  describe("the HTML comparison in Chromium", () => {
    let browser: Browser;
    let folder = "";
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
      folder = mkdtempSync(join(tmpdir(), "agentctl-comparison-"));
    });
    afterAll(async () => {
      await browser.close();
      rmSync(folder, { recursive: true });
    });

    it.each([390, 800, 1200])("is styled by its own rules alone and fits %i pixels", async (width) => {
      const file = join(folder, "comparison.html");
      writeFileSync(file, renderComparisonHtml(sampleComparison()));
      const context = await browser.newContext({
        offline: true,
        viewport: { width, height: 800 },
      });
      const page = await context.newPage();
      const troubles: string[] = [];
      page.on("pageerror", (error) => troubles.push(error.message));
      page.on("console", (message) => troubles.push(message.text()));
      page.on("request", (request) => {
        if (!request.url().startsWith("file:")) troubles.push(request.url());
      });
      await page.goto(pathToFileURL(file).href);
      const found = await page.evaluate(`({
        width: document.documentElement.scrollWidth,
        hacked: window.hacked,
        line: getComputedStyle(document.querySelector(".limits.worse")).strokeWidth,
        plots: [...document.querySelectorAll("svg.plot")].map((svg) => {
          const outside = [...svg.querySelectorAll("text")].filter((text) => {
            const box = text.getBBox();
            const { width, height } = svg.viewBox.baseVal;
            return box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height;
          });
          return outside.map((text) => text.textContent);
        }),
      })`);
      expect(found).toMatchObject({ width, hacked: undefined, line: "2px" });
      expect((found as { plots: string[][] }).plots.flat()).toEqual([]);
      expect(troubles).toEqual([]);
      await page.click(".changed summary");
      expect(await page.locator(".changed[open] .sides > div").count()).toBe(2);
      await context.close();
    });
  });
}
