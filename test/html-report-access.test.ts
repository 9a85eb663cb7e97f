import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { sampleComparison } from "../src/report/comparison/testing/comparison-samples.js";
import { sampleGates } from "../src/report/testing/gate-report-samples.js";
import { sampleReport } from "../src/report/testing/report-samples.js";
import { describeInChromium } from "./report-browser.js";

describeInChromium("the HTML report for every reader", (browser) => {
  it("is worked by the keyboard alone", async () => {
    const { page, troubles } = await browser().open(sampleReport());
    const focused = () =>
      page.evaluate(
        "document.activeElement.dataset.id || document.activeElement.id || document.activeElement.tagName",
      );
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.className")).toBe("skip");
    await page.keyboard.press("j");
    expect(await focused()).toBe("refund-window-02");
    await page.keyboard.press("j");
    expect(await focused()).toBe("order-cancel-03");
    await page.keyboard.press("End");
    expect(await focused()).toBe("refund-window-01");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await page.textContent("#case-title")).toBe("order-cancel-03");
    expect(await focused()).toBe("case-title");
    await page.keyboard.press("j");
    expect(await page.textContent("#case-title")).toBe("hostile-05");
    await page.keyboard.press("k");
    expect(await page.textContent("#case-title")).toBe("order-cancel-03");
    await page.keyboard.press("Escape");
    expect(await page.locator("#case").isVisible()).toBe(false);
    expect(await focused()).toBe("order-cancel-03");
    await page.keyboard.press("?");
    expect(await page.locator("#help").isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    expect(await focused()).toBe("search");
    await page.keyboard.type("jk?/lamp");
    expect(await page.locator("#search").inputValue()).toBe("jk?/lamp");
    expect(await page.locator("#list").isVisible()).toBe(false);
    await page.keyboard.press("Escape");
    expect(await page.textContent("#count")).toContain("8 cases");
    expect(await page.locator('#list .row[tabindex="0"]').count()).toBe(1);
    const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    expect(outline).toBe("solid");
    expect(troubles).toEqual([]);
  });

  it("has landmarks, headings in order, and a name for every control", async () => {
    const report = sampleReport({ gate: sampleGates(), comparison: sampleComparison() });
    const { page } = await browser().open(report, { hash: "#case=order-cancel-03" });
    await page.locator("#case .fall").waitFor();
    const found = (await page.evaluate(`({
        landmarks: ["header nav", "main"].map((one) => document.querySelectorAll(one).length),
        h1: document.querySelectorAll("h1").length,
        levels: [...document.querySelectorAll("main :is(h1,h2,h3,h4)")].filter((one) => one.closest("dialog") === null).map((one) => Number(one.tagName[1])),
        live: document.querySelector("#count").getAttribute("aria-live"),
        unnamed: [...document.querySelectorAll("button, input, select, a, summary, dialog[open], [role=grid], [role=img], [tabindex='0']")]
          .filter((one) => !(one.getAttribute("aria-label") || one.textContent.trim() || document.getElementById(one.getAttribute("aria-labelledby"))?.textContent))
          .map((one) => one.outerHTML.slice(0, 80)),
        tables: [...document.querySelectorAll("table")].filter((one) => one.caption === null).length,
        columns: [...document.querySelectorAll("thead th")].filter((one) => one.scope !== "col").length,
      })`)) as { levels: number[] };
    expect(found).toMatchObject({
      landmarks: [1, 1],
      h1: 1,
      live: "polite",
      unnamed: [],
      tables: 0,
      columns: 0,
    });
    found.levels.forEach((level, index) => {
      if (index > 0) expect(level - (found.levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    });
  });

  it.each([
    [360, "dark"],
    [360, "light"],
    [1280, "light"],
  ] as const)("fits %i pixels in %s, with contrast enough to read", async (width, colorScheme) => {
    const report = sampleReport({ gate: sampleGates(), comparison: sampleComparison() });
    const { page } = await browser().open(report, { viewport: { width, height: 740 }, colorScheme });
    await page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    const pageContrast = await lowContrast(page);
    await page.locator("#list .rows .row").first().click();
    await page.locator("#case .fall").waitFor();
    expect(await page.evaluate('document.querySelector("#case").scrollWidth <= innerWidth')).toBe(true);
    expect([...pageContrast, ...(await lowContrast(page))]).toEqual([]);
    const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(background).toBe(colorScheme === "dark" ? "rgb(15, 20, 26)" : "rgb(246, 247, 249)");
  });

  it("prints all gates and the cases that did not pass", async () => {
    const { page } = await browser().open(sampleReport({ gate: sampleGates() }));
    await page.emulateMedia({ media: "print" });
    const printed = page.locator("#print-cases article h3");
    await expect.poll(() => printed.count()).toBe(6);
    expect(await printed.first().textContent()).toBe("refund-window-02: failed, Wrong answer or other");
    expect(await page.locator("#list").isVisible()).toBe(false);
    expect(await page.locator("#gates details:not([open])").count()).toBe(0);
    expect(await page.locator("#gates tbody th.name").count()).toBeGreaterThan(14);
    await page.emulateMedia({ media: "screen" });
    await expect.poll(() => printed.count()).toBe(0);
  });

  it.each([
    ["pass", "Pass"],
    ["fail", "Fail"],
    ["inconclusive", "Inconclusive"],
    ["error", "Error"],
  ] as const)("says %s first, and why", async (verdict, title) => {
    const reasons = verdict === "pass" ? [] : ["One sentence says why."];
    const { page } = await browser().open(sampleReport({ gate: sampleGates({ verdict, reasons }) }));
    expect(await page.textContent("h1")).toBe(title);
    expect(await page.textContent(".lead")).toBe(
      verdict === "pass"
        ? "Every critical and major gate passes on a complete run, but for 1 that is waived."
        : reasons[0],
    );
  });

  it("shows all but the list of cases without JavaScript", async () => {
    const { page } = await browser().open(sampleReport(), { javaScriptEnabled: false });
    expect(await page.locator("h1").textContent()).toBe("Fail");
    expect(await page.locator("#gates tbody th.name").count()).toBe(3);
    expect(await page.locator("#estimates svg").count()).toBe(6);
    expect(await page.locator("#failures tbody tr").count()).toBe(3);
    expect(await page.textContent("#case-list")).toContain("needs JavaScript");
  });
});

/** Texts in view whose contrast is below WCAG AA: 4.5, or 3 where they are large. */
async function lowContrast(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const parse = (color) => { const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number); return color.startsWith("color(") ? [r * 255, g * 255, b * 255, a] : [r, g, b, a]; };
    const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
    const groundOf = (element) => {
      const layers = [];
      for (let one = element; one; one = one.parentElement) layers.push(parse(getComputedStyle(one).backgroundColor));
      return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
    };
    const light = (color) => {
      const [r, g, b] = color.map((one) => { const c = one / 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const found = new Set();
    for (const element of document.querySelectorAll("body *")) {
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
      if (!own || element.closest("svg, script, style, noscript") || element.disabled || !element.checkVisibility()) continue;
      const style = getComputedStyle(element);
      const ground = groundOf(element);
      let opacity = 1;
      for (let one = element; one; one = one.parentElement) opacity *= Number(getComputedStyle(one).opacity);
      const ink = parse(style.color);
      const [a, b] = [light(over([ink[0], ink[1], ink[2], ink[3] * opacity], ground)), light(ground)].sort((x, y) => y - x);
      const size = parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const ratio = (a + 0.05) / (b + 0.05);
      if (ratio < (isLarge ? 3 : 4.5)) found.add(element.tagName + "." + element.className + " " + ratio.toFixed(2) + " " + element.textContent.slice(0, 30));
    }
    return [...found];
  })()`);
}
