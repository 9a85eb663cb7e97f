import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProviderError } from "../src/core/errors.js";
import type { RunHeader } from "../src/core/run.js";
import type { JudgeRunFlags } from "../src/eval/judge/run-judge.js";
import { metricSetOfRun } from "../src/eval/judge-run.js";
import { estimateAll } from "../src/metrics/estimate.js";
import { judgementFile, openJudgementStore } from "../src/store/judgement-store.js";
import { openSqliteStore } from "../src/store/sqlite-store.js";
import type { Store } from "../src/store/store.js";
import {
  BINARY,
  importRun,
  judgeProject,
  judgeRun,
  rowsOf,
  STARS,
  verdict,
  writeJudge,
} from "./judge-run-project.js";
import { type JudgeServer, startJudgeServer } from "./judge-server.js";
import { runCli } from "./run-cli.js";

let cwd: string;
let server: JudgeServer | null = null;
beforeEach(() => {
  cwd = judgeProject();
});
afterEach(async () => {
  await server?.close();
  server = null;
});

type Reply = Parameters<typeof startJudgeServer>[0];

async function judgeThatSays(reply: Reply, scale: string, more = ""): Promise<JudgeServer> {
  server = await startJudgeServer(reply);
  writeJudge(cwd, "helpful", scale, server.baseUrl, more);
  return server;
}

/** The last message: what is to be judged. */
function askedIn(messages: readonly { readonly content: string }[]): string {
  return messages.at(-1)?.content ?? "";
}

function withStore<T>(use: (store: Store) => T): T {
  const store = openSqliteStore(join(cwd, ".agentctl", "agentctl.db"));
  try {
    return use(store);
  } finally {
    store.close();
  }
}

/** What a stored run says of a metric. */
function figuresOf(reference: string, metric: string) {
  return withStore((store) => {
    const run = store.getRun(reference) as RunHeader;
    const estimates = estimateAll([...store.trialRows(run.id)], metricSetOfRun(run));
    return { run, estimate: estimates.find((one) => one.metric === metric) };
  });
}

