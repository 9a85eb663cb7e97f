import { expect, it } from "vitest";
import type { LabelEntry } from "../src/core/judgement.js";
import {
  HOSTILE,
  helpfulness,
  hostile,
  plainItems,
  refund,
} from "../src/eval/review/testing/serve-samples.js";
import { describeInChromium, itemOf, says } from "./review-browser.js";

describeInChromium("labelling in the browser", (browser) => {
  it("labels, comments, flags, skips and undoes by keys alone", async () => {
    const { page, troubles } = await browser.open(await browser.serve(plainItems(3)), "Ada");
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
    expect(browser.written("Ada")).toEqual([
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
    const server = await browser.serve(plainItems(2));
    const [ann, bob] = [await browser.open(server, "Ann"), await browser.open(server, "Bob")];
    await ann.page.keyboard.press("5");
    await says(ann.page, "Saved 5");
    await bob.page.keyboard.press("1");
    await says(bob.page, "Saved 1");
    await bob.page.keyboard.press("2");
    await bob.page.locator("#done-title").waitFor();
    expect(await ann.page.locator("#count").textContent()).toBe("1 of 2 done");
    expect(await ann.page.locator("main").textContent()).not.toContain("Bob");
    expect(browser.written("Ann")).toEqual([["label", "5", null]]);
    expect(browser.written("Bob")).toEqual([
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
    const server = await browser.serve([refund, ...plainItems(2)], helpfulness, { mode: "adjudicate", said });
    const { page, troubles } = await browser.open(server, "Cleo");
    expect(await page.locator("#others-list li").allTextContents()).toEqual([
      "Ann: 2 · no label came",
      "Bob: 4",
    ]);
    await page.keyboard.press("3");
    await page.locator("#done-title", { hasText: "All done" }).waitFor();
    await page.keyboard.press("n");
    await says(page, "There is no next item.");
    expect(browser.written("Cleo")).toEqual([["adjudicate", "3", null]]);
    expect(troubles).toEqual([]);
  });

  it("markup in a trace is shown as text and does nothing", async () => {
    const { page, troubles } = await browser.open(
      await browser.serve([hostile]),
      "<img src=x onerror=window.hacked=5>",
    );
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

  it("says when the server is gone, keeps the comment, and goes on when it is back", async () => {
    const server = await browser.serve(plainItems(2));
    const { page } = await browser.open(server, "Off");
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
    expect(browser.written("Off").map(([action]) => action)).toEqual(["comment", "skip"]);

    const { port } = new URL(server.url);
    await server.close();
    await browser.serve(plainItems(2), helpfulness, { port: Number(port) });
    await page.locator("#comment").fill("and before it was started again");
    await page.getByRole("button", { name: "Flag" }).click();
    await page.locator("#trouble", { hasText: "Open the link that it printed" }).waitFor();
    expect(await page.locator("#comment").inputValue()).toBe("and before it was started again");
    expect(browser.labels()).toEqual([]);
  });

  it("another window of the same annotator cannot label an item that it does not show", async () => {
    const server = await browser.serve(plainItems(3));
    const { page } = await browser.open(server, "Two");
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
    expect(browser.written("Two")).toEqual([["label", "5", null]]);
  });
});
