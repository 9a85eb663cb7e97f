import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bareSubject } from "../src/judge/bare-subject.js";
import { judgementFile, openJudgementStore } from "../src/store/judgement-store.js";
import {
  askedIn,
  BINARY,
  importRun,
  judgeRun,
  projectToJudge,
  rowsOf,
  verdict,
} from "./judge-run-project.js";

const { folder, judgeThatSays, figuresOf } = projectToJudge();

describe("votes", () => {
  it("are different calls, and their majority counts", async () => {
    await importRun(
      folder(),
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
    const { report } = await judgeRun(folder(), "main");
    expect(report).toMatchObject({ calls: 12, newVotes: 12, estimate: { value: 1, n: 4 } });
    expect(judge.requests()).toBe(12);
  });

  it("of a judge of the agent's own family, or at temperature 0, are warned of", async () => {
    await importRun(
      folder(),
      "main",
      rowsOf(1, () => "Fine."),
      "gpt-4o",
    );
    await judgeThatSays(() => verdict("yes"), BINARY, "votes: 2\n");
    const file = join(folder(), "judges", "helpful.yaml");
    writeFileSync(
      file,
      readFileSync(file, "utf8").replace("  max_retries: 0\n", "  max_retries: 0\n  temperature: 0\n"),
    );
    const { report } = await judgeRun(folder(), "main");
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
      folder(),
      "a",
      rowsOf(4, (index) => `${answers[index]} A${index}`),
    );
    await importRun(
      folder(),
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
    const { report, exitCode } = await judgeRun(folder(), "a", { against: "b", tag: ["won"] });
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
    const store = openJudgementStore(judgementFile(join(folder(), ".agentctl")));
    const items = [...store.items()];
    store.close();
    expect(items).toHaveLength(4);
    expect(items[0]?.item).toMatch(/^case-0\/0@\w{12} vs case-0\/0@\w{12}$/);
    expect(items[0]).toMatchObject({ answer: "long A0", otherAnswer: "other B0" });
  });

  it("without their counterpart are left out", async () => {
    await importRun(
      folder(),
      "a",
      rowsOf(3, () => "A"),
    );
    await importRun(
      folder(),
      "b",
      rowsOf(1, () => "B"),
    );
    await judgeThatSays(() => verdict("tie"), "{ kind: pairwise }");
    const { report } = await judgeRun(folder(), "a", { against: "b" });
    expect(report.items).toMatchObject({ judged: 1, notJudged: { "the other run has no such trial": 2 } });
  });
});

it("labelled items are judged without a run", async () => {
  await judgeThatSays((messages) => verdict(askedIn(messages).includes("good") ? "yes" : "no"), BINARY);
  const store = openJudgementStore(judgementFile(join(folder(), ".agentctl")));
  store.addItems(
    ["good", "bad", "unlabelled"].map((item) => bareSubject({ item, question: "Q?", answer: item })),
  );
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
  store.addLabels([{ ...entry, rubric: "other", id: "o", item: "unlabelled", value: "yes", source: "t" }]);
  store.close();
  const { report, exitCode } = await judgeRun(folder(), undefined, { labelled: true });
  const other = await judgeRun(folder(), undefined, { labelled: "other" });
  expect(other.report.items).toMatchObject({ planned: 1, judged: 1 });
  expect(exitCode).toBe(0);
  expect(report).toMatchObject({
    judgedRun: null,
    run: null,
    items: { planned: 3, judged: 2, notJudged: { "the item's texts are not stored": 1 } },
    estimate: { value: 0.5, n: 2 },
  });
});
