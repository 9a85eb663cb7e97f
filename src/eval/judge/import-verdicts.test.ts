import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { VerdictEntry } from "../../core/judgement.js";
import { type ImportVerdictsFlags, importVerdicts } from "./import-verdicts.js";
import { EIGHT, GRADE_JUDGE, withImportProject } from "./testing/import-project.js";

const BASIC = { rubric: "grade", judge: "gpt", item: "id", value: "said" } as const;

describe("importVerdicts", () => {
  const project = withImportProject();

  async function imported(text: string, flags: ImportVerdictsFlags = BASIC, name = "v.csv") {
    writeFileSync(join(project.root, name), text);
    return importVerdicts(name, flags, { workingDirectory: project.root, clock: EIGHT });
  }

  const verdicts = (judge = "gpt"): readonly VerdictEntry[] => project.read((store) => store.verdicts(judge));

  const shown = () =>
    verdicts().map(({ item, order, word, value, reason }) => [item, order, word, value, reason]);

  it("keeps words that nobody declared, empty ones and grades off the scale with no value, and counts them", async () => {
    writeFileSync(join(project.root, "judges", "grade.yaml"), GRADE_JUDGE);
    const text = "id,said\n1,3.0\n2,superb\n3,meh\n4,\n5,9\n6,fine\n7,meh\n";
    const report = await imported(text, { ...BASIC, map: ["fine=2"] });
    expect(shown()).toEqual([
      ["1", "first", "3.0", "3", null],
      ["2", "first", "superb", "3", null],
      ["3", "first", "meh", null, "unmapped"],
      ["4", "first", "", null, "invalid_reply"],
      ["5", "first", "9", null, "out_of_range"],
      ["6", "first", "fine", "2", null],
      ["7", "first", "meh", null, "unmapped"],
    ]);
    expect(report).toMatchObject({ rows: 7, added: 7 });
    expect(report.judges[0]?.withoutLabel).toEqual([
      { name: "unmapped", count: 2 },
      { name: "invalid_reply", count: 1 },
      { name: "out_of_range", count: 1 },
    ]);
    expect(report.unmappedWords).toEqual([
      { name: "meh", count: 2 },
      { name: "9", count: 1 },
    ]);
  });

  it("names judges by several fields, and their votes by number", async () => {
    const text = "id,m,p,n,said\n1,GPT-4,Vanilla,0,A\n1,GPT-4,Vanilla,1,B\n1,GPT-4,CoT,0,B\n";
    const { judge: _, ...flags } = { ...BASIC, judgeField: ["m", "p"], vote: "n" };
    const report = await imported(text, flags);
    expect(report.judges.map(({ judge, added }) => [judge, added])).toEqual([
      ["GPT-4/Vanilla", 2],
      ["GPT-4/CoT", 1],
    ]);
    expect(verdicts("GPT-4/Vanilla").map(({ vote, value }) => [vote, value])).toEqual([
      [0, "A"],
      [1, "B"],
    ]);
    expect(new Set(report.judges.map(({ judgeVersion }) => judgeVersion)).size).toBe(2);
  });

  it("maps swapped verdicts back only when they say that they are not", async () => {
    const text = "id,said,swap\n1,1,2\n2,2,tie\n3,1,\n";
    const flags = { ...BASIC, swapped: "swap", map: ["1=A", "2=B", "tie=tie"] };
    await imported(text, flags);
    const swapped = (judge: string) =>
      verdicts(judge)
        .filter(({ order }) => order === "swapped")
        .map(({ value, reason }) => [value, reason]);
    expect(swapped("gpt")).toEqual([
      ["B", null],
      ["tie", null],
      [null, "invalid_reply"],
    ]);
    await imported(text, { ...flags, judge: "raw", swappedRaw: true });
    expect(swapped("raw")[0]).toEqual(["A", null]);
    await expect(
      imported("id,said,swap\n1,x,y\n", { ...BASIC, swapped: "swap", swappedRaw: true }),
    ).rejects.toThrow('v.csv:2 --swapped-raw: expected A, B or tie, found "y"');
  });

  it("adds nothing when it is repeated, and what is new when there is more", async () => {
    await imported("id,said\n1,A\n2,\n");
    expect(await imported("id,said\n1,A\n2,\n3,B\n3,B\n", BASIC, "more.csv")).toMatchObject({
      added: 1,
      alreadyThere: 2,
      repeated: 1,
      notes: [],
    });
    expect(verdicts()).toHaveLength(3);
  });

  it("refuses a verdict that changed, and adds nothing then", async () => {
    await imported("id,said\n1,A\n");
    await expect(imported("id,said\n2,A\n1,B\n")).rejects.toThrow(
      'v.csv:3 expected "A", which "gpt" was imported with for "1", found "B"; verdicts are never changed: import them under ' +
        "another name with --judge",
    );
    expect(verdicts()).toHaveLength(1);
  });

  it("takes the same words read in another way for another version of the judge, and says so", async () => {
    const first = await imported("id,said\n1,meh\n2,A\n", { ...BASIC, map: ["A=A", "B=B"] });
    expect(first.unmappedWords).toEqual([{ name: "meh", count: 1 }]);
    const second = await imported("id,said\n1,meh\n2,A\n", { ...BASIC, map: ["A=A", "B=B", "meh=B"] });
    expect(second).toMatchObject({ added: 2, unmappedWords: [] });
    expect(second.notes).toEqual([
      "2 earlier verdicts were read with other words or for another rubric (`gpt`): they stay, as another version of the judge.",
    ]);
    expect(second.judges[0]?.judgeVersion).not.toBe(first.judges[0]?.judgeVersion);
  });

  it("blacks out API keys in words and reasoning, and knows them again", async () => {
    const key = `sk-${"a1".repeat(20)}`;
    const flags = { ...BASIC, reasoning: "why", map: ["A=A"] };
    const text = `id,said,why\n1,${key},it leaks ${key}\n`;
    const report = await imported(text, flags);
    expect(verdicts()).toMatchObject([
      { word: "[redacted API key]", reasoning: "it leaks [redacted API key]", reason: "unmapped" },
    ]);
    expect(JSON.stringify(report)).not.toContain(key);
    expect(await imported(text, flags)).toMatchObject({ added: 0, alreadyThere: 1 });
  });

  it.each([
    [
      "two verdicts",
      "id,said\n1,A\n1,B\n",
      BASIC,
      /v\.csv:3 expected one verdict of "gpt" for "1", found "A" on line 2 and "B"/,
    ],
    ["no item", "id,said\n,A\n", BASIC, /v\.csv:2 expected `id` to name the item, found nothing/],
    [
      "a vote that is none",
      "id,said\n1,A\n",
      { ...BASIC, vote: "said" },
      /expected --vote to be a whole number/,
    ],
    [
      "no judge",
      "id,said,j\n1,A,\n",
      { rubric: "g", judgeField: ["j"], item: "id", value: "said" },
      /v\.csv:2 expected j to name/,
    ],
    ["a slip in a field", "id,sayd\n1,A\n", BASIC, /has no field `said`; did you mean `sayd`/],
    [
      "no flags",
      "id,said\n1,A\n",
      {},
      /expected --rubric NAME, --judge NAME or --judge-field FIELD, --item FIELD, --value/,
    ],
    [
      "two names",
      "id,said\n1,A\n",
      { ...BASIC, judgeField: ["id"] },
      /--judge and --judge-field both name the judge/,
    ],
    [
      "a flag alone",
      "id,said\n1,A\n",
      { ...BASIC, swappedRaw: true },
      /--swapped-raw: expected --swapped FIELD/,
    ],
    ["an empty file", "", BASIC, /v\.csv has no rows/],
  ] as const)("explains %s", async (_, text, flags, wanted) => {
    await expect(imported(text, flags)).rejects.toThrow(wanted);
    expect(verdicts()).toEqual([]);
  });
});
