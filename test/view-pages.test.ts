import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath } from "./chromium-path.js";
import { startOpenaiServer } from "./openai-server.js";
import { startCli } from "./run-cli.js";
import { runCommand } from "./run-command.js";
import { HOSTILE, launchChromium, openView, projectWithRuns, ViewProcess } from "./view-browser.js";

let cwd: string;
let view: ViewProcess;
let runs: readonly string[];

beforeAll(async () => {
  ({ cwd, runs } = await projectWithRuns());
  view = await ViewProcess.start(cwd);
}, 60_000);
afterAll(async () => {
  expect(await view.stop()).toMatchObject({ exitCode: 0, stdout: view.url });
});

describe.runIf(chromiumPath !== undefined || process.env.CI === "true")("agentctl view in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium(chromiumPath ?? "");
  });
  afterAll(() => browser.close());

  it("leads from the list to a run, a case, its trace, the case in all runs, a comparison and a trend", async () => {
    const { page, troubles } = await openView(browser, view);
    expect(page.url()).toBe(`${view.origin}/`);
    expect(await page.locator("#rows tr").count()).toBe(2);
    await page.locator("#rows tr:nth-child(2) .tag.main").waitFor();
    await expect.poll(() => page.locator("#rows .verdict .pass, #rows .verdict .fail").count()).toBe(2);
    await page.locator("#rows tr:first-child .name a").click();
    await page.waitForSelector("html[data-ready]");
    await page.goto(`${page.url()}#case=hostile`);
    await page.locator("#case .fall").waitFor();
    expect(await page.locator("#case .three").textContent()).toContain(HOSTILE);
    await page.locator("#case .links a").first().click();
    await page.locator("#trial .fall").waitFor();
    expect(await page.textContent("h1")).toBe("hostile");
    await page.locator(".events details summary").first().click();
    expect(await page.locator(".events details[open] pre").textContent()).toContain("payload");
    await page.getByRole("link", { name: "this case in other runs" }).click();
    expect(await page.locator(".history tbody tr").count()).toBe(2);
    expect(await page.locator(".two h3").first().textContent()).toContain(runs[0]);
    expect(await page.locator(".notice").count()).toBe(0);
    await page.goto(view.origin);
    for (const box of await page.locator("#rows input").all()) await box.check();
    await page.getByRole("button", { name: "Compare selected" }).click();
    expect(page.url()).toContain(`baseline=${runs[0]}&candidate=${runs[1]}`);
    await page.locator(".case.changed summary").first().click();
    expect(await page.locator(".case.changed[open] .sides a").first().textContent()).toBe("Trace");
    await page.getByRole("link", { name: "Trends" }).click();
    expect(await page.locator(".plot .version-label").count()).toBe(2);
    await page.selectOption("#asks select[name=metric]", "must_include");
    await page.waitForURL(/metric=must_include/);
    expect(await page.textContent("h1")).toBe("must_include");
    expect(troubles).toEqual([]);
  });

  it("says when the content of a case changed, and marks what differs between two answers", async () => {
    const file = join(cwd, "datasets", "starter.jsonl");
    const before = readFileSync(file, "utf8");
    writeFileSync(
      file,
      before.replace("How do I reset an expired API key?", "How many seats has the Plus plan?"),
    );
    await runCommand(["eval", "--filter-tag", "faq"], { cwd });
    writeFileSync(file, before);
    const { page, troubles } = await openView(browser, view);
    await page.goto(`${view.origin}/cases/key-reset-01`);
    expect(await page.locator(".notice").textContent()).toContain("changed once in these runs");
    expect(await page.locator(".pill.changed").count()).toBe(1);
    await page.waitForSelector("html[data-ready]");
    expect(await page.locator(".two ins, .two del").count()).toBeGreaterThan(0);
    expect(troubles).toEqual([]);
  });

  it("shows a run while it goes on, and its verdict when it ended", async () => {
    const { page, troubles } = await openView(browser, view);
    const { stdout } = await runCommand(["runs", "list", "--json"], { cwd });
    const known = JSON.parse(stdout).runs.length;
    let goOn = () => {};
    const looked = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const model = await startOpenaiServer({
      delayMs: 5,
      text: "It is forty-two.",
      waitOf: (request) => (request > 4 ? looked : undefined),
    });
    for (const name of ["agent.yaml", "cases.jsonl"]) {
      const text = readFileSync(join(import.meta.dirname, "fixtures", "small", name), "utf8");
      const changed = text
        .replace("http://127.0.0.1:1/v1", model.baseUrl)
        .replace("timeout_ms: 10000", "timeout_ms: 60000");
      writeFileSync(join(cwd, name), changed);
    }
    const small = ["--agent", "agent.yaml", "--dataset", "cases.jsonl"];
    const running = startCli(["eval", ...small, "-j", "1", "--quiet"], { cwd });
    await page.locator("#rows tr:first-child .pill.running").waitFor();
    expect(await page.locator("#rows tr").count()).toBe(known + 1);
    const id = (await page.locator("#rows tr:first-child").getAttribute("data-run")) ?? "";
    const second = await openView(browser, view);
    await second.page.goto(`${view.origin}/runs/${id}`);
    await second.page.locator("#live").waitFor();
    await expect.poll(() => model.requests()).toBe(5);
    goOn();
    const { exitCode } = await running;
    expect(exitCode).toBe(0);
    await model.close();
    await page.locator("#rows tr:first-child .verdict .pill:not(.running)").waitFor();
    await second.page.getByText("This run has ended (complete).").waitFor();
    await runCommand(["runs", "rm", id], { cwd });
    await expect.poll(() => page.locator("#rows tr").count(), { timeout: 5_000 }).toBe(known);
    expect([...troubles, ...second.troubles]).toEqual([]);
    await second.page.reload();
    expect(await second.page.textContent("h1")).toBe("Not found");
  }, 40_000);

  it.each([
    [360, "dark"],
    [1280, "light"],
  ] as const)(
    "fits %i pixels in %s, with a name for every control, by keyboard",
    async (width, colorScheme) => {
      const { page, troubles } = await openView(browser, view, {
        viewport: { width, height: 740 },
        colorScheme,
      });
      const [, candidate = ""] = runs;
      const paths = [
        "/",
        `/runs/${candidate}`,
        `/runs/${candidate}/cases/hostile/trials/0`,
        "/cases/hostile",
        `/compare?baseline=${runs[0]}&candidate=${candidate}`,
        "/trends",
      ];
      for (const path of paths) {
        await page.goto(`${view.origin}${path}`);
        const found = await page.evaluate(`({
        width: document.documentElement.scrollWidth,
        h1: document.querySelectorAll("h1").length,
        main: document.querySelectorAll("main").length,
        unnamed: [...document.querySelectorAll("button, input:not([type=hidden]), select, a, summary, [role=img], [role=group], [tabindex='0']")]
          .filter((one) => !(one.getAttribute("aria-label") || one.textContent.trim() || (one.labels && one.labels.length > 0) || document.getElementById(one.getAttribute("aria-labelledby"))?.textContent || one.tagName === "PRE"))
          .map((one) => one.outerHTML.slice(0, 120)),
      })`);
        expect([path, found]).toEqual([path, { width, h1: 1, main: 1, unnamed: [] }]);
        await page.keyboard.press("Tab");
        expect(await page.evaluate("document.activeElement.className")).toBe("skip");
      }
      expect(troubles).toEqual([]);
    },
  );
});
