import { expect, it } from "vitest";
import { pair, plainItems, preference, refund } from "../src/eval/review/testing/serve-samples.js";
import { describeInChromium, says } from "./review-browser.js";

describeInChromium("who can use the page for labelling", (browser) => {
  it("works by Tab, Space and Enter, in reading order, and every control has a name", async () => {
    const { page, troubles } = await browser.open(await browser.serve([refund]), "Tab");
    const seen: string[] = [];
    // From the item's heading to the end of the page, and round to the heading again.
    while (seen.length < 40 && seen.indexOf(seen.at(-1) ?? "") === seen.length - 1) {
      await page.keyboard.press("Tab");
      const found = (await page.evaluate(`(() => {
        const element = document.activeElement;
        if (element === document.body) return "end";
        const style = getComputedStyle(element.closest(".choice") || element);
        const ring = style.outlineStyle !== "none" || element.className === "skip";
        return (element.id || element.getAttribute("aria-label") || element.textContent.trim()) + (ring ? "" : " WITHOUT RING");
      })()`)) as string;
      seen.push(found);
    }
    const start = seen.indexOf("Skip to the labels");
    const order = [...seen.slice(start, -1), ...seen.slice(0, start)];
    const places = [
      "Skip to the labels",
      "sign-out",
      "help-button",
      "previous",
      "Policy that the agent had to keep",
      "Result of call 1, get_order",
      "rubric-version",
      "choice-0",
      "comment",
      "save-comment",
      "skip",
      "flag",
      "undo",
    ].map((name) => order.indexOf(name));
    expect(places, order.join(", ")).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(order.filter((name) => name.endsWith("WITHOUT RING"))).toEqual([]);

    await page.locator("#choice-0").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(browser.labels()).toEqual([]);
    await page.keyboard.press("Enter");
    await says(page, "Saved 3");
    expect(browser.written("Tab")).toEqual([["label", "3", null]]);
    expect(troubles).toEqual([]);
  });

  it("tells assistive software what everything is", async () => {
    const { page } = await browser.open(await browser.serve([refund]), "Ear");
    const tree = await page.locator("body").ariaSnapshot();
    for (const part of [
      "- banner:",
      "- main:",
      '- heading "agentctl review · helpfulness" [level=1]',
      '- heading "Item 5f1c22ab90de" [level=2]',
      '- region "Label":',
      '- group "Your label":',
      '- radio "3"',
      '- textbox "Comment"',
      '- progressbar "Progress"',
      '- button "Save label"',
    ])
      expect(tree).toContain(part);
    expect(await page.getByRole("radio", { name: "3" }).getAttribute("aria-describedby")).toBe("meaning-2");
    const described = await page.locator("#meaning-2").textContent();
    expect(described).toBe("Helps in part: something that was asked for is missing.");
    expect(await page.locator("#status").getAttribute("role")).toBe("status");
    expect(await page.locator("#trouble").getAttribute("role")).toBe("alert");
  });

  it("single keys can be turned off", async () => {
    const { page } = await browser.open(await browser.serve(plainItems(1)), "Voice");
    await page.keyboard.press("?");
    await page.getByLabel(/Single keys do something/).uncheck();
    await page.getByRole("button", { name: "Close" }).click();
    await page.keyboard.press("4");
    await page.getByRole("radio", { name: "4" }).check();
    await page.getByRole("button", { name: "Save label" }).click();
    await page.locator("#done-title").waitFor();
    expect(browser.written("Voice")).toEqual([["label", "4", null]]);
  });

  it.each([
    [390, "light"],
    [390, "dark"],
    [1280, "light"],
    [1280, "dark"],
  ] as const)("fits %i pixels and can be read, %s", async (width, colorScheme) => {
    const options = { colorScheme, viewport: { width, height: 800 } };
    const { page } = await browser.open(await browser.serve([refund]), "Eye", options);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    const box = "document.querySelectorAll('pre')[1]";
    expect(await page.evaluate(`${box}.scrollWidth > ${box}.clientWidth && ${box}.tabIndex === 0`)).toBe(
      true,
    );
    await page.keyboard.press("c");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(UNCOVERED)).toBe("save-comment");
    await page.locator("#item-title").focus();
    await page.keyboard.press("g");
    await says(page, "Flagged");
    expect(await page.evaluate(WEAK_TEXTS)).toEqual([]);
  });

  it.each([
    [1280, true],
    [390, false],
  ])("shows pairs side by side where there is room: %i pixels", async (width, isBeside) => {
    const server = await browser.serve([pair], preference);
    const { page } = await browser.open(server, "Pia", { viewport: { width, height: 800 } });
    const left = await page.getByRole("region", { name: "Answer A" }).boundingBox();
    const right = await page.getByRole("region", { name: "Answer B" }).boundingBox();
    expect((left?.y ?? 0) === (right?.y ?? 1)).toBe(isBeside);
    await page.keyboard.press("b");
    await page.locator("#done-title").waitFor();
    expect(browser.written("Pia")).toEqual([["label", "B", null]]);
  });
});

/** The element that is seen at the middle of the one that has the focus. */
const UNCOVERED = `(() => {
  const { x, y, width, height } = document.activeElement.getBoundingClientRect();
  return document.elementFromPoint(x + width / 2, y + height / 2).id;
})()`;

/** Texts whose contrast with what lies behind them is below 4.5, as `text: ratio`. */
const WEAK_TEXTS = `(() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((one) => { const c = one / 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let one = element; one !== null; one = one.parentElement) {
      const color = parse(getComputedStyle(one).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].filter((node) => node.nodeType === 3 && node.textContent.trim() !== "");
    if (own.length === 0 || !element.checkVisibility() || /^(SCRIPT|STYLE)$/.test(element.tagName)) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push(own[0].textContent.trim().slice(0, 30) + ": " + ratio.toFixed(2));
  }
  return found;
})()`;
