import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AgreementReport, GroupAgreement } from "../src/judge/agreement-report.js";
import type { RaterAgreement } from "../src/judge/rater-agreement.js";
import { temporaryFolder } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const fixtures = join(import.meta.dirname, "fixtures");
const VERDICTS = join(fixtures, "llmbar", "natural.verdicts.jsonl");
const ITEMS = join(fixtures, "llmbar", "natural.items.jsonl");
const AIRLINE = join(fixtures, "tau2-judges", "airline.jsonl");

async function agreement(...args: string[]): Promise<AgreementReport> {
  const command = ["judge", "agreement", ...args, "--json"];
  const { stdout, stderr, exitCode } = await runCommand(command, { cwd: temporaryFolder() });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).not.toMatch(/NaN|Infinity/);
  return JSON.parse(stdout) as AgreementReport;
}

function expectedFigures<Entry>(name: string): [string, Entry][] {
  const text = readFileSync(join(fixtures, name, "expected.json"), "utf8");
  return Object.entries(JSON.parse(text) as { [id: string]: Entry });
}

function groupOf({ groups }: AgreementReport, id: string, fields: readonly string[]): GroupAgreement {
  const values = id.split("/").slice(-fields.length);
  const found = groups.find(({ group }) => fields.every((field, index) => group[field] === values[index]));
  if (found === undefined) throw new Error(`no group for ${id}`);
  return found;
}

const rounded = (value: number | null | undefined) => Number(value?.toPrecision(6));

function figuresOf(found: RaterAgreement | null) {
  return { n: found?.n, agreement: rounded(found?.agreement), kappa: rounded(found?.kappa.kappa) };
}

function withInterval(found: RaterAgreement | null) {
  const ci95 = [rounded(found?.kappa.lower), rounded(found?.kappa.upper)];
  return { ...figuresOf(found), se: rounded(found?.kappa.se), ci95 };
}

interface LlmbarFigures {
  readonly total: number;
  readonly invalid: number;
  readonly label_vs_verdict: object;
  readonly order_vs_swapped: object;
  readonly null_as_category: object;
}

describe("LLMBar Natural, 28 judges against people", () => {
  const flags = ["--a", "gold", "--b", "verdict", "--swapped", "verdict_swapped", "--by", "judge,prompt"];
  const figures = expectedFigures<LlmbarFigures>("llmbar");

  it("has every known figure of the verdicts, in both orders", async () => {
    const report = await agreement(VERDICTS, ...flags);
    expect(report.groups).toHaveLength(28);
    expect(figures).toHaveLength(18);
    for (const [id, wanted] of figures) {
      const group = groupOf(report, id, ["judge", "prompt"]);
      expect({ total: group.rows, invalid: group.invalid }).toMatchObject({
        total: wanted.total,
        invalid: wanted.invalid,
      });
      expect(withInterval(group.agreement)).toEqual(wanted.label_vs_verdict);
      expect(figuresOf(group.order)).toEqual(wanted.order_vs_swapped);
    }
    const { agreement: best } = groupOf(report, "GPT-4/Vanilla", ["judge", "prompt"]);
    expect(best?.kappa.kappa).toBeCloseTo(0.8977, 4);
  });

  it("has every known figure with null as a category", async () => {
    const report = await agreement(VERDICTS, ...flags, "--null-as-category");
    for (const [id, wanted] of figures) {
      const { agreement: labels, order } = groupOf(report, id, ["judge", "prompt"]);
      expect({
        n: labels?.n,
        label_agreement: rounded(labels?.agreement),
        label_kappa: rounded(labels?.kappa.kappa),
        order_kappa: rounded(order?.kappa.kappa),
      }).toEqual(wanted.null_as_category);
    }
  });

  it("sees which judge prefers the first answer", async () => {
    const report = await agreement(VERDICTS, ...flags);
    const bias = (id: string) => groupOf(report, id, ["judge", "prompt"]).positionBias;
    // scipy 1.10.1: binomtest(24, 26).pvalue
    expect(bias("ChatGPT-0301/CoT")).toMatchObject({ n: 100, firstOnly: 24, secondOnly: 2, bias: 0.22 });
    expect(bias("ChatGPT-0301/CoT")?.p).toBeCloseTo(1.0490417480468714e-5, 14);
    expect(bias("GPT-4/Vanilla")?.consistency).toBe(0.95);
  });

  it("takes people's labels from a second table, joined by id", async () => {
    const joinFlags = ["--items", ITEMS, "--id", "id", "--items-label", "label"];
    const joined = await agreement(VERDICTS, ...joinFlags, "--b", "verdict", "--by", "judge");
    const inline = await agreement(VERDICTS, "--a", "gold", "--b", "verdict", "--by", "judge");
    expect(joined.groups).toEqual(inline.groups);
  });
});

