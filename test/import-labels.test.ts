import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { CalibrationReport } from "../src/judge/calibration/calibration-report.js";
import type { ImportedLabels, ImportedVerdicts } from "../src/report/label-import-documents.js";
import { judgementFile, openJudgementStore } from "../src/store/judgement-store.js";
import { copyOfFixture } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const fixtures = join(import.meta.dirname, "fixtures");
const ITEMS = join(fixtures, "llmbar", "natural.items.jsonl");
const VERDICTS = join(fixtures, "llmbar", "natural.verdicts.jsonl");
const AIRLINE = join(fixtures, "tau2-judges", "airline.jsonl");

async function documentOf<T>(cwd: string, ...args: string[]): Promise<T> {
  const { stdout, stderr, exitCode } = await runCommand([...args, "--json"], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout) as T;
}

async function calibrated(cwd: string, judge: string): Promise<CalibrationReport> {
  const { stdout, stderr } = await runCommand(["judge", "calibrate", judge, "--json"], { cwd });
  expect(stderr).toBe("");
  return JSON.parse(stdout) as CalibrationReport;
}

function figuresOf({ agreement, verdict }: CalibrationReport) {
  return { n: agreement.n, kappa: Number(agreement.kappa.kappa?.toPrecision(6)), verdict };
}

function expectedOf<T>(name: string): { readonly [id: string]: T } {
  return JSON.parse(readFileSync(join(fixtures, name, "expected.json"), "utf8")) as { [id: string]: T };
}

function storeOf(cwd: string) {
  return openJudgementStore(judgementFile(join(cwd, ".agentctl")));
}

