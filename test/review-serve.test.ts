import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { JudgeConfig } from "../src/config/judge/judge-schema.js";
import { systemClock } from "../src/core/clock.js";
import type { LabelEntry, Subject } from "../src/core/judgement.js";
import { type ReviewServer, serveReview } from "../src/eval/review/serve-review.js";
import {
  HOSTILE,
  helpfulness,
  hostile,
  pair,
  plainItems,
  preference,
  refund,
  sampleReview,
} from "../src/eval/review/testing/serve-samples.js";
import { type JudgementStore, openJudgementStore } from "../src/store/judgement-store.js";

const HOW_TO_INSTALL =
  "the page for labelling is tested in Chromium, and none was found: apt-get install -y chromium, or set CHROMIUM to its path";

const executablePath = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path !== undefined && existsSync(path));

if (executablePath === undefined) {
  it("finds Chromium, or says how to install it", () => {
    if (process.env.CI === "true") throw new Error(HOW_TO_INSTALL);
    console.warn(HOW_TO_INSTALL);
  });
} else {
  describe("the page for labelling in Chromium", () => {
    let browser: Browser;
    let store: JudgementStore;
    const servers: ReviewServer[] = [];
    const faults: unknown[] = [];
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    });
    afterEach(async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
      await Promise.all(servers.splice(0).map((server) => server.close()));
      expect(faults).toEqual([]);
    });
    afterAll(() => browser.close());

    async function serve(
      subjects: readonly Subject[],
      judge: JudgeConfig = helpfulness,
      options: {
        readonly port?: number;
        readonly mode?: "adjudicate";
        readonly said?: readonly LabelEntry[];
      } = {},
    ) {
      const { port = 0, mode = "label", said = [] } = options;
      store = openJudgementStore(":memory:");
      store.addLabels(said);
      const review = sampleReview(store, judge, subjects, { clock: systemClock, perItem: 9, mode });
      const server = await serveReview(review, {
        host: "127.0.0.1",
        port,
        allowRemote: false,
        clock: systemClock,
        onFault: (error) => faults.push(error),
      });
      servers.push(server);
      return server;
    }

    /** `troubles` collects errors of the page and requests to anywhere else. */
    async function open(server: ReviewServer, name: string, options: BrowserContextOptions = {}) {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      page.setDefaultTimeout(5_000);
      const troubles: string[] = [];
      const { origin } = new URL(server.url);
      page.on("pageerror", (error) => troubles.push(error.message));
      page.on("console", (message) => troubles.push(message.text()));
      page.on("dialog", (dialog) => troubles.push(dialog.message()));
      page.on("request", (request) => {
        if (new URL(request.url()).origin !== origin && !request.url().startsWith("data:"))
          troubles.push(request.url());
      });
      await page.goto(server.url);
      await page.locator("#name").waitFor();
      await page.keyboard.type(name);
      await page.keyboard.press("Enter");
      await page.locator("#item-title code").waitFor();
      return { page, troubles };
    }

    const itemOf = async (page: Page) => (await page.locator("#item-title code").textContent()) ?? "";
    const says = (page: Page, text: string) => page.locator("#status", { hasText: text }).waitFor();
    const written = (author: string) =>
      store
        .labels()
        .filter((entry) => entry.author === author)
        .map(({ action, value, comment }) => [action, value, comment]);

    it("labels, comments, flags, skips and undoes by keys alone", async () => {
      const { page, troubles } = await open(await serve(plainItems(3)), "Ada");
      expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
      const first = await itemOf(page);
      await page.keyboard.press("4");
      await says(page, "Saved 4; u takes it back.");
      expect(await page.locator("#count").textContent()).toBe("1 of 3 done");
      expect(await itemOf(page)).not.toBe(first);
      await page.keyboard.press("u");
      await says(page, "Took back: label.");
      expect(await itemOf(page)).toBe(first);
      await page.keyboard.press("c");
      await page.keyboard.type("4 of 5, s and u are no keys here");
      await page.keyboard.press("Escape");
      await page.keyboard.press("g");
      await says(page, "Flagged.");
      expect(await page.locator("#pills").textContent()).toBe("flagged");
      await page.keyboard.press("5");
      await says(page, "Saved 5");
      await page.keyboard.press("s");
      await says(page, "Skipped");
      await page.keyboard.press("p");
      await page.locator("#pills", { hasText: /^skipped$/ }).waitFor();
      await page.keyboard.press("n");
      await page.locator("#pills", { hasText: /^$/ }).waitFor({ state: "attached" });
      await page.keyboard.press("1");
      await page.locator("#done-title", { hasText: "All done" }).waitFor();
      expect(await page.locator("#done-text").textContent()).toBe("2 of 3 done, 1 skipped, 1 flagged.");
      await page.keyboard.press("u");
      await page.locator("#item-title").waitFor();
      await page.keyboard.press("?");
      expect(await page.locator("dialog").textContent()).toContain("saves it at once: 1, 2, 3, 4, 5.");
      await page.keyboard.press("2");
      await page.keyboard.press("Escape");
      expect(written("Ada")).toEqual([
        ["label", "4", null],
        ["undo", null, null],
        ["flag", null, "4 of 5, s and u are no keys here"],
        ["label", "5", null],
        ["skip", null, null],
        ["label", "1", null],
        ["undo", null, null],
      ]);
      expect(troubles).toEqual([]);
    });

    it("two annotators label the same items at once, and neither sees the other's", async () => {
      const server = await serve(plainItems(2));
      const [ann, bob] = [await open(server, "Ann"), await open(server, "Bob")];
      await ann.page.keyboard.press("5");
      await says(ann.page, "Saved 5");
      await bob.page.keyboard.press("1");
      await says(bob.page, "Saved 1");
      await bob.page.keyboard.press("2");
      await bob.page.locator("#done-title").waitFor();
      expect(await ann.page.locator("#count").textContent()).toBe("1 of 2 done");
      expect(await ann.page.locator("main").textContent()).not.toContain("Bob");
      expect(written("Ann")).toEqual([["label", "5", null]]);
      expect(written("Bob")).toEqual([
        ["label", "1", null],
        ["label", "2", null],
      ]);
      const third = await browser.newPage();
      await third.goto(server.url);
      await third.fill("#name", "Ann");
      await third.press("#name", "Enter");
      await third.locator("#name-problem", { hasText: "is labelling in another window" }).waitFor();
      await third.getByLabel("That is me, in another window").check();
      await third.getByRole("button", { name: "Start" }).click();
      await third.locator("#item-title code").waitFor();
      expect([...ann.troubles, ...bob.troubles]).toEqual([]);
    });

    it("shows what people disagree about to whoever settles it", async () => {
      const label = (author: string, value: string, comment: string): LabelEntry => ({
        ...{ id: author, rubric: "helpfulness", item: refund.item, author, action: "label", value, comment },
        at: "2026-11-20T10:00:00.000Z",
        source: "review",
      });
      const said = [label("Ann", "2", "no label came"), label("Bob", "4", "")];
      const server = await serve([refund, ...plainItems(2)], helpfulness, { mode: "adjudicate", said });
      const { page, troubles } = await open(server, "Cleo");
      expect(await page.locator("#others-list li").allTextContents()).toEqual([
        "Ann: 2 · no label came",
        "Bob: 4",
      ]);
      await page.keyboard.press("3");
      await page.locator("#done-title", { hasText: "All done" }).waitFor();
      await page.keyboard.press("n");
      await says(page, "There is no next item.");
      expect(written("Cleo")).toEqual([["adjudicate", "3", null]]);
      expect(troubles).toEqual([]);
    });

    it("markup in a trace is shown as text and does nothing", async () => {
      const { page, troubles } = await open(await serve([hostile]), "<img src=x onerror=window.hacked=5>");
      expect(await page.locator("section.answer .text").textContent()).toBe(HOSTILE);
      await page.locator("#comment").fill(HOSTILE);
      await page.keyboard.press("Control+Enter");
      await says(page, "Comment saved.");
      await page.reload();
      await page.locator("#item-title code").waitFor();
      expect(await page.locator("#comment").inputValue()).toBe(HOSTILE);
      for (const selector of ["#parts script", "#parts img", "#parts a", "#parts style", "header img"])
        expect(await page.locator(selector).count()).toBe(0);
      expect(await page.evaluate("typeof window.hacked")).toBe("undefined");
      expect(await page.locator("#work").isVisible()).toBe(true);
      expect(troubles).toEqual([]);
      // Were markup ever let through, the page's policy would still keep it from running.
      await page.evaluate(`document.querySelector("main").innerHTML = ${JSON.stringify(HOSTILE)}`);
      await expect.poll(() => troubles.join("\n")).toContain("Content Security Policy");
      expect(await page.evaluate("typeof window.hacked")).toBe("undefined");
    });

    it("works by Tab, Space and Enter, in reading order, and every control has a name", async () => {
      const { page, troubles } = await open(await serve([refund]), "Tab");
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
      expect(store.labels()).toEqual([]);
      await page.keyboard.press("Enter");
      await says(page, "Saved 3");
      expect(written("Tab")).toEqual([["label", "3", null]]);
      expect(troubles).toEqual([]);
    });

    it("tells assistive software what everything is", async () => {
      const { page } = await open(await serve([refund]), "Ear");
      const tree = await page.locator("body").ariaSnapshot();
      for (const part of [
        "- banner:",
        "- main:",
        '- heading "agentctl review · helpfulness" [level=1]',
        '- heading "Item refund-window-02/0@5f1c22ab90de" [level=2]',
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
      const { page } = await open(await serve(plainItems(1)), "Voice");
      await page.keyboard.press("?");
      await page.getByLabel(/Single keys do something/).uncheck();
      await page.getByRole("button", { name: "Close" }).click();
      await page.keyboard.press("4");
      await page.getByRole("radio", { name: "4" }).check();
      await page.getByRole("button", { name: "Save label" }).click();
      await page.locator("#done-title").waitFor();
      expect(written("Voice")).toEqual([["label", "4", null]]);
    });

    it("says when the server is gone, keeps the comment, and goes on when it is back", async () => {
      const server = await serve(plainItems(2));
      const { page } = await open(server, "Off");
      await page.locator("#comment").fill("typed before it went away");
      const item = await itemOf(page);
      await page.context().setOffline(true);
      await page.getByRole("button", { name: "Skip" }).click();
      await page.locator("#trouble", { hasText: "The server does not answer" }).waitFor();
      expect(await page.locator("#comment").inputValue()).toBe("typed before it went away");
      expect(await itemOf(page)).toBe(item);
      await page.context().setOffline(false);
      await says(page, "The server answers again.");
      await page.getByRole("button", { name: "Skip" }).click();
      await says(page, "Skipped");
      expect(written("Off").map(([action]) => action)).toEqual(["comment", "skip"]);

      const { port } = new URL(server.url);
      await server.close();
      servers.length = 0;
      await serve(plainItems(2), helpfulness, { port: Number(port) });
      await page.locator("#comment").fill("and before it was started again");
      await page.getByRole("button", { name: "Flag" }).click();
      await page.locator("#trouble", { hasText: "Open the link that it printed" }).waitFor();
      expect(await page.locator("#comment").inputValue()).toBe("and before it was started again");
      expect(store.labels()).toEqual([]);
    });

    it("another window of the same annotator cannot label an item that it does not show", async () => {
      const server = await serve(plainItems(3));
      const { page } = await open(server, "Two");
      const second = await page.context().newPage();
      await second.goto(new URL(server.url).origin);
      await second.locator("#item-title code").waitFor();
      await page.keyboard.press("5");
      await says(page, "Saved 5");
      await second.locator("#comment").fill("kept");
      await second.getByRole("button", { name: "Skip" }).click();
      await second.locator("#trouble", { hasText: "you went on from this item in another window" }).waitFor();
      expect(await itemOf(second)).toBe(await itemOf(page));
      expect(await second.locator("#comment").inputValue()).toBe("kept");
      expect(written("Two")).toEqual([["label", "5", null]]);
    });

    it.each([
      [390, "light"],
      [390, "dark"],
      [1280, "light"],
      [1280, "dark"],
    ] as const)("fits %i pixels and can be read, %s", async (width, colorScheme) => {
      const options = { colorScheme, viewport: { width, height: 800 } };
      const { page } = await open(await serve([refund]), "Eye", options);
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      const box = "document.querySelectorAll('pre')[1]";
      expect(await page.evaluate(`${box}.scrollWidth > ${box}.clientWidth && ${box}.tabIndex === 0`)).toBe(
        true,
      );
      await page.keyboard.press("g");
      await says(page, "Flagged");
      expect(await page.evaluate(WEAK_TEXTS)).toEqual([]);
    });

    it.each([
      [1280, true],
      [390, false],
    ])("shows pairs side by side where there is room: %i pixels", async (width, isBeside) => {
      const server = await serve([pair], preference);
      const { page } = await open(server, "Pia", { viewport: { width, height: 800 } });
      const left = await page.getByRole("region", { name: "Answer A" }).boundingBox();
      const right = await page.getByRole("region", { name: "Answer B" }).boundingBox();
      expect((left?.y ?? 0) === (right?.y ?? 1)).toBe(isBeside);
      await page.keyboard.press("b");
      await page.locator("#done-title").waitFor();
      expect(written("Pia")).toEqual([["label", "B", null]]);
    });
  });
}

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
