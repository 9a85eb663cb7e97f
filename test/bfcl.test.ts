import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { initialisedProject, temporaryFolder } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const FIXTURES = join(import.meta.dirname, "fixtures", "bfcl");

/** Figures of BFCL's own checker and of numpy, as the fixtures' README says. */
const expected = JSON.parse(readFileSync(join(FIXTURES, "expected.json"), "utf8")) as Record<
  string,
  Record<string, number>
>;

interface ScoredTrial {
  readonly scores: Record<string, { readonly value: number | null }>;
}

interface RunJson {
  readonly run: { readonly id: string; readonly notes: readonly string[] };
  readonly estimates: readonly {
    readonly metric: string;
    readonly value: number | null;
    readonly n: number;
  }[];
  readonly cases: readonly {
    readonly goldenCase: { readonly id: string };
    readonly trials: readonly ScoredTrial[];
  }[];
}

let cwd: string;
beforeAll(async () => {
  cwd = await initialisedProject();
});

async function importBfcl(results: string, cases: string, ...flags: string[]): Promise<RunJson> {
  const { stdout, stderr, exitCode } = await runCommand(
    ["import", "bfcl", results, "--cases", cases, "--json", ...flags],
    { cwd },
  );
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as RunJson;
}

function fixture(category: string, kind: string): string {
  return join(FIXTURES, `${category}.${kind}.jsonl`);
}

function importFixture(category: string, model: string): Promise<RunJson> {
  const gold = category === "irrelevance" ? [] : ["--gold", fixture(category, "gold")];
  return importBfcl(fixture(category, `${model}.results`), fixture(category, "cases"), ...gold);
}

function estimate(report: RunJson, metric: string) {
  return report.estimates.find((one) => one.metric === metric);
}

function wrongIds(report: RunJson): readonly string[] {
  return report.cases
    .filter(({ trials }) => trials[0]?.scores["tool_calls.correct"]?.value !== 1)
    .map(({ goldenCase }) => goldenCase.id);
}

describe("agentctl import bfcl", () => {
  it.each([
    ["simple_python", "glyphh-ada-1.1"],
    ["simple_python", "airev-agent-0.8b"],
    ["irrelevance", "glyphh-ada-1.1"],
    ["irrelevance", "airev-agent-0.8b"],
  ])("agrees with BFCL's checker on %s of %s", async (category, model) => {
    const report = await importFixture(category, model);
    const { correct, n, accuracy } = expected[`public/bfcl/accuracy/${category}.${model}`] ?? {};
    for (const metric of ["tool_calls.correct", "task.success"]) {
      expect(estimate(report, metric)?.n).toBe(n);
      expect(estimate(report, metric)?.value).toBeCloseTo(accuracy ?? Number.NaN, 6);
    }
    expect((n ?? 0) - wrongIds(report).length).toBe(correct);
  });

  it.each(["simple_python", "irrelevance"])("has the latencies of %s in milliseconds", async (category) => {
    const report = await importFixture(category, "glyphh-ada-1.1");
    const seconds = expected[`public/bfcl/latency/${category}.glyphh-ada-1.1`] ?? {};
    for (const measure of ["mean", "p50", "p90", "p95"]) {
      expect(estimate(report, `latency.${measure}_ms`)?.value).toBeCloseTo((seconds[measure] ?? 0) * 1000, 1);
    }
    if (category === "simple_python") {
      expect(estimate(report, "latency.p99_ms")?.value).toBeCloseTo((seconds.p99 ?? 0) * 1000, 1);
    }
  });

  it("counts tokens of every result", async () => {
    const report = await importFixture("simple_python", "glyphh-ada-1.1");
    const lines = readFileSync(fixture("simple_python", "glyphh-ada-1.1.results"), "utf8").trim().split("\n");
    const tokens = lines.map((line) => JSON.parse(line) as Record<string, number>);
    const total = tokens.reduce((sum, one) => sum + one.input_token_count! + one.output_token_count!, 0);
    expect(estimate(report, "tokens.total")?.value).toBeCloseTo(total / lines.length, 6);
  });

  it("tells ints from floats as Python does, and says so", async () => {
    const report = await importFixture("simple_python", "glyphh-ada-1.1");
    const ints = ["simple_python_13", "simple_python_82", "simple_python_87", "simple_python_103"];
    expect(wrongIds(report)).toEqual(expect.arrayContaining(ints));
    expect(report.run.notes).toEqual([
      expect.stringContaining("4 calls have arguments of another Python type"),
    ]);
    const { stdout } = await runCommand(["trace", report.run.id, "simple_python_13"], { cwd });
    expect(stdout).toContain("calculate_area_under_curve");
  });
});