describe("LLMBar Natural", () => {
  const cwd = copyOfFixture("small");
  const labels = ["import", "labels", ITEMS, "--rubric", "llmbar", "--item", "id", "--value", "label"];
  const people = [...labels, "--by", "people", "--map", "1=A,2=B"];
  const texts = ["--question", "input", "--answer", "output_1", "--other-answer", "output_2"];
  const fields = ["--item", "id", "--value", "verdict", "--swapped", "verdict_swapped", "--map", "1=A,2=B"];
  const judges = [
    "import",
    "verdicts",
    VERDICTS,
    "--judge-field",
    "judge,prompt",
    "--rubric",
    "llmbar",
    ...fields,
  ];
  beforeAll(async () => {
    const report = await documentOf<ImportedLabels>(cwd, ...people, ...texts);
    expect(report).toMatchObject({
      rows: 100,
      added: 100,
      items: 100,
      authors: [{ name: "people", count: 100 }],
    });
    expect(report.labels).toEqual([
      { name: "B", count: 58 },
      { name: "A", count: 42 },
    ]);
    const verdicts = await documentOf<ImportedVerdicts>(cwd, ...judges);
    expect(verdicts).toMatchObject({ rows: 2800, added: 5600, unmappedWords: [] });
    expect(verdicts.judges).toHaveLength(28);
  });

  it("keeps both answers of each pair, and who said what", () => {
    const store = storeOf(cwd);
    const [first] = readFileSync(ITEMS, "utf8").split("\n");
    const { input, output_1, output_2 } = JSON.parse(first ?? "") as { [field: string]: string };
    const shown = { question: input, answer: output_1, otherAnswer: output_2, origin: null };
    expect(store.item("natural-0")).toMatchObject(shown);
    expect(store.labels("llmbar")[0]).toMatchObject({ item: "natural-0", author: "people", value: "A" });
    store.close();
  });

  it("has GPT-4 Vanilla agree with people at a kappa of .8977, and the other known figures", async () => {
    interface Known {
      readonly label_vs_verdict: { readonly n: number; readonly kappa: number };
    }
    const known = expectedOf<Known>("llmbar");
    const names = ["GPT-4/Vanilla", "ChatGPT-0301/CoT", "PaLM2/Vanilla"];
    const reports: Awaited<ReturnType<typeof calibrated>>[] = [];
    for (const name of names) reports.push(await calibrated(cwd, name));
    for (const report of reports) {
      const [, wanted] = Object.entries(known).find(([id]) => id.endsWith(`/${report.judge}`)) ?? [];
      const { n, kappa } = figuresOf(report);
      expect({ n, kappa }).toEqual({
        n: wanted?.label_vs_verdict.n,
        kappa: wanted?.label_vs_verdict.kappa,
      });
    }
    expect(reports[0]?.agreement.kappa.kappa).toBeCloseTo(0.8977, 4);
  });

  it("adds nothing when a file is imported again", async () => {
    expect(await documentOf<ImportedLabels>(cwd, ...people)).toMatchObject({ added: 0, alreadyThere: 100 });
    const { stdout, exitCode } = await runCommand(judges, { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^nothing new: all 5600 verdicts of .* are there already\n/);
  });

  it("refuses a verdict that is another one now", async () => {
    const verdicts = readFileSync(VERDICTS, "utf8").replace('"verdict": "2"', '"verdict": "1"');
    writeFileSync(join(cwd, "changed.jsonl"), verdicts);
    const changed = judges.with(2, "changed.jsonl");
    const { stderr, exitCode } = await runCommand(changed, { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/changed\.jsonl:1 expected "2", which "ChatGPT-0301\/CoT" was imported with/);
    expect(stderr).toMatch(/verdicts are never changed: import them under another name with --judge/);
  });
});

describe("tau2 judges, whose words are mapped", () => {
  it("have every known figure", async () => {
    const cwd = copyOfFixture("small");
    const shared = [AIRLINE, "--rubric", "airline", "--item", "simulation_id"];
    const gold = await documentOf<ImportedLabels>(
      cwd,
      "import",
      "labels",
      ...shared,
      "--value",
      "gold",
      "--by",
      "environment",
    );
    // Each simulation stands there once for every judge.
    expect(gold).toMatchObject({ rows: 200, added: 50, repeated: 150 });
    const words =
      "satisfied=pass,satisfactory=pass,compliant=pass,correct=pass,unsatisfied=fail,unsatisfactory=fail";
    const judges = ["--judge-field", "judge", "--value", "verdict_raw", "--reasoning", "justification"];
    const map = ["--map", words, "--map", "pass=pass,fail=fail,failure=fail"];
    const verdicts = await documentOf<ImportedVerdicts>(
      cwd,
      "import",
      "verdicts",
      ...shared,
      ...judges,
      ...map,
    );
    expect(verdicts).toMatchObject({ added: 200, unmappedWords: [] });
    const known = Object.entries(expectedOf<{ n: number; kappa: number }>("tau2-judges"));
    for (const [id, { n, kappa }] of known) {
      const report = await calibrated(cwd, id.split("/").at(-1) ?? "");
      expect(figuresOf(report)).toMatchObject({ n, kappa });
      expect(report.verdict).not.toBe("calibrated");
    }
  });
});

describe("a judge that always says no", () => {
  it("is right in most cases, and unusable", async () => {
    const cwd = copyOfFixture("small");
    const rows = Array.from({ length: 200 }, (_, index) => ({
      id: `halu-${index}`,
      hallucination: index % 11 < 2 ? "yes" : "no",
      judge: "no",
    }));
    writeFileSync(join(cwd, "halu.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const shared = ["halu.jsonl", "--rubric", "hallucination", "--item", "id"];
    await documentOf(cwd, "import", "labels", ...shared, "--value", "hallucination", "--by", "people");
    await documentOf(cwd, "import", "verdicts", ...shared, "--value", "judge", "--judge", "always-no");
    const report = await calibrated(cwd, "always-no");
    const yes = rows.filter(({ hallucination }) => hallucination === "yes").length;
    expect(report.accuracy.value).toBeCloseTo(1 - yes / rows.length, 12);
    expect(figuresOf(report)).toEqual({ n: 200, kappa: 0, verdict: "unusable" });
  });
});

describe("exports of labels", () => {
  it("come back as they were", async () => {
    const cwd = copyOfFixture("small");
    writeFileSync(join(cwd, "labels.csv"), "id,grade,note\n1,2,=1+1\n2,3,\n");
    const labels = ["--rubric", "grade", "--item", "id", "--value", "grade", "--by", "ann"];
    await documentOf(cwd, "import", "labels", "labels.csv", ...labels, "--comment", "note");
    const written = await runCommand(["judge", "export", "--rubric", "grade", "-o", "out.csv"], { cwd });
    expect(written).toMatchObject({ stdout: "wrote out.csv: 2 label entries of grade", exitCode: 0 });
    expect(readFileSync(join(cwd, "out.csv"), "utf8")).toContain(",'=1+1,");
    const other = copyOfFixture("small");
    const again = await documentOf<ImportedLabels>(other, "import", "labels", join(cwd, "out.csv"));
    expect(again).toMatchObject({ added: 2, rubrics: ["grade"] });
    const stores = [storeOf(cwd), storeOf(other)] as const;
    expect(stores[1].labels()).toEqual(stores[0].labels());
    for (const store of stores) store.close();
    const { stdout } = await runCommand(["judge", "export", "--rubric", "grade", "--current"], { cwd });
    expect(stdout.split("\n").map((line) => JSON.parse(line) as object)).toMatchObject([
      { agentctl_current: "grade", item: "1", author: "ann", value: "2", truth: "2", is_disputed: false },
      { item: "2", value: "3", comment: null },
    ]);
  });
});
