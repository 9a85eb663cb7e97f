import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ProviderError } from "../src/core/errors.js";
import type { RunHeader } from "../src/core/run.js";
import type { JudgeRunFlags } from "../src/eval/judge/run-judge.js";
import {
  askedIn,
  BINARY,
  importRun,
  judgeRun,
  projectToJudge,
  rowsOf,
  STARS,
  verdict,
  writeJudge,
} from "./judge-run-project.js";
import { runCommand } from "./run-command.js";

const { folder, withStore, judgeThatSays, figuresOf } = projectToJudge();

describe("judge run", () => {
  it("grades a run as a new one, which keeps its scores, and asks nothing twice", async () => {
    await importRun(
      folder(),
      "main",
      rowsOf(12, (index) => `Answer ${index}`),
    );
    const judge = await judgeThatSays(
      (messages) => verdict(/Answer (\d+)/.exec(askedIn(messages))?.[1] === "0" ? 1 : 3),
      STARS,
    );
    const { report, exitCode } = await judgeRun(folder(), "main", { tag: ["judged"] });
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

    const again = await judgeRun(folder(), "judged", { judge: "judges/helpful.yaml" });
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
      folder(),
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
    const { report, exitCode } = await judgeRun(folder(), "main");
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
    const text = await runCommand(["judge", "run", "main", "--judge", "helpful"], {
      cwd: folder(),
      env: { OPENAI_API_KEY: "x" },
    });
    expect(text.stdout).toContain('"good enough" 2, "maybe" 1; `synonyms`');
  });

  it("takes grades outside the scale, and between grades, for no grade", async () => {
    await importRun(
      folder(),
      "main",
      rowsOf(3, (index) => `Answer ${index}`),
    );
    await judgeThatSays(
      (messages) => verdict([7, 2.5, 2][Number(/Answer (\d)/.exec(askedIn(messages))?.[1])] ?? 0),
      STARS,
    );
    const { report } = await judgeRun(folder(), "main");
    expect(report).toMatchObject({
      unusable: { out_of_range: 1, unmapped: 1 },
      estimate: { value: 2, n: 1 },
    });
  });

  it("leaves out trials in error and those without an answer, by reason", async () => {
    await importRun(folder(), "main", [
      ...rowsOf(2, () => "Fine."),
      { id: "broken", input: "Q?", error: "connection lost" },
      { id: "silent", input: "Q?", output: "" },
    ]);
    const judge = await judgeThatSays(() => verdict("yes"), BINARY);
    const { report } = await judgeRun(folder(), "main", { tag: ["judged"] });
    expect(report.items).toMatchObject({ planned: 4, judged: 2, failed: 0, left: 0 });
    const reasons = Object.entries(report.items.notJudged);
    expect(reasons).toHaveLength(2);
    expect(report.items.notJudged).toMatchObject({ "the agent gave no answer": 1 });
    expect(judge.requests()).toBe(2);
    expect(figuresOf("judged", "judge.helpful").estimate).toMatchObject({ n: 2, value: 1 });
  });

  it("counts what the judge could not be asked for, and asks for it next time", async () => {
    await importRun(
      folder(),
      "main",
      rowsOf(6, (index) => `Answer ${index}`),
    );
    let isDown = true;
    const judge = await judgeThatSays(
      (messages) => (isDown && /Answer [45]/.test(askedIn(messages)) ? 503 : verdict("yes")),
      BINARY,
    );
    const first = await judgeRun(folder(), "main");
    expect(first.exitCode).toBe(3);
    expect(first.report).toMatchObject({ items: { judged: 4, failed: 2 }, failures: 2, run: null });
    isDown = false;
    const before = judge.requests();
    const second = await judgeRun(folder(), "main");
    expect(second.exitCode).toBe(0);
    expect(second.report).toMatchObject({ items: { judged: 6, failed: 0 }, storedVotes: 4, newVotes: 2 });
    expect(judge.requests() - before).toBe(2);
    expect(second.report.run).not.toBeNull();
  });

  it("gives up on a judge that never answers", async () => {
    await importRun(
      folder(),
      "main",
      rowsOf(60, (index) => `Answer ${index}`),
    );
    const judge = await judgeThatSays(() => 503, BINARY);
    await expect(judgeRun(folder(), "main", { maxConcurrency: 2 })).rejects.toBeInstanceOf(ProviderError);
    expect(judge.requests()).toBeLessThan(30);
  });

  it("keeps the budget, and goes on with a larger one", async () => {
    await importRun(
      folder(),
      "main",
      rowsOf(20, (index) => `Answer ${index}`),
    );
    const judge = await judgeThatSays(() => verdict("yes"), BINARY);
    const first = await judgeRun(folder(), "main", { maxConcurrency: 8, budgetUsd: 0.02 });
    expect(first.exitCode).toBe(3);
    // $0.0028 a call.
    expect(first.report).toMatchObject({
      calls: 7,
      items: { judged: 7, left: 13 },
      stoppedBy: "budget",
      run: null,
    });
    expect(first.report.costUsd).toBeLessThanOrEqual(0.02);
    const second = await judgeRun(folder(), "main", { maxConcurrency: 8, budgetUsd: 1 });
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
      folder(),
      "main",
      Array.from({ length: 9 }, (_, trial) => ({ id: "same", input: "Q?", output: "A.", trial })),
    );
    const judge = await judgeThatSays(() => verdict("yes"), BINARY);
    const part = await judgeRun(folder(), "main", { limit: 4 });
    expect(part.report).toMatchObject({ items: { judged: 4, left: 5 }, stoppedBy: "limit", run: null });
    const whole = await judgeRun(folder(), "main", { maxConcurrency: 9 });
    expect(whole.report).toMatchObject({ items: { judged: 9 }, estimate: { n: 9, clusters: 1 } });
    expect(judge.requests()).toBe(9);
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
      folder(),
      "main",
      rowsOf(1, () => "Fine."),
    );
    withStore((store) => {
      const run = store.getRun("main") as RunHeader;
      store.createRun({ ...run, id: "20260101-000000-empty", tags: ["empty"] });
    });
    const judge = await judgeThatSays(() => verdict("yes"), BINARY);
    writeJudge(folder(), "pairs", "{ kind: pairwise }", judge.baseUrl);
    const start = `version: 1\nrubric: { version: "1", text: "Good?" }\nscale: ${BINARY}\n`;
    const statistics = `${start}name: statistics\nmodel: { provider: embedded, name: embedded-v1 }\n`;
    writeFileSync(join(folder(), "judges", "statistics.yaml"), statistics);
    writeFileSync(
      join(folder(), "judges", "words.yaml"),
      `${start}name: words\nheuristic: lexical_helpfulness\n`,
    );
    await expect(judgeRun(folder(), reference, flags)).rejects.toThrow(message);
    expect(judge.requests()).toBe(0);
  });
});
