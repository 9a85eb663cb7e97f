import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { GateReport, GateResult } from "../src/gates/gate-report.js";
import { gateReport } from "../src/report/schemas/gate-report.js";
import { type OpenaiServer, startOpenaiServer } from "./openai-server.js";
import { copyOfFixture } from "./run-cli.js";
import { runCommand } from "./run-command.js";

let server: OpenaiServer;
let cwd: string;
/** Questions that get a wrong answer: the n-th wrong one for as many requests as told. */
let wrongAnswers: Map<string, number>;

const RIGHT = "forty-two";
const APPROVED = { status: "approved", by: "ana", at: "2026-11-02" };

beforeEach(async () => {
  wrongAnswers = new Map();
  server = await startOpenaiServer({ delayMs: 1, text: "", textOf: answerTo });
  cwd = copyOfFixture("small");
  const agent = join(cwd, "agent.yaml");
  writeFileSync(agent, readFileSync(agent, "utf8").replace("http://127.0.0.1:1/v1", server.baseUrl));
  const cases = Array.from({ length: 12 }, (_, index) => ({
    id: `case-${index + 1}`,
    input: `Question number ${index + 1}?`,
    expect: { must_include: [RIGHT] },
    risk: index < 4 ? "high" : "low",
    tags: index < 2 ? ["regression"] : [],
    ...(index < 3 ? { review: APPROVED } : {}),
  }));
  writeFileSync(join(cwd, "cases.jsonl"), cases.map((one) => `${JSON.stringify(one)}\n`).join(""));
});

afterEach(() => server.close());

function answerTo(body: string): string {
  const question = /Question number \d+\?/.exec(body)?.[0] ?? "";
  const left = wrongAnswers.get(question) ?? 0;
  wrongAnswers.set(question, left - 1);
  return left > 0 ? "No idea." : `It is ${RIGHT}.`;
}

async function evaluate(trials: number, wrong: { readonly [number: number]: number } = {}): Promise<void> {
  wrongAnswers = new Map(Object.entries(wrong).map(([id, count]) => [`Question number ${id}?`, count]));
  const { exitCode, stderr } = await runCommand(["eval", "--no-cache", "--trials", String(trials)], { cwd });
  expect(exitCode, stderr).toBe(0);
}

async function gate(...lines: readonly string[]) {
  writeFileSync(join(cwd, "gates.yaml"), ["version: 1", ...lines, ""].join("\n"));
  const { stdout, stderr, exitCode } = await runCommand(["gate", "--json"], { cwd });
  const document: unknown = stdout === "" ? null : JSON.parse(stdout);
  if (document !== null) {
    const { schema: _, version: __, ...report } = document as { schema: string; version: number };
    gateReport.parse(report);
  }
  return { exitCode, stderr, report: document as GateReport };
}

function resultsOf(report: GateReport): Pick<GateResult, "name" | "verdict">[] {
  return report.results.map(({ name, verdict }) => ({ name, verdict }));
}

describe("gates on the run itself", () => {
  it("judge coverage, cases that must pass and budgets", async () => {
    await evaluate(3, { 1: 1, 3: 3 });
    const { report, exitCode } = await gate(
      "gates:",
      '  - { coverage: reviewed, where: "risk = high", min: 0.75 }',
      '  - { coverage: reviewed, where: "risk = high", min: 1, name: all reviewed }',
      "  - { coverage: cases, by: risk, min: 5 }",
      '  - { coverage: cases, where: "risk = critical", min: 1 }',
      "  - { coverage: scored, metric: task.success, min: 1 }",
      "  - { must_pass: [case-1, case-2], trials: majority, name: kept }",
      '  - { must_pass: "tag = regression" }',
      '  - { must_pass: "risk = low" }',
      "  - { must_pass: [case-77], name: unknown }",
      "  - { budget: usd, max: 0.0072 }",
      "  - { budget: usd, max: 0.0071, name: too dear }",
      "  - { budget: tokens, max: 3960 }",
      "  - { budget: seconds, max: 600 }",
      "  - { metric: task.success, trend: not-falling, runs: 3 }",
    );
    expect(exitCode).toBe(1);
    expect(resultsOf(report)).toEqual([
      { name: "coverage reviewed where risk = high", verdict: "pass" },
      { name: "all reviewed", verdict: "fail" },
      { name: "coverage cases by risk", verdict: "fail" },
      { name: "coverage cases where risk = critical", verdict: "fail" },
      { name: "coverage scored", verdict: "pass" },
      { name: "kept", verdict: "pass" },
      { name: "must pass tag = regression", verdict: "fail" },
      { name: "must pass risk = low", verdict: "pass" },
      { name: "unknown", verdict: "inconclusive" },
      { name: "budget usd", verdict: "pass" },
      { name: "too dear", verdict: "fail" },
      { name: "budget tokens", verdict: "pass" },
      { name: "budget seconds", verdict: "pass" },
      { name: "task.success trend", verdict: "inconclusive" },
    ]);
    expect(report.results[1]?.cases).toEqual([{ caseId: "case-4", note: "has no review" }]);
    expect(report.results[6]?.cases).toEqual([{ caseId: "case-1", note: "failed in 1 of 3 trials" }]);
    // 36 trials of 100 input tokens at $1 and 10 output tokens at $10 a million.
    expect(report.results[9]?.estimate?.value).toBeCloseTo(0.0072, 12);

    const refused = await gate("gates:", '  - { coverage: cases, where: "risk = hgih", min: 1 }');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(
      "gates.yaml:3 `where` asks for risk `hgih`, which no case has; did you mean `high`?",
    );
  });

  it("see a metric fall run after run, and stand still", async () => {
    const rule = ["gates:", "  - { metric: task.success, trend: not-falling, runs: 3 }"];
    await evaluate(1);
    await evaluate(1, { 1: 1 });
    await evaluate(1, { 1: 1, 2: 1 });
    const fallen = await gate(...rule);
    expect(fallen.exitCode).toBe(1);
    expect(fallen.report.results[0]?.reason).toContain("oldest first: 1, 0.9167, 0.8333.");
    expect(fallen.report.results[0]?.reason).toContain("1 time in 6");
    await evaluate(1, { 1: 1, 2: 1 });
    expect((await gate(...rule)).exitCode).toBe(0);
  });

  it("list a flaky case apart, and count it", async () => {
    const rules = ["flaky: { history: 10 }", "gates:", "  - { metric: task.success, min: 1 }"];
    await evaluate(6);
    await evaluate(6, { 7: 3 });
    const { report, exitCode } = await gate(...rules);
    expect(exitCode).toBe(1);
    expect(report.results[0]?.estimate?.value).toBeCloseTo(69 / 72, 12);
    expect(report.flaky).toMatchObject([{ caseId: "case-7", passed: 3, trials: 6, historyRate: 0 }]);
    expect(report.notes.join("\n")).toContain("without them the verdict would be pass.");
  });
});