describe("judge run", () => {
  it("grades a run as a new one, which keeps its scores, and asks nothing twice", async () => {
    await importRun(
      cwd,
      "main",
      rowsOf(12, (index) => `Answer ${index}`),
    );
    const judge = await judgeThatSays(
      (messages) => verdict(/Answer (\d+)/.exec(askedIn(messages))?.[1] === "0" ? 1 : 3),
      STARS,
    );
    const { report, exitCode } = await judgeRun(cwd, "main", { tag: ["judged"] });
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({
      items: { planned: 12, judged: 12, failed: 0, left: 0 },
      verdicts: [
        { label: "1", items: 1 },
        { label: "2", items: 0 },
        { label: "3", items: 11 },
      ],
      calls: 12,
      newVotes: 12,
      warnings: [],
    });
    // 1,000 tokens in and 100 out of each call.
    expect(report.costUsd).toBeCloseTo(12 * 0.0028, 10);
    expect(report.estimate).toMatchObject({ unit: "rating", n: 12, upper: 3 });
    expect(report.estimate.value).toBeCloseTo((1 + 11 * 3) / 12, 12);
    const { run, estimate } = figuresOf("judged", "judge.helpful");
    expect(estimate).toEqual(report.estimate);
    expect(run.judges).toEqual([{ metric: "judge.helpful", version: report.judge.version }]);
    expect(run.notes.join("\n")).toContain("scores of judge.helpful by judges/helpful.yaml (openai/gpt-4.1)");

    const again = await judgeRun(cwd, "judged", { judge: "judges/helpful.yaml" });
    expect(again.report).toMatchObject({
      calls: 0,
      cachedCalls: 0,
      storedVotes: 12,
      newVotes: 0,
      costUsd: 0,
    });
    expect(again.report.estimate).toEqual(report.estimate);
    expect(judge.requests()).toBe(12);
  });

  it("counts what cannot be used, and guesses nothing", async () => {
    await importRun(
      cwd,
      "main",
      rowsOf(8, (index) => `Answer ${index}`),
    );
    const words: readonly string[] = [
      verdict("YES"),
      verdict("good enough"),
      verdict("good enough"),
      "The answer is fine, I would say yes.",
      "I'm sorry, but I can't help with that.",
      verdict("fine"),
      '```json\n{"reasoning": "r", "verdict": "no"}\n```',
      verdict("maybe"),
    ];
    await judgeThatSays(
      (messages) =>
        words[Number(/Answer (\d)/.exec(messages.map(({ content }) => content).join(""))?.[1])] ?? "",
      BINARY,
      "synonyms: { fine: yes }\n",
    );
    const { report, exitCode } = await judgeRun(cwd, "main");
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({
      items: { judged: 8 },
      verdicts: [
        { label: "no", items: 1 },
        { label: "yes", items: 2 },
      ],
      withoutVerdict: 5,
      unusable: { unmapped: 3, invalid_reply: 1, refusal: 1, out_of_range: 0 },
      unmappedWords: [
        { word: "good enough", votes: 2 },
        { word: "maybe", votes: 1 },
      ],
      // Two of them were asked to repair their reply.
      calls: 10,
      estimate: {
        n: 3,
        unscored: {
          "the judge's word is no label": 3,
          "the judge gave no valid JSON": 1,
          "the judge declined to judge": 1,
        },
      },
    });
    const text = await runCli(["judge", "run", "main", "--judge", "helpful"], {
      cwd,
      env: { OPENAI_API_KEY: "x" },
    });
    expect(text.stdout).toContain('"good enough" 2, "maybe" 1; `synonyms`');
  });

  it("takes grades outside the scale, and between grades, for no grade", async () => {
    await importRun(
      cwd,
      "main",
      rowsOf(3, (index) => `Answer ${index}`),
    );
    await judgeThatSays(
      (messages) => verdict([7, 2.5, 2][Number(/Answer (\d)/.exec(askedIn(messages))?.[1])] ?? 0),
      STARS,
    );
    const { report } = await judgeRun(cwd, "main");
    expect(report).toMatchObject({
      unusable: { out_of_range: 1, unmapped: 1 },
      estimate: { value: 2, n: 1 },
    });
  });

  it("leaves out trials in error and those without an answer, by reason", async () => {
    await importRun(cwd, "main", [
      ...rowsOf(2, () => "Fine."),
      { id: "broken", input: "Q?", error: "connection lost" },
      { id: "silent", input: "Q?", output: "" },
    ]);
    const judge = await judgeThatSays(() => verdict("yes"), BINARY);
    const { report } = await judgeRun(cwd, "main", { tag: ["judged"] });
    expect(report.items).toMatchObject({ planned: 4, judged: 2, failed: 0, left: 0 });
    const reasons = Object.entries(report.items.notJudged);
    expect(reasons).toHaveLength(2);
    expect(report.items.notJudged).toMatchObject({ "the agent gave no answer": 1 });
    expect(judge.requests()).toBe(2);
    expect(figuresOf("judged", "judge.helpful").estimate).toMatchObject({ n: 2, value: 1 });
  });

  it("counts what the judge could not be asked for, and asks for it next time", async () => {
    await importRun(
      cwd,
      "main",
      rowsOf(6, (index) => `Answer ${index}`),
    );
    let isDown = true;
    const judge = await judgeThatSays(
      (messages) => (isDown && /Answer [45]/.test(askedIn(messages)) ? 503 : verdict("yes")),
      BINARY,
    );
    const first = await judgeRun(cwd, "main");
    expect(first.exitCode).toBe(3);
    expect(first.report).toMatchObject({ items: { judged: 4, failed: 2 }, failures: 2, run: null });
    isDown = false;
    const before = judge.requests();
    const second = await judgeRun(cwd, "main");
    expect(second.exitCode).toBe(0);
    expect(second.report).toMatchObject({ items: { judged: 6, failed: 0 }, storedVotes: 4, newVotes: 2 });
    expect(judge.requests() - before).toBe(2);
    expect(second.report.run).not.toBeNull();
  });

  it("gives up on a judge that never answers", async () => {
    await importRun(
      cwd,
      "main",
      rowsOf(60, (index) => `Answer ${index}`),
    );
    const judge = await judgeThatSays(() => 503, BINARY);
    await expect(judgeRun(cwd, "main", { maxConcurrency: 2 })).rejects.toBeInstanceOf(ProviderError);
    expect(judge.requests()).toBeLessThan(30);
  });

  it("keeps the budget, and goes on with a larger one", async () => {
    await importRun(
      cwd,
      "main",
      rowsOf(20, (index) => `Answer ${index}`),
    );
    const judge = await judgeThatSays(() => verdict("yes"), BINARY);
    const first = await judgeRun(cwd, "main", { maxConcurrency: 8, budgetUsd: 0.02 });
    expect(first.exitCode).toBe(3);
    // $0.0028 a call.
    expect(first.report).toMatchObject({
      calls: 7,
      items: { judged: 7, left: 13 },
      stoppedBy: "budget",
      run: null,
    });
    expect(first.report.costUsd).toBeLessThanOrEqual(0.02);
    const second = await judgeRun(cwd, "main", { maxConcurrency: 8, budgetUsd: 1 });
    expect(second.report).toMatchObject({
      calls: 13,
      storedVotes: 7,
      items: { judged: 20, left: 0 },
      stoppedBy: null,
    });
    expect(judge.requests()).toBe(20);
  });

  it("stores no run for a part, and asks once about trials that said the same", async () => {
    await importRun(
      cwd,
      "main",
      Array.from({ length: 9 }, (_, trial) => ({ id: "same", input: "Q?", output: "A.", trial })),
    );
    const judge = await judgeThatSays(() => verdict("yes"), BINARY);
    const part = await judgeRun(cwd, "main", { limit: 4 });
    expect(part.report).toMatchObject({ items: { judged: 4, left: 5 }, stoppedBy: "limit", run: null });
    const whole = await judgeRun(cwd, "main", { maxConcurrency: 9 });
    expect(whole.report).toMatchObject({ items: { judged: 9 }, estimate: { n: 9, clusters: 1 } });
    expect(judge.requests()).toBe(9);
  });
});

