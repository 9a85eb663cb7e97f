import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { traceOf } from "../../core/trace.js";
import { trialSubject } from "../../judge/trial-subject.js";
import { openSqliteStore } from "../../store/sqlite-store.js";
import { sampleCase, sampleRow, sampleRun, sampleTrial } from "../../store/testing/store-samples.js";
import { exportLabels } from "./export-labels.js";
import { type ImportLabelsFlags, importLabels } from "./import-labels.js";
import { EIGHT, GRADE_JUDGE, withImportProject } from "./testing/import-project.js";

const BASIC = { rubric: "grade", item: "id", value: "label", by: "ann" } as const;

describe("importLabels", () => {
  const project = withImportProject();

  /** Imports a text as a file. */
  async function imported(text: string, flags: ImportLabelsFlags = BASIC, name = "labels.csv") {
    writeFileSync(join(project.root, name), text);
    return importLabels(join(project.root, name), flags, { workingDirectory: project.root, clock: EIGHT });
  }

  const labels = () => project.read((store) => store.labels());

  it("takes a byte order mark, CRLF, quotes and blank lines", async () => {
    const text = '\uFEFFid,label,note\r\n"a, 1",2,"two\r\nlines"\r\n\r\nb,3,\r\n';
    const report = await imported(text, { ...BASIC, comment: "note" });
    expect(report).toMatchObject({ rows: 2, added: 2, missing: 0, notes: [] });
    expect(labels()).toMatchObject([
      { item: "a, 1", value: "2", comment: "two\r\nlines", author: "ann", source: "labels.csv" },
      { item: "b", value: "3", comment: null, at: "2026-11-21T08:00:00.000Z", action: "label" },
    ]);
  });

  it("takes JSONL with dotted paths, numbers and truth values, whatever the file's name", async () => {
    const rows = [
      { task: { id: 7 }, label: 2, who: { name: "ann" } },
      { task: { id: "8" }, label: true, who: { name: "bob " } },
    ];
    const flags = { rubric: "any", item: "task.id", value: "label", author: "who.name" };
    const report = await imported(rows.map((row) => JSON.stringify(row)).join("\n"), flags, "labels.txt");
    expect(report.authors.map(({ name }) => name)).toEqual(["ann", "bob"]);
    expect(labels().map(({ item, value }) => [item, value])).toEqual([
      ["7", "2"],
      ["8", "true"],
    ]);
  });

  it("counts rows without a label and leaves them out, whoever they were meant for", async () => {
    const text =
      '{"id":"1","label":null}\n{"id":"2","label":" "}\n{"id":"3"}\n{"id":"4","label":1}\n{"label":""}\n';
    const report = await imported(text, BASIC, "labels.jsonl");
    expect(report).toMatchObject({ rows: 5, added: 1, missing: 4 });
    expect(report.notes).toEqual(["4 rows without a label were left out."]);
  });

  it("knows the labels of the project's judge file, and a grade that a program wrote as 3.0", async () => {
    writeFileSync(join(project.root, "judges", "grade.yaml"), GRADE_JUDGE);
    await imported("id,label\n1,3.0\n2, 2 \n3,best\n", { ...BASIC, map: ["best=3"] });
    expect(labels().map(({ value }) => value)).toEqual(["3", "2", "3"]);
    await expect(imported("id,label\n1,3\n2,4\n3,good\n")).rejects.toThrow(
      'labels.csv:3 expected `label` to be one of `1`, `2`, `3`, found "4"; correct it, or say what it stands for with ' +
        '--map word=label\nlabels.csv:4 expected `label` to be one of `1`, `2`, `3`, found "good"',
    );
    expect(labels()).toHaveLength(3);
    await expect(imported("id,label\n1,3\n", { ...BASIC, map: ["x=4"] })).rejects.toThrow(
      "--map x=4: expected one of the rubric's labels `1`, `2`, `3`",
    );
  });

  it("takes a map for the whole scale where there is no judge file", async () => {
    await expect(imported("id,label\n1,1\n2,3\n", { ...BASIC, map: ["1=A", "2=B"] })).rejects.toThrow(
      'labels.csv:3 expected `label` to be one of `A`, `B`, found "3"',
    );
    await imported("id,label\n1,1\n2,B\n", { ...BASIC, map: ["1=A", "2=B"] });
    expect(labels().map(({ value }) => value)).toEqual(["A", "B"]);
  });

  it("names both lines of two labels by one name for one item: they may be two people", async () => {
    const text = "id,label,who\n1,good,ann\n1,good,bob\n1,bad,ann\n";
    const { by: _, ...flags } = { ...BASIC, author: "who" };
    await expect(imported(text, flags)).rejects.toThrow(
      'labels.csv:4 expected one label of "ann" for "1", found "good" on line 2 and "bad" here; if these are two people, ' +
        "give them two names",
    );
    expect(labels()).toEqual([]);
  });

  it("folds a label that is there twice, and says so", async () => {
    const report = await imported("id,label\n1,good\n1,good\n");
    expect(report).toMatchObject({ rows: 2, added: 1, repeated: 1 });
    expect(report.notes).toEqual(["1 row said the same as an earlier one and was folded."]);
  });

  it("orders labels by their time, so that the later one counts", async () => {
    const text = "id,label,when\n1,bad,2026-11-20T10:00:00+02:00\n1,good,2026-11-19\n";
    await imported(text, { ...BASIC, at: "when" });
    expect(labels().map(({ value, at }) => [value, at])).toEqual([
      ["good", "2026-11-19T00:00:00.000Z"],
      ["bad", "2026-11-20T08:00:00.000Z"],
    ]);
    await expect(imported("id,label,when\n1,bad,yesterday\n", { ...BASIC, at: "when" })).rejects.toThrow(
      'labels.csv:2 expected `when` to be a time such as 2026-11-21T09:30:00Z, found "yesterday"',
    );
  });

  it("adds nothing when it is repeated, also under another name and with more columns", async () => {
    await imported("id,label\n1,good\n2,bad\n");
    expect(await imported("id,more,label\n2,x,bad\n1,y,good\n", BASIC, "again.csv")).toMatchObject({
      added: 0,
      alreadyThere: 2,
      notes: [],
    });
    expect(labels()).toHaveLength(2);
  });

  it("says when a label replaces another, and when one that was replaced comes again", async () => {
    await imported("id,label\n1,good\n");
    expect((await imported("id,label\n1,bad\n")).notes).toEqual([
      '1 label now says something else than "ann" said before; if these are two people of one name, import under another name.',
    ]);
    const stale = await imported("id,label\n1,good\n");
    expect(stale).toMatchObject({ added: 0, alreadyThere: 1 });
    expect(stale.notes).toEqual([
      '1 label of "ann" had been imported before and changed since: the change stays.',
    ]);
  });

  it("keeps what was labelled, without API keys", async () => {
    const key = `sk-${"a1".repeat(20)}`;
    const row = {
      id: "1",
      label: "good",
      note: `saw ${key}`,
      q: "Why?",
      a: `It is ${key}.`,
      docs: ["One.", { id: "d2", title: "Two", text: "Two." }, "", 3],
      lang: "de",
      level: null,
      m: "openai/gpt-4o",
    };
    const fields = { question: "q", answer: "a", documents: "docs", model: "m", slice: ["lang", "level"] };
    const report = await imported(JSON.stringify(row), { ...BASIC, comment: "note", ...fields }, "l.jsonl");
    expect(report.notes).toEqual(["2 API keys were blacked out in the imported texts."]);
    expect(project.read((store) => store.item("1"))).toMatchObject({
      question: "Why?",
      answer: "It is [redacted API key].",
      documents: [
        { id: "1", title: null, text: "One." },
        { id: "d2", title: "Two", text: "Two." },
      ],
      slices: { lang: "de" },
      model: "openai/gpt-4o",
      origin: null,
    });
    expect(labels()[0]?.comment).toBe("saw [redacted API key]");
  });

  it("adds 100,000 rows within a few seconds", async () => {
    const rows = Array.from({ length: 100_000 }, (_, index) => `item-${index},${index % 5},note ${index}`);
    const before = process.cpuUsage();
    const report = await imported(`id,label,note\n${rows.join("\n")}\n`, { ...BASIC, comment: "note" });
    expect(report).toMatchObject({ added: 100_000, items: 100_000 });
    // Of the processor: other programs may be at work.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(10);
  });

  describe("of trials", () => {
    const goldenCase = sampleCase("c1", { hash: "h1" });
    let item = "";
    beforeEach(() => {
      mkdirSync(join(project.root, ".agentctl"));
      const store = openSqliteStore(join(project.root, ".agentctl", "agentctl.db"));
      const plan = [0, 1].map((trial) => ({ caseId: "c1", caseHash: "h1", trial }));
      const run = sampleRun("r1", { plan, trialsPerCase: 2 });
      store.createRun(run, [goldenCase]);
      const trial = sampleTrial("c1", 0);
      store.addTrial("r1", trial, sampleRow(trial, 1));
      store.close();
      item = trialSubject({ run, goldenCase, trial, trace: traceOf(trial), policy: null }).item;
    });

    it("finds them by case and trial in a run, and keeps what was labelled", async () => {
      await imported("id,label\nc1/0,good\n", { ...BASIC, run: "r1" });
      expect(labels()).toMatchObject([{ item, value: "good" }]);
      expect(project.read((store) => store.item(item))?.origin).toEqual({
        run: "r1",
        caseId: "c1",
        trial: 0,
      });
      expect(await imported(`id,label\n${item},good\n`, { ...BASIC, run: "latest" })).toMatchObject({
        added: 0,
      });
    });

    it("says that names of trials without a run are names alone", async () => {
      expect((await imported("id,label\nc1/0,good\nc1/1,bad\nq3,bad\n")).notes).toEqual([
        'No item "c1/0" and 1 more is known here: if trials of a run are meant, import with --run.',
      ]);
    });

    it.each([
      ["no such case", "c2/0", /labels\.csv:2 expected a trial of run r1 as case\/trial, found "c2\/0"/],
      ["no trial number", "c1", /expected a trial of run r1 as case\/trial, found "c1"/],
      ["a trial that is gone", "c1/1", /found none for "c1\/1": the trial is not stored; remove the row/],
      ["another answer", "c1/0@0a1b2c3d4e5f", /expected the answer that was labelled, found another/],
    ])("has a problem with %s", async (_, name, wanted) => {
      await expect(imported(`id,label\n${name},good\n`, { ...BASIC, run: "r1" })).rejects.toThrow(wanted);
      expect(labels()).toEqual([]);
    });

    it("has a problem with a run that is not there", async () => {
      await expect(imported("id,label\nc1/0,good\n", { ...BASIC, run: "r2" })).rejects.toThrow(
        'found no run "r2"',
      );
    });
  });

  it.each([
    ["an empty file", "", BASIC, "labels.csv", /labels\.csv has no rows; write a header/],
    ["a header alone", "id,label\n", BASIC, "labels.csv", /labels\.csv has no rows/],
    ["an empty JSONL file", "\n", BASIC, "l.jsonl", /l\.jsonl has no rows; write one JSON object a line/],
    [
      "an array",
      '[{"id":1}]',
      BASIC,
      "l.json",
      /expected one JSON object a line, found one JSON document.*jq/,
    ],
    ["what is no JSON", "hello\n", BASIC, "l.jsonl", /l\.jsonl:1 is not valid JSON at column 1/],
    [
      "a slip in a field",
      "id,labels\n1,a\n",
      BASIC,
      "l.csv",
      /l\.csv has no field `label`; did you mean `labels`\?/,
    ],
    ["a field that is not there", "x,label\n1,a\n", BASIC, "l.csv", /has no field `id`; it has `x`, `label`/],
    ["no item", "id,label\n,a\n", BASIC, "l.csv", /l\.csv:2 expected `id` to name the item, found nothing/],
    [
      "no annotator",
      "id,label,who\n1,a,\n",
      { rubric: "g", item: "id", value: "label", author: "who" },
      "l.csv",
      /l\.csv:2 expected `who` to name the annotator, found nothing/,
    ],
    [
      "a list for a label",
      '{"id":1,"label":["a"]}',
      BASIC,
      "l.jsonl",
      /:1 expected `label` to be text, a number/,
    ],
    ["semicolons", "id;label\n1;a\n", BASIC, "l.csv", /pass --delimiter ';'/],
    [
      "no flags",
      "id,label\n1,a\n",
      {},
      "l.csv",
      /expected --rubric NAME, --item FIELD, --value FIELD, --author/,
    ],
    ["two authors", "id,label\n1,a\n", { ...BASIC, author: "id" }, "l.csv", /--author and --by both say who/],
    ["a map without =", "id,label\n1,a\n", { ...BASIC, map: ["a"] }, "l.csv", /--map a: expected word=label/],
    [
      "a word mapped twice",
      "id,label\n1,a\n",
      { ...BASIC, map: ["a=1", "a=2"] },
      "l.csv",
      /"a" stands for "1" and "2"/,
    ],
  ] as const)("explains %s", async (_, text, flags, name, wanted) => {
    await expect(imported(text, flags, name)).rejects.toThrow(wanted);
  });

  it("explains a file that is not there, and texts in the place of labels", async () => {
    writeFileSync(join(project.root, "labels.csv"), "");
    const missing = importLabels("label.csv", BASIC, { workingDirectory: project.root, clock: EIGHT });
    await expect(missing).rejects.toThrow(/label\.csv does not exist/);
    const rows = Array.from({ length: 101 }, (_, index) => `${index},text ${index}`);
    await expect(imported(`id,label\n${rows.join("\n")}\n`)).rejects.toThrow(
      "found 101 different labels in label, expected at most 100",
    );
  });

  describe("and exportLabels", () => {
    const comments = [
      "=1+1",
      "+1",
      "-1",
      "@x",
      "'=quoted",
      "''",
      'a "quote", and\r\na line',
      "\ttab",
      "",
      "plain",
    ];

    it.each(["out.csv", "out.jsonl"])("give back every entry as it was: %s", async (name) => {
      const rows = comments.map((note, index) => ({ id: `=item ${index}`, label: -index, note }));
      const text = rows.map((row) => JSON.stringify(row)).join("\n");
      await imported(text, { ...BASIC, by: "=ann", comment: "note" }, "labels.jsonl");
      const [first] = labels();
      const undone = {
        ...first,
        id: "u1",
        action: "undo",
        value: null,
        comment: null,
        source: "review",
      } as const;
      project.read((store) => store.addLabels([undone as never]));
      const before = labels();
      await exportLabels({ rubric: "grade", output: name }, project.root);
      if (name === "out.csv") {
        const cells = readFileSync(join(project.root, name), "utf8").split(/[,\n]/);
        expect(cells.filter((cell) => /^"?[=+\-@\t]/.test(cell))).toEqual([]);
      }
      const same = await importLabels(name, {}, { workingDirectory: project.root, clock: EIGHT });
      expect(same).toMatchObject({ added: 0, alreadyThere: 11 });
      rmSync(join(project.root, ".agentctl"), { recursive: true });
      expect(await importLabels(name, {}, { workingDirectory: project.root, clock: EIGHT })).toMatchObject({
        added: 11,
      });
      expect(labels()).toEqual(before);
    });

    it("refuse flags with an export, actions that are none, and labels outside the scale", async () => {
      await imported("id,label\n1,9\n");
      await exportLabels({ rubric: "grade", output: "out.jsonl" }, project.root);
      const again = (flags: ImportLabelsFlags) =>
        importLabels("out.jsonl", flags, { workingDirectory: project.root, clock: EIGHT });
      await expect(again({ item: "item" })).rejects.toThrow("--item: out.jsonl is an export of agentctl");
      writeFileSync(join(project.root, "judges", "grade.yaml"), GRADE_JUDGE);
      await expect(again({})).rejects.toThrow(
        'out.jsonl:1 expected `value` to be one of `1`, `2`, `3`, found "9"',
      );
      const exported = readFileSync(join(project.root, "out.jsonl"), "utf8");
      writeFileSync(
        join(project.root, "out.jsonl"),
        exported.replace('"action":"label"', '"action":"approve"'),
      );
      await expect(again({})).rejects.toThrow("out.jsonl:1 expected `action` to be one of");
    });

    it("name the rubrics that there are", async () => {
      await expect(exportLabels({ rubric: "grade" }, project.root)).rejects.toThrow(
        'found no labels of rubric "grade"',
      );
      await imported("id,label\n1,9\n");
      await expect(exportLabels({ rubric: "grad" }, project.root)).rejects.toThrow("did you mean `grade`?");
    });
  });
});