interface Tau2Figures {
  readonly unmapped: number;
  readonly confusion: { readonly [cell: string]: number };
  readonly n: number;
}

describe("tau2 judges against the environment", () => {
  it("have every known figure", async () => {
    const flags = ["--a", "gold", "--b", "verdict", "--categories", "pass,fail"];
    const report = await agreement(AIRLINE, ...flags, "--by", "domain", "--by", "judge");
    const figures = expectedFigures<Tau2Figures>("tau2-judges");
    expect(figures).toHaveLength(4);
    for (const [id, { unmapped, confusion, ...wanted }] of figures) {
      const group = groupOf(report, id, ["domain", "judge"]);
      expect(withInterval(group.agreement)).toEqual(wanted);
      expect(group.invalid).toBe(unmapped);
      const cells = group.agreement?.confusion.flatMap((row, from) =>
        row.map((count, to) => [`${report.categories[from]}->${report.categories[to]}`, count]),
      );
      expect(Object.fromEntries(cells ?? [])).toEqual(confusion);
    }
  });
});

/** Runs on a table of its own; the rows are given as values. */
async function runOn(rows: readonly unknown[], ...flags: string[]) {
  const cwd = temporaryFolder();
  const text = rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n");
  writeFileSync(join(cwd, "table.jsonl"), text);
  return runCommand(["judge", "agreement", "table.jsonl", ...flags], { cwd });
}