describe("votes", () => {
  it("are different calls, and their majority counts", async () => {
    await importRun(
      cwd,
      "main",
      rowsOf(4, (index) => `Answer ${index}`),
    );
    const seen = new Map<string, number>();
    const judge = await judgeThatSays(
      (messages) => {
        const asked = askedIn(messages);
        const times = seen.get(asked) ?? 0;
        seen.set(asked, times + 1);
        return verdict(["yes", "no", "yes"][times] ?? "no");
      },
      BINARY,
      "votes: 3\n",
    );
    const { report } = await judgeRun(cwd, "main");
    expect(report).toMatchObject({ calls: 12, newVotes: 12, estimate: { value: 1, n: 4 } });
    expect(judge.requests()).toBe(12);
  });

  it("of a judge of the agent's own family, or at temperature 0, are warned of", async () => {
    await importRun(
      cwd,
      "main",
      rowsOf(1, () => "Fine."),
      "gpt-4o",
    );
    await judgeThatSays(() => verdict("yes"), BINARY, "votes: 2\n");
    const file = join(cwd, "judges", "helpful.yaml");
    writeFileSync(
      file,
      readFileSync(file, "utf8").replace("  max_retries: 0\n", "  max_retries: 0\n  temperature: 0\n"),
    );
    const { report } = await judgeRun(cwd, "main");
    expect(report.warnings).toEqual([
      expect.stringContaining("of its own family (gpt)"),
      expect.stringContaining("2 votes at temperature 0"),
    ]);
  });
});

describe("pairs", () => {
  it("are asked in both orders, and a flip is a tie", async () => {
    const answers = ["long", "short", "long", "short"];
    await importRun(
      cwd,
      "a",
      rowsOf(4, (index) => `${answers[index]} A${index}`),
    );
    await importRun(
      cwd,
      "b",
      rowsOf(4, (index) => `other B${index}`),
    );
    // Prefers `long` wherever it stands; else what stands first.
    await judgeThatSays((messages) => {
      const asked = askedIn(messages);
      const isFirst = /<<<ANSWER A \w+>>>\nlong/.test(asked);
      const isSecond = /<<<ANSWER B \w+>>>\nlong/.test(asked);
      return verdict(isFirst || !isSecond ? "A" : "B");
    }, "{ kind: pairwise }");
    const { report, exitCode } = await judgeRun(cwd, "a", { against: "b", tag: ["won"] });
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({
      calls: 8,
      flips: 2,
      verdicts: [
        { label: "A", items: 2 },
        { label: "B", items: 0 },
        { label: "tie", items: 2 },
      ],
      estimate: { value: 0.75, n: 4, unit: "proportion" },
    });
    expect(figuresOf("won", "judge.helpful").estimate?.value).toBe(0.75);
    const store = openJudgementStore(judgementFile(join(cwd, ".agentctl")));
    const items = [...store.items()];
    store.close();
    expect(items).toHaveLength(4);
    expect(items[0]?.item).toMatch(/^case-0\/0@\w{12} vs case-0\/0@\w{12}$/);
    expect(items[0]).toMatchObject({ answer: "long A0", otherAnswer: "other B0" });
  });

  it("without their counterpart are left out", async () => {
    await importRun(
      cwd,
      "a",
      rowsOf(3, () => "A"),
    );
    await importRun(
      cwd,
      "b",
      rowsOf(1, () => "B"),
    );
    await judgeThatSays(() => verdict("tie"), "{ kind: pairwise }");
    const { report } = await judgeRun(cwd, "a", { against: "b" });
    expect(report.items).toMatchObject({ judged: 1, notJudged: { "the other run has no such trial": 2 } });
  });
});

