import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { type Browser, chromium } from "playwright-core";
import { initialisedProject, startCli } from "./run-cli.js";
import { runCommand } from "./run-command.js";

/** Text of the case `hostile`. */
export const HOSTILE = "</script><img src=x onerror=alert(1)>{{1}}";
/** Stands behind it. */
export const SECRET = "sk-proj-Zk3v9QpT7xLw2RbN8mYc4HdJ6sFg1AeU";
/** Text of the holdout case `kept-back`. */
export const HIDDEN = "heliotrope umbrella";

/** A project with a run tagged main and one of an agent that finds less; their ids, the oldest first. */
export async function projectWithRuns(): Promise<{ readonly cwd: string; readonly runs: readonly string[] }> {
  const cwd = await initialisedProject();
  const more = (id: string, input: string, split: string) =>
    JSON.stringify({
      id,
      input,
      split,
      group: id,
      expect: { must_include: [`never ${input}`] },
      tags: ["extra"],
    });
  appendFileSync(
    join(cwd, "datasets", "starter.jsonl"),
    `${more("hostile", `${HOSTILE} ${SECRET}`, "dev")}\n${more("kept-back", HIDDEN, "holdout")}\n`,
  );
  const first = await runCommand(["eval", "--tag", "main"], { cwd });
  const agent = join(cwd, "agents", "support.yaml");
  writeFileSync(agent, readFileSync(agent, "utf8").replace(/top_k: \d+/, "top_k: 1"));
  const second = await runCommand(["eval"], { cwd });
  const list = JSON.parse((await runCommand(["runs", "list", "--json"], { cwd })).stdout);
  if (list.runs.length !== 2) throw new Error(`no two runs: ${first.stderr}${second.stderr}`);
  return { cwd, runs: list.runs.map(({ id }: { id: string }) => id).reverse() };
}

/** `agentctl view` as a process. */
export class ViewProcess {
  private constructor(
    private readonly process: ReturnType<typeof startCli>,
    /** The printed link. */
    readonly url: string,
    /** From the start of the process to its link, milliseconds. */
    readonly startMs: number,
  ) {}

  static async start(cwd: string, args: readonly string[] = []): Promise<ViewProcess> {
    const began = performance.now();
    const process = startCli(["view", ...args], { cwd });
    let printed = "";
    const url = await new Promise<string>((resolve, reject) => {
      process.stdout?.on("data", (chunk) => {
        printed += String(chunk);
        const found = /http:\S+\/\?token=[\w-]+/.exec(printed);
        if (found !== null) resolve(found[0]);
      });
      void process.then(({ stderr }) => reject(new Error(stderr)));
    });
    return new ViewProcess(process, url, performance.now() - began);
  }

  get origin(): string {
    return new URL(this.url).origin;
  }

  /** Ends it as Ctrl-C does. */
  async stop() {
    this.process.kill("SIGINT");
    const { exitCode, stdout, stderr } = await this.process;
    return { exitCode, stdout, stderr };
  }

  /** The cookie of a browser that opened the link. */
  async cookie(): Promise<string> {
    const answer = await fetch(this.url, { redirect: "manual" });
    return (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  }

  /** A request with any headers, which fetch would not send. */
  ask(path: string, headers: { readonly [name: string]: string } = {}, method = "GET") {
    return new Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }>(
      (resolve, reject) => {
        const sent = request(`${this.origin}${path}`, { method, headers }, (response) => {
          let text = "";
          response.on("data", (chunk) => {
            text += String(chunk);
          });
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
          );
        });
        sent.on("error", reject);
        sent.end();
      },
    );
  }
}

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

/** A reader who opened the link; `troubles` collects errors of pages, dialogs, and requests to anywhere else. */
export async function openView(browser: Browser, view: ViewProcess, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options);
  const page: Page = await context.newPage();
  page.setDefaultTimeout(8_000);
  const troubles: string[] = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("dialog", (dialog) => troubles.push(dialog.message()));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") troubles.push(message.text());
  });
  page.on("request", (sent) => {
    if (new URL(sent.url()).origin !== view.origin && !sent.url().startsWith("data:"))
      troubles.push(sent.url());
  });
  await page.goto(view.url);
  return { page, troubles };
}