describe("a table of one's own", () => {
  const skewed = [
    ...Array.from({ length: 8 }, () => ({ people: { label: "no" }, judge: "no" })),
    { people: { label: "yes" }, judge: "no" },
    { people: { label: "yes" }, judge: null },
  ];

  it("with one rater shows what always giving the commonest label would agree", async () => {
    const { stdout, exitCode } = await runOn(skewed, "--a", "people.label");
    expect(exitCode).toBe(0);
    expect(stdout).toContain('a judge that always says "no" would agree 80 %');
    expect(stdout).not.toContain("kappa");
  });

  it("with a judge that always says no shows a kappa of 0, and an AC1 that is not", async () => {
    const { stdout } = await runOn(skewed, "--a", "people.label", "--b", "judge");
    expect(stdout).toMatchInlineSnapshot(`
      "table.jsonl: people.label against judge, intervals at 95 %

        rows          10, 1 with a null label
        agreement     88.89 % of 9
        kappa         0  se 0  [0, 0]
        AC1           0.8759  se 0.1378  [0.6057, 1]
        alpha         0  nominal
        people.label  "no" 8, "yes" 2
        judge         "no" 9, "yes" 0
        baseline      a judge that always says "no" would agree 80 %

        people.label \\ judge  "no"  "yes"
        "no"                     8      0
        "yes"                    1      0"
    `);
  });

  it("weighs ordered labels, of numbers by size", async () => {
    const rows = [1, 2, 10, 10, 2, 1].map((a, index) => ({ a, b: index === 0 ? 2 : a }));
    const { stdout } = await runOn(rows, "--a", "a", "--b", "b", "--weights", "quadratic", "--json");
    const report = JSON.parse(stdout) as AgreementReport;
    expect(report.categories).toEqual(["1", "2", "10"]);
    expect(report.groups[0]?.agreement).toMatchObject({
      agreement: 5 / 6,
      kappa: { po: 23 / 24 },
      alpha: { metric: "interval" },
    });
  });

  it("without a usable label says none, and is no error", async () => {
    const { stdout, exitCode } = await runOn(
      [{ a: null, b: null }],
      "--a",
      "a",
      "--b",
      "b",
      "--swapped",
      "b",
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain("kappa      none  se none");
    expect(stdout).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("with three verdicts, tie among them, has a position bias; with other labels none", async () => {
    const rows = [
      { v: "B", s: "A" },
      { v: "tie", s: "tie" },
      { v: "A", s: "B" },
      { v: "A", s: "B" },
    ];
    const bias = await runOn(rows, "--a", "v", "--swapped", "s");
    expect(bias.stdout).toContain("same winner 25 %; 2 flips to the first answer, 1 to the second");
    const none = await runOn([{ v: "1", s: "2" }], "--a", "v", "--swapped", "s", "--categories", "1,2,3");
    expect(none.stdout).toContain('position  none: it takes two labels, and "tie" if need be; found 3');
  });
});

describe("a mistake ends with exit 2 and a message that says what to do", () => {
  const rows = [{ gold: "yes", verdict: "no", text: { a: 1 } }];

  it.each([
    [rows, ["--a", "gold", "--b", "verdit"], /table\.jsonl:1 has no field `verdit`; did you mean `verdict`/],
    [rows, ["--a", "score"], /table\.jsonl:1 has no field `score`; it has `gold`, `verdict`, `text`/],
    [rows, ["--a", "text"], /table\.jsonl:1 expected `text` to be text, a number, .*found an object/],
    [
      rows,
      ["--a", "gold", "--categories", "no,maybe"],
      /:1 expected `gold` to be one of .*found "yes".*add it to/,
    ],
    [rows, ["--b", "gold"], /expected --a FIELD/],
    [
      Array.from({ length: 101 }, (_, index) => ({ gold: `answer ${index}` })),
      ["--a", "gold"],
      /table\.jsonl: found 101 different labels, expected at most 100/,
    ],
    [rows, ["--a", "gold", "--categories", "yes,yes"], /names "yes" twice/],
    [rows, ["--a", "gold", "--weights", "linear", "--null-as-category"], /null has no place in the order/],
    [rows, ["--a", "gold", "--items", "other.jsonl"], /belong together/],
    [rows, ["--a", "gold", "--weights", "cubic"], /none, linear, quadratic/],
    [[], ["--a", "gold"], /table\.jsonl has no rows/],
    [["[1]"], ["--a", "gold"], /table\.jsonl:1 expected one JSON object a line, found an array/],
    [['{"gold":'], ["--a", "gold"], /table\.jsonl:1 is not valid JSON at column \d+/],
    [['{"gold":"a","gold":"b"}'], ["--a", "gold"], /table\.jsonl:1 duplicate key `gold`/],
    [Array(30).fill({}), ["--a", "gold"], /table\.jsonl:10 [\s\S]*and 20 more problems/],
  ])("%#: %j", async (table, flags, message) => {
    const { stdout, stderr, exitCode } = await runOn(table, ...flags);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
    expect(stderr).toMatch(message);
  });

  it("an item that the second table lacks, or has twice", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "table.jsonl"), '{"id":"x","v":"a"}\n');
    writeFileSync(join(cwd, "items.jsonl"), '{"id":"y","label":"a"}\n');
    const joinFlags = ["--items", "items.jsonl", "--id", "id", "--items-label", "label"];
    const command = ["judge", "agreement", "table.jsonl", ...joinFlags, "--b", "v"];
    expect((await runCommand(command, { cwd })).stderr).toMatch(
      /table\.jsonl:1 .*item of items\.jsonl, found "x"/,
    );
    writeFileSync(join(cwd, "items.jsonl"), '{"id":"x","label":"a"}\n{"id":"x","label":"a"}\n');
    expect((await runCommand(command, { cwd })).stderr).toMatch(/items\.jsonl:2 .*unique.*also on line 1/);
  });
});