it("labelled items are judged without a run", async () => {
  await judgeThatSays((messages) => verdict(askedIn(messages).includes("good") ? "yes" : "no"), BINARY);
  const store = openJudgementStore(judgementFile(join(cwd, ".agentctl")));
  const base = { question: "Q?", conversation: [], documents: [], tools: [], reference: null, policy: null };
  const rest = { otherAnswer: null, slices: {}, model: null, otherModel: null, origin: null };
  store.addItems(["good", "bad", "unlabelled"].map((item) => ({ ...base, ...rest, item, answer: item })));
  const entry = {
    rubric: "helpful",
    author: "ann",
    action: "label",
    comment: null,
    at: "2026-11-01T00:00:00Z",
  } as const;
  store.addLabels(
    ["good", "bad", "lost"].map((item) => ({ ...entry, id: item, item, value: "yes", source: "t" })),
  );
  store.close();
  const { report, exitCode } = await judgeRun(cwd, undefined, { labelled: true });
  expect(exitCode).toBe(0);
  expect(report).toMatchObject({
    judgedRun: null,
    run: null,
    items: { planned: 3, judged: 2, notJudged: { "the item's texts are not stored": 1 } },
    estimate: { value: 0.5, n: 2 },
  });
});

describe("what cannot be judged is said before the judge is asked", () => {
  const cases: readonly (readonly [string | undefined, Partial<JudgeRunFlags>, string])[] = [
    ["main", { judge: "nothing" }, 'judge "nothing"'],
    ["nowhere", {}, 'found no run "nowhere"'],
    ["empty", {}, "expected stored trials to judge, found none"],
    [undefined, {}, "expected a run to judge, or --labelled"],
    ["main", { labelled: true }, "--labelled: expected no run"],
    [undefined, { labelled: true }, 'items that people labelled by "helpful", found none'],
    ["main", { against: "main" }, "expected a run and a judge on a pairwise scale"],
    ["main", { judge: "pairs" }, "expected --against"],
    ["main", { judge: "statistics" }, "expected a language model"],
    ["main", { judge: "words", record: "tape.jsonl" }, "expected a judge with a model"],
  ];

  it.each(cases)("%s %j", async (reference, flags, message) => {
    await importRun(
      cwd,
      "main",
      rowsOf(1, () => "Fine."),
    );
    withStore((store) => {
      const run = store.getRun("main") as RunHeader;
      store.createRun({ ...run, id: "20260101-000000-empty", tags: ["empty"] });
    });
    const judge = await judgeThatSays(() => verdict("yes"), BINARY);
    writeJudge(cwd, "pairs", "{ kind: pairwise }", judge.baseUrl);
    const start = `version: 1\nrubric: { version: "1", text: "Good?" }\nscale: ${BINARY}\n`;
    const statistics = `${start}name: statistics\nmodel: { provider: embedded, name: embedded-v1 }\n`;
    writeFileSync(join(cwd, "judges", "statistics.yaml"), statistics);
    writeFileSync(join(cwd, "judges", "words.yaml"), `${start}name: words\nheuristic: lexical_helpfulness\n`);
    await expect(judgeRun(cwd, reference, flags)).rejects.toThrow(message);
    expect(judge.requests()).toBe(0);
  });
});
