import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { JudgeConfig } from "../src/config/judge/judge-schema.js";
import { systemClock } from "../src/core/clock.js";
import type { LabelEntry, Subject } from "../src/core/judgement.js";
import { type ReviewServer, serveReview } from "../src/eval/review/serve-review.js";
import { helpfulness, sampleReview } from "../src/eval/review/testing/serve-samples.js";
import type { ReviewMode } from "../src/judge/review/review-plan.js";
import { type JudgementStore, openJudgementStore } from "../src/store/judgement-store.js";
import { chromiumPath } from "./chromium-path.js";

const HOW_TO_INSTALL =
  "the page for labelling is tested in Chromium, and none was found: apt-get install -y chromium, or set CHROMIUM to its path";

interface ServeOptions {
  readonly port?: number;
  readonly mode?: ReviewMode;
  /** Labels that are there already. */
  readonly said?: readonly LabelEntry[];
}

/** A browser, and the servers that its pages come from. */
class ReviewBrowser {
  readonly faults: unknown[] = [];
  private browser: Browser | null = null;
  private store: JudgementStore | null = null;
  private readonly servers: ReviewServer[] = [];

  async launch(path: string): Promise<void> {
    this.browser = await chromium.launch({ executablePath: path, args: ["--no-sandbox"] });
  }

  /** A server with a store of its own. */
  async serve(
    subjects: readonly Subject[],
    judge: JudgeConfig = helpfulness,
    { port = 0, mode = "label", said = [] }: ServeOptions = {},
  ): Promise<ReviewServer> {
    this.store = openJudgementStore(":memory:");
    this.store.addLabels(said);
    const review = sampleReview(this.store, judge, subjects, { clock: systemClock, perItem: 9, mode });
    const server = await serveReview(review, {
      host: "127.0.0.1",
      port,
      allowRemote: false,
      clock: systemClock,
      onFault: (error) => this.faults.push(error),
    });
    this.servers.push(server);
    return server;
  }

  /** An annotator in a browser of their own; `troubles` collects errors of the page and requests to anywhere else. */
  async open(server: ReviewServer, name: string, options: BrowserContextOptions = {}) {
    const context = await this.require(this.browser).newContext(options);
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

  /** A page of a browser that nobody has signed in with. */
  newPage(): Promise<Page> {
    return this.require(this.browser).newPage();
  }

  /** All labels in the store of the server that was started last. */
  labels(): readonly LabelEntry[] {
    return this.require(this.store).labels();
  }

  /** What an annotator has said to that server. */
  written(author: string) {
    return this.labels()
      .filter((entry) => entry.author === author)
      .map(({ action, value, comment }) => [action, value, comment]);
  }

  /** Ends all pages and servers. */
  async clear(): Promise<void> {
    await Promise.all((this.browser?.contexts() ?? []).map((context) => context.close()));
    await Promise.all(this.servers.splice(0).map((server) => server.close()));
  }

  async close(): Promise<void> {
    await this.browser?.close();
  }

  private require<T>(part: T | null): T {
    if (part === null) throw new Error("nothing was started yet");
    return part;
  }
}

/** Tests in a real Chromium; where there is none, CI fails and other machines are told. */
export function describeInChromium(title: string, tests: (browser: ReviewBrowser) => void): void {
  const executablePath = chromiumPath;
  if (executablePath === undefined) {
    it("finds Chromium, or says how to install it", () => {
      if (process.env.CI === "true") throw new Error(HOW_TO_INSTALL);
      console.warn(HOW_TO_INSTALL);
    });
    return;
  }
  describe(title, () => {
    const browser = new ReviewBrowser();
    beforeAll(() => browser.launch(executablePath));
    afterEach(async () => {
      await browser.clear();
      expect(browser.faults).toEqual([]);
    });
    afterAll(() => browser.close());
    tests(browser);
  });
}

export async function itemOf(page: Page): Promise<string> {
  return (await page.locator("#item-title code").textContent()) ?? "";
}

/** Waits until the status line says a text. */
export function says(page: Page, text: string): Promise<void> {
  return page.locator("#status", { hasText: text }).waitFor();
}