const AREA = {
  name: "geo.area",
  parameters: {
    type: "dict",
    properties: { side: { type: "integer" }, unit: { type: "string" } },
    required: ["side"],
  },
};

function caseOf(id: string) {
  return { id, question: [[{ role: "user", content: "How large?" }]], function: [AREA] };
}

function square(side: number) {
  return { "geo.area": { side: [side], unit: ["cm", ""] } };
}

function fileOf(name: string, lines: readonly unknown[]): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(
    path,
    lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"),
  );
  return path;
}

describe("the other categories", () => {
  const gold = [
    { id: "parallel_0", ground_truth: [square(1), square(2)] },
    { id: "parallel_1", ground_truth: [square(1), square(2)] },
    { id: "live_multiple_2-1-0", ground_truth: [square(3)] },
  ];
  const ids = [...gold.map(({ id }) => id), "live_irrelevance_0-0-0"];

  it("takes parallel calls in any order, names without dots and one file for all", async () => {
    const results = [
      { id: ids[0], result: [{ geo_area: '{"side": 2}' }, { geo_area: '{"side": 1, "unit": "CM"}' }] },
      { id: ids[1], result: [{ geo_area: '{"side": 2}' }] },
      { id: ids[2], result: [{ "geo.area": { side: 3 } }] },
      { id: ids[3], result: "I cannot help with that." },
    ];
    const report = await importBfcl(
      fileOf("results.jsonl", results),
      fileOf("cases.jsonl", ids.map(caseOf)),
      "--gold",
      fileOf("gold.jsonl", gold),
    );
    expect(wrongIds(report)).toEqual(["parallel_1"]);
  });

  it("does not take names without dots from Python text, nor floats for ints", async () => {
    const results = [
      { id: ids[0], result: "[geo.area(side=2), geo.area(side=1)]" },
      { id: ids[1], result: "[geo.area(side=2.0), geo.area(side=1)]" },
      { id: ids[2], result: "geo_area(side=3)" },
      { id: ids[3], result: "[geo.area(side=1)]" },
    ];
    const report = await importBfcl(
      fileOf("results.jsonl", results),
      fileOf("cases.jsonl", ids.map(caseOf)),
      "--gold",
      fileOf("gold.jsonl", gold),
    );
    expect(wrongIds(report)).toEqual(["parallel_1", "live_multiple_2-1-0", "live_irrelevance_0-0-0"]);
  });

  it("says which cases have no result", async () => {
    const report = await importBfcl(
      fileOf("results.jsonl", [{ id: "irrelevance_0", result: [] }]),
      fileOf("cases.jsonl", ["irrelevance_0", "irrelevance_1"].map(caseOf)),
    );
    expect(estimate(report, "tool_calls.correct")).toMatchObject({ value: 1, n: 1 });
    expect(report.run.notes).toEqual(["1 of 2 cases have no result and are not in the figures"]);
  });
});

describe("files that cannot be used", () => {
  it("names every problem with its line, and stores nothing", async () => {
    const cases = fileOf("cases.jsonl", [
      caseOf("simple_python_0"),
      caseOf("simple_java_1"),
      "{",
      caseOf("simple_python_0"),
    ]);
    const results = fileOf("results.jsonl", [
      { id: "simple_python_0", result: 5 },
      { id: "other_1", result: [] },
    ]);
    const { stderr, exitCode } = await runCommand(["import", "bfcl", results, "--cases", cases], { cwd });
    expect(exitCode).toBe(2);
    for (const problem of [
      'cases.jsonl:1 "simple_python_0" has no gold answer; name its file with --gold',
      'cases.jsonl:2 "simple_java_1" is of a category that calls alone do not settle',
      "cases.jsonl:3 expected one JSON object a line",
      'cases.jsonl:4 expected "id" to be unique; "simple_python_0" is also on line 1',
      "results.jsonl:1 `result`: expected",
      'results.jsonl:2 "other_1" is none of the cases',
    ]) {
      expect(stderr).toContain(problem);
    }
  });

  it("says in words what is missing when files are swapped", async () => {
    const [cases, gold] = [fixture("simple_python", "cases"), fixture("simple_python", "gold")];
    const args = ["import", "bfcl", cases, "--cases", gold, "--gold", cases];
    const { stderr, exitCode } = await runCommand(args, { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("gold.jsonl:1 `question` is missing; expected an array");
    expect(stderr).not.toMatch(/undefined|received/);
  });

  it("names a missing file", async () => {
    const { stderr, exitCode } = await runCommand(["import", "bfcl", "none.jsonl", "--cases", "none.jsonl"], {
      cwd,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("none.jsonl does not exist");
  });
});
