import { existsSync, mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../src/core/clock.js";
import type { AgentctlError } from "../src/core/errors.js";
import type { EvalFlags } from "../src/eval/eval-flags.js";
import { scaffoldProject } from "../src/eval/project/scaffold.js";
import { withStore } from "../src/eval/run/stored-run.js";
import { type RoundCause, type WatchKey, watchSuite } from "../src/eval/watch/watch-suite.js";
import { renderRound } from "../src/eval/watch/watch-text.js";
import type { WatchedRun } from "../src/eval/watch/watched-run.js";
import { runCli, startCli, temporaryFolder } from "./run-cli.js";

type News =
  | { readonly kind: "run"; readonly run: WatchedRun; readonly cause: RoundCause }
  | { readonly kind: "broken"; readonly error: AgentctlError };

/** A watch whose news are taken one by one. */
class Watched {
  readonly end: Promise<boolean>;
  readonly order: string[] = [];
  private readonly news: News[] = [];
  private waiting: ((news: News) => void) | null = null;
  private key: (key: WatchKey) => void = () => {};
  private readonly stopping = new AbortController();

  constructor(workingDirectory: string, flags: EvalFlags = {}) {
    const tell = (news: News) => {
      if (this.waiting === null) this.news.push(news);
      else this.waiting(news);
      this.waiting = null;
    };
    this.end = watchSuite(
      { maxConcurrency: 1, ...flags },
      {
        workingDirectory,
        env: {},
        clock: systemClock,
        signal: this.stopping.signal,
        observer: {
          runStarted: () => {
            this.order.length = 0;
          },
          trialStarted: ({ caseId }) => this.order.push(caseId),
          trialFinished: () => {},
          runFinished: () => {},
        },
        display: {
          started: () => {},
          finished: (run, cause) => tell({ kind: "run", run, cause }),
          broken: (error) => tell({ kind: "broken", error }),
          paused: () => {},
          note: () => {},
        },
        onKey: (listener) => {
          this.key = listener;
        },
      },
    );
  }

  press(key: WatchKey): void {
    this.key(key);
  }

  next(): Promise<News> {
    const first = this.news.shift();
    if (first !== undefined) return Promise.resolve(first);
    return new Promise((resolve) => {
      this.waiting = resolve;
    });
  }

  async run(): Promise<WatchedRun> {
    const news = await this.next();
    if (news.kind === "broken") throw news.error;
    return news.run;
  }

  /** Whether nothing happens for a while. */
  async isQuiet(): Promise<boolean> {
    await wait(400);
    return this.news.length === 0;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.end;
  }
}

const QUESTION = "How do I reset an expired API key?";
const CASES = [
  { id: "returns", input: QUESTION, expect: { must_include: ["identity verification"] } },
  { id: "wrong", input: QUESTION, expect: { must_include: ["99 days"] } },
  { id: "keys", input: QUESTION, expect: {} },
];
const GATES = "version: 1\ngates:\n  - { metric: task.success, min: 0.4 }\n";

let cwd: string;
let watched: Watched;
const at = (file: string) => join(cwd, file);
const write = (file: string, text: string) => writeFileSync(at(file), text);
const writeCases = (cases: readonly object[]) =>
  write("datasets/starter.jsonl", cases.map((one) => `${JSON.stringify(one)}\n`).join(""));

beforeEach(() => {
  cwd = temporaryFolder();
  scaffoldProject(cwd);
  // Datasets are named relative to where the program was started.
  process.chdir(cwd);
  writeCases(CASES);
  write("gates.yaml", GATES);
});
afterEach(() => watched?.stop());

/** A watch after its first round. */
async function begin(flags: EvalFlags = {}): Promise<WatchedRun> {
  watched = new Watched(cwd, flags);
  return watched.run();
}

describe("what a change makes out of date", () => {
  it("a line of the golden set: its case alone", async () => {
    const first = await begin();
    expect(first).toMatchObject({ executed: 3, counts: { passed: 2, failed: 1 } });
    writeCases(
      CASES.map((one) =>
        one.id === "wrong" ? { ...one, expect: { must_include: ["identity verification"] } } : one,
      ),
    );
    const fixed = await watched.run();
    expect(fixed.executed).toBe(1);
    expect(fixed.cases).toEqual([{ caseId: "wrong", before: "failed", after: "passed", reason: null }]);
    writeCases([...CASES.slice(1), { id: "new", input: "Hello" }]);
    const other = await watched.run();
    expect(other.executed).toBe(2);
    expect(other.cases.map(({ caseId, before, after }) => [caseId, before, after])).toEqual([
      ["wrong", "passed", "failed"],
      ["new", null, "passed"],
      ["returns", "passed", null],
    ]);
  });

  it("the prompt: every case, those that did not pass first", async () => {
    await begin();
    write("agents/prompts/support.md", "Answer briefly.\n");
    expect(await watched.run()).toMatchObject({ executed: 3 });
    expect(watched.order).toEqual(["wrong", "returns", "keys"]);
  });

  it("rules: nothing runs, and they are judged again", async () => {
    expect((await begin()).gate?.verdict).toBe("pass");
    write("gates.yaml", GATES.replace("0.4", "0.9"));
    expect(await watched.run()).toMatchObject({ executed: 0, gate: { verdict: "fail" } });
  });

  it("a metric of your own and what it imports: scores alone", async () => {
    mkdirSync(at("metrics"));
    write("metrics/limit.ts", "export const LIMIT: number = 0;\n");
    write(
      "metrics/short.ts",
      `import { LIMIT } from "./limit.js";
export default { name: "short", description: "Short answers.", unit: "proportion", direction: "higher",
  score: ({ trace }) => ((trace.answer ?? "").length < LIMIT ? 1 : 0) };
`,
    );
    write(
      "agentctl.yaml",
      `${readFileSync(at("agentctl.yaml"), "utf8")}\nmetrics: [default, metrics/short.ts]\n`,
    );
    write("gates.yaml", "version: 1\ngates:\n  - { metric: short, min: 0.9 }\n");
    expect((await begin()).gate?.verdict).toBe("fail");
    write("metrics/limit.ts", "export const LIMIT: number = 1e6;\n");
    expect(await watched.run()).toMatchObject({ executed: 0, gate: { verdict: "pass" } });
  });

  it("a module that a module of tools imports: every case, with the new code", async () => {
    mkdirSync(at("tools"));
    write("tools/help.ts", "export const NAME: string = 'first';\n");
    write(
      "tools/clock.ts",
      `import { NAME } from "./help.js";
export const tools = [{ name: NAME, description: "Says the time.",
  parameters: { type: "object", properties: {}, additionalProperties: false }, call: async () => ({ time: 1 }) }];
`,
    );
    write(
      "agents/support.yaml",
      `${readFileSync(at("agents/support.yaml"), "utf8")}\ntools:\n  - module: ../tools/clock.ts\n`,
    );
    await begin();
    write("tools/help.ts", "export const NAME: string = 'second';\n");
    expect(await watched.run()).toMatchObject({ executed: 3 });
    write("tools/help.ts", "export const NAME: string = '';\n");
    expect(await watched.next()).toMatchObject({ kind: "broken" });
  });

  it("a new document of the agent: every case", async () => {
    await begin();
    mkdirSync(at("datasets/handbook/deeper"));
    write(
      "datasets/handbook/deeper/new.md",
      "---\nid: new\ntitle: New\n---\nReturn an item within 99 days.\n",
    );
    expect(await watched.run()).toMatchObject({ executed: 3 });
    write("datasets/handbook/deeper/new.md", "---\nid: new\ntitle: New\n---\nNothing.\n");
    expect(await watched.run()).toMatchObject({ executed: 3 });
  });
});

describe("saves", () => {
  it("a file that is put in the place of another is a change, again and again", async () => {
    await begin();
    for (const text of ["One.\n", "Two.\n"]) {
      write("agents/prompts/.swap", text);
      renameSync(at("agents/prompts/.swap"), at("agents/prompts/support.md"));
      expect(await watched.run()).toMatchObject({ executed: 3 });
    }
  });

  it("several steps of one save are one change, and a touch is none", async () => {
    await begin();
    for (const text of ["", "A", "A whole prompt.\n"]) write("agents/prompts/support.md", text);
    expect(await watched.run()).toMatchObject({ executed: 3 });
    utimesSync(at("gates.yaml"), new Date(), new Date());
    expect(await watched.isQuiet()).toBe(true);
  });

  it("a broken file is told of, the watch goes on, and results stand", async () => {
    await begin();
    const agent = readFileSync(at("agents/support.yaml"), "utf8");
    write("agents/support.yaml", `${agent}\nbogus: 1\n`);
    const broken = await watched.next();
    expect(broken).toMatchObject({ kind: "broken", error: { code: "CONFIG_INVALID" } });
    write("agents/support.yaml", agent);
    expect(await watched.run()).toMatchObject({ executed: 3, counts: { passed: 2, failed: 1 } });
    write("agentctl.yaml", "version: [");
    expect(await watched.next()).toMatchObject({ kind: "broken" });
  });
});

describe("keys", () => {
  it("f runs what did not pass, and leaves no verdict while the others are out of date", async () => {
    await begin();
    watched.press("failing");
    expect(await watched.run()).toMatchObject({ executed: 1, notRun: 0, gate: { verdict: "pass" } });
    write("agents/prompts/support.md", "Another prompt.\n");
    const partial = await watched.run();
    expect(partial).toMatchObject({ executed: 1, notRun: 2, gate: null, counts: { failed: 1, passed: 0 } });
    watched.press("affected");
    expect(await watched.run()).toMatchObject({ executed: 2, notRun: 0, counts: { failed: 1, passed: 2 } });
    watched.press("all");
    expect(await watched.run()).toMatchObject({ executed: 3 });
    watched.press("again");
    expect(await watched.run()).toMatchObject({ executed: 3 });
  });

  it("p holds changes back until it is pressed again, q ends the watch", async () => {
    await begin();
    watched.press("pause");
    write("agents/prompts/support.md", "Another prompt.\n");
    expect(await watched.isQuiet()).toBe(true);
    watched.press("pause");
    expect(await watched.run()).toMatchObject({ executed: 3 });
    watched.press("quit");
    expect(await watched.end).toBe(true);
  });
});

it("keeps nothing in the run history", async () => {
  await begin();
  write("agents/prompts/support.md", "Another prompt.\n");
  await watched.run();
  expect(withStore(undefined, cwd, (store) => store.listRuns())).toEqual([]);
  expect(existsSync(at("reports"))).toBe(false);
});

it("a round as text: what changed, why, and the whole", async () => {
  const run = await begin();
  const cause: RoundCause = { files: ["prompt.md"], scope: "affected", writtenMs: 1 };
  const cases = [
    { caseId: "a", before: "passed", after: "failed", reason: "expected \u001b[2J more" },
    { caseId: "b", before: "failed", after: "passed", reason: null },
  ] as const;
  const text = renderRound({ ...run, cases, notRun: 2, gate: null }, cause, 210, {
    useColor: false,
    columns: 80,
  });
  expect(text).toBe(
    [
      "prompt.md changed",
      "  broke         a expected \ufffd[2J more",
      "  fixed         b",
      "  2 passed, 1 failed; 2 cases have no result since the change: a runs them; 3 trials ran; 0.21 s after the save",
    ].join("\n"),
  );
});

describe("agentctl eval --watch", () => {
  it("prints each round without a terminal, and ends with 130 at Ctrl-C", async () => {
    const child = startCli(["eval", "--watch"], { cwd });
    let out = "";
    child.stdout.on("data", (text) => {
      out += text;
    });
    const printed = async (text: RegExp) => {
      while (!text.test(out)) await wait(20);
    };
    await printed(/2 passed, 1 failed/);
    write("gates.yaml", GATES.replace("0.4", "0.9"));
    await printed(/0 trials ran; gate fail \(task\.success\); .* after the save/);
    child.kill("SIGINT");
    const { exitCode, stdout } = await child;
    expect(exitCode).toBe(130);
    expect(stdout).not.toContain("\u001b");
  });

  it.each([["--json"], ["--tag=main"]])("refuses %s", async (flag) => {
    const { exitCode, stderr } = await runCli(["eval", "--watch", flag], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--watch shows results and keeps none");
  });
});
