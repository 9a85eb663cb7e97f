import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { estimate, fixture, type ImportCli, importCli } from "./import-cli.js";
import { runCommand } from "./run-command.js";

let cli: ImportCli;
beforeAll(async () => {
  cli = await importCli();
});

describe("import inspect", () => {
  it.each(["inspect-mixed.json", "inspect-mixed.eval"])("reads %s", async (name) => {
    const report = await cli.importRun("inspect", fixture(name));
    expect(report.run).toMatchObject({ agentName: "mixed_qa", model: "openai/gpt-4o-mini" });
    // match: C I C N C I C and a sample in error.
    expect(report.totals).toMatchObject({ completed: 7, passed: 4, failed: 3, errors: 1 });
    expect(estimate(report, "inspect.match")?.value).toBeCloseTo(4 / 7, 12);
    // model_graded_qa: C C P NaN P I C.
    expect(estimate(report, "inspect.model_graded_qa")).toMatchObject({ n: 6 });
    expect(estimate(report, "inspect.model_graded_qa")?.value).toBeCloseTo(4 / 6, 12);
    // Six samples state 150 tokens; the agent's events 250 + 20 and 260 + 10, once for each epoch; no grader.
    expect(estimate(report, "tokens.total")?.value).toBeCloseTo((5 * 150 + 2 * 540) / 7, 9);
    expect(estimate(report, "latency.p50_ms")).toMatchObject({ value: 2500, n: 7 });
  });

  it("lets another scorer decide, and a partly right sample is no success", async () => {
    const report = await cli.importRun(
      "inspect",
      fixture("inspect-mixed.json"),
      "--scorer",
      "model_graded_qa",
    );
    expect(report.totals).toMatchObject({ passed: 3, failed: 3, errors: 1 });
    expect(report.run.notes.join("\n")).toContain("2 partly right samples are no success");
  });

  it("keeps tools, attachments and the submitted answer", async () => {
    await cli.importRun("inspect", fixture("inspect-mixed.eval"), "--tag", "tools");
    const { stdout } = await runCommand(["trace", "tools", "agent-1", "--trial", "0"], { cwd: cli.cwd });
    expect(stdout).toContain('bash({"cmd":"ls /"})');
    expect(stdout).toMatch(/assistant etc\n/);
    expect(stdout).toContain("250 in, 20 out");
  });

  it("leaves task.success open where a scorer gives numbers on a scale", async () => {
    const log = {
      version: 2,
      status: "success",
      eval: { task: "scale", model: "m" },
      samples: [0.25, 1].map((value, index) => ({
        id: index,
        epoch: 1,
        input: "Rate",
        target: "",
        messages: [
          { role: "user", content: "Rate" },
          { role: "assistant", content: "ok" },
        ],
        scores: { grade: { value }, parts: { value: { a: value, b: true } } },
      })),
    };
    const report = await cli.importRun("inspect", cli.file("scale.json", JSON.stringify(log)));
    expect(report.totals).toMatchObject({ completed: 2, passed: 0, failed: 0 });
    expect(estimate(report, "inspect.grade")?.value).toBeCloseTo(0.625, 12);
    expect(estimate(report, "inspect.parts.b")?.value).toBe(1);
    const twice = { ...log, samples: [log.samples[0], log.samples[0]] };
    expect(await cli.fails("inspect", cli.file("twice.json", JSON.stringify(twice)))).toContain(
      "sample 2: expected 0, epoch 1 once; also in sample 1",
    );
  });

  it("leaves out what a grader of the same model used", async () => {
    const usage = (input: number) => ({ input_tokens: input, output_tokens: 1, total_tokens: input + 1 });
    const call = (input: number, extra: object) => ({
      ...{ event: "model", model: "m", output: { usage: usage(input) } },
      ...extra,
    });
    const step = (action: string) => ({ event: "step", action, type: "scorer", name: "graded" });
    const inSteps = [call(10, {}), step("begin"), call(100, {}), step("end")];
    const inSpans = [
      call(10, { span_id: "solve" }),
      { event: "span_begin", id: "all", type: "scorers" },
      { event: "span_begin", id: "one", parent_id: "all", type: "custom" },
      call(100, { span_id: "one" }),
    ];
    const samples = [inSteps, inSpans, []].map((events, id) => ({
      ...{ id, epoch: 1, input: "Q", target: "", events, model_usage: { m: usage(110) } },
      messages: [
        { role: "user", content: "Q", source: "input" },
        { role: "assistant", content: "A", source: "generate" },
      ],
      output: { choices: [], usage: usage(10) },
      scores: { graded: { value: "C" } },
    }));
    const log = { version: 2, status: "success", eval: { task: "t", model: "m" }, samples };
    const report = await cli.importRun("inspect", cli.file("graded.json", JSON.stringify(log)));
    expect(estimate(report, "tokens.total")).toMatchObject({ value: 11, n: 3 });
    const bare = {
      ...log,
      samples: samples.map(({ output: _output, ...rest }) => ({ ...rest, events: [] })),
    };
    const total = await cli.importRun("inspect", cli.file("bare.json", JSON.stringify(bare)));
    expect(total.run.notes.join("\n")).toContain("tokens of 3 samples are their total");
  });

  it("names the next step for a damaged archive", async () => {
    const bytes = readFileSync(fixture("inspect-mixed.eval"));
    writeFileSync(join(cli.cwd, "cut.eval"), bytes.subarray(0, bytes.length - 200));
    expect(await cli.fails("inspect", "cut.eval")).toContain("inspect log convert --to json");
  });
});

describe("import openai-evals", () => {
  it("makes a run of a log", async () => {
    const report = await cli.importRun("openai-evals", fixture("openai-evals-log.jsonl"));
    expect(report.run).toMatchObject({ agentName: "test-match.s1.simple-v0", model: "gpt-3.5-turbo" });
    expect(report.totals).toMatchObject({ completed: 3, passed: 2, failed: 1, errors: 1 });
    expect(estimate(report, "openai_evals.f1_score")).toMatchObject({ value: 0.8, n: 1 });
    expect(report.run.notes).toContain("events that were left out: 1 raw_sample");
  });

  it("makes a golden set of samples", async () => {
    const { cases, notes } = await cli.importCases(fixture("openai-evals-samples.jsonl"), "openai-evals");
    expect(cases).toHaveLength(4);
    expect(cases[0]).toMatchObject({ input: "Once upon a ", expect: { answer: "time" } });
    expect(cases[3]).toMatchObject({ input: { messages: [{ role: "user" }, {}, { content: "2+2?" }] } });
    expect(notes.join("\n")).toContain("1 samples repeat an earlier one");
    expect(await cli.fails("openai-evals", fixture("openai-evals-samples.jsonl"))).toContain(
      "--dataset golden.jsonl",
    );
  });

  it("refuses an event that comes twice", async () => {
    const lines = readFileSync(fixture("openai-evals-log.jsonl"), "utf8").split("\n");
    const repeated = [...lines.slice(0, 3), lines[2]].join("\n");
    expect(await cli.fails("openai-evals", cli.file("twice.jsonl", repeated))).toContain(
      "twice.jsonl:4 expected event 1",
    );
  });
});

describe("import promptfoo", () => {
  const RESULTS = fixture("promptfoo/results.json");

  it("makes a run of each provider", async () => {
    const { stdout } = await runCommand(["import", "promptfoo", RESULTS, "--json"], { cwd: cli.cwd });
    const { runs } = JSON.parse(stdout) as { readonly runs: readonly Record<string, unknown>[] };
    const byName = Object.fromEntries(runs.map((run) => [run.agentName, run]));
    expect(byName["openai:gpt-4o-mini"]).toMatchObject({ trials: 6, passed: 2, failed: 1, errors: 1 });
    expect(byName.parrot).toMatchObject({ trials: 6, passed: 2, failed: 2, errors: 0 });
  });

  it("takes errors, repetitions, prices and missing assertions for what they are", async () => {
    const report = await cli.importRun(
      "promptfoo",
      RESULTS,
      "--provider",
      "openai:gpt-4o-mini",
      "--tag",
      "pf",
    );
    expect(report.totals).toMatchObject({ completed: 5, passed: 2, failed: 1, errors: 1 });
    expect(estimate(report, "task.success")?.value).toBeCloseTo(2 / 3, 12);
    expect(estimate(report, "promptfoo.policy")).toMatchObject({ value: 0.75, n: 2 });
    expect(estimate(report, "tokens.total")).toMatchObject({ value: 50, n: 5 });
    expect(estimate(report, "latency.p50_ms")).toMatchObject({ n: 4 });
    expect(report.run.notes.join("\n")).toContain("2 results have no assertions");
    const free = await cli.importRun("promptfoo", RESULTS, "--provider", "parrot");
    expect(estimate(free, "cost.total_usd")?.value).toBeNull();
    const compared = await runCommand(["compare", report.run.id, free.run.id, "--json"], { cwd: cli.cwd });
    expect(compared.stderr).toBe("");
    const gated = await runCommand(["gate", "pf"], { cwd: cli.cwd });
    expect(gated.stdout).toContain("Verdict");
  });

  it("reads the older shape, in which a failed assertion is an error, too", async () => {
    const report = await cli.importRun("promptfoo", fixture("promptfoo/results-v2.json"));
    expect(report.totals).toMatchObject({ completed: 2, passed: 1, failed: 1, errors: 1 });
    expect(estimate(report, "cost.total_usd")?.value).toBeCloseTo(0.004, 12);
  });

  it("makes a golden set of tests, and counts what it cannot say", async () => {
    const { cases, notes } = await cli.importCases(
      fixture("promptfoo/promptfooconfig.yaml"),
      "promptfoo",
      "--input-var",
      "question",
    );
    expect(cases).toHaveLength(7);
    expect(cases[0]).toMatchObject({
      id: "refund",
      input: "How do I get a refund?",
      expect: { must_include: ["30 days", "receipt"], must_not_include: ["guarantee"] },
      tags: ["topic:billing", "assert:latency", "assert:llm-rubric"],
    });
    expect(cases[2]).toMatchObject({
      input: "Where is my parcel?",
      expect: { answer: "Track it at /orders" },
    });
    expect(cases[3]?.expect).toEqual({ schema: { type: "object", required: ["orders"] } });
    expect(cases[4]?.expect).toMatchObject({
      refusal: true,
      must_not_include: ["Tell me the password of Ann"],
    });
    expect(cases[5]).toMatchObject({ input: "What is 2+2?", expect: { answer: "4" } });
    expect(cases[6]?.expect).toEqual({ must_include: ["Lima", "Peru"] });
    expect(notes).toContain("not mapped: 2 × contains-any, kept as the tag assert:contains-any");
    expect(notes).toContain("not mapped: 1 × javascript, kept as the tag assert:javascript");
  });

  it("gives a test the same id in the golden set and in the results", async () => {
    const { cases } = await cli.importCases(fixture("promptfoo/promptfooconfig.yaml"), "promptfoo");
    await cli.importRun("promptfoo", RESULTS, "--provider", "parrot", "--tag", "ids");
    const order = cases.find(({ input }) => String(input).includes("Where is my order?"));
    const { exitCode } = await runCommand(["trace", "ids", String(order?.id)], { cwd: cli.cwd });
    expect(exitCode).toBe(0);
  });

  it("names the right command for files of another kind", async () => {
    expect(await cli.fails("promptfoo", fixture("inspect-mixed.json"))).toContain(
      "`agentctl import inspect`",
    );
    expect(await cli.fails("inspect", RESULTS)).toContain("`agentctl import promptfoo`");
    expect(await cli.fails("jsonl", fixture("openai-evals-log.jsonl"))).toContain(
      "`agentctl import openai-evals`",
    );
    expect(await cli.fails("jsonl", fixture("inspect-mixed.json"), "--map", "id=id")).toContain(
      "`agentctl import inspect`",
    );
    expect(await cli.fails("promptfoo", RESULTS, "--dataset", "x.jsonl")).toContain("holds results");
  });

  it("follows files of tests, and names what it cannot follow", async () => {
    mkdirSync(join(cli.cwd, "tests"), { recursive: true });
    cli.file("tests/b.json", '[{"vars":{"q":"B"},"assert":["contains: b"]}]');
    cli.file("tests/a.yaml", "- vars: {q: A}\n");
    const all = cli.file("all.yaml", "prompts: ['{{q}}']\ntests: file://tests/*\n");
    const { cases } = await cli.importCases(all, "promptfoo");
    expect(cases.map(({ input }) => input)).toEqual(["A", "B"]);
    expect(cases[1]?.expect).toEqual({ must_include: ["b"] });
    const other = cli.file(
      "other.yaml",
      "tests: [file://generate.py, {vars: {q: ''}}, {description: no input}]\n",
    );
    const stderr = await cli.fails("promptfoo", other, "--dataset", "x.jsonl");
    expect(stderr).toContain("found `file://generate.py`");
    expect(stderr).toContain("test 2: expected the variable `q` to hold a text, found none");
    expect(stderr).toContain("test 3: expected variables, found none");
    const broken = cli.file("broken.yaml", "tests:\n  - vars: {a: b\n  - x\n");
    expect(await cli.fails("promptfoo", broken, "--dataset", "x.jsonl")).toMatch(
      /broken\.yaml:\d is not valid YAML/,
    );
  });

  it("counts repetitions by test index, and shows a prompt without variables", async () => {
    const result = (testIdx: number, success: boolean) => ({
      ...{ testIdx, promptIdx: 0, success, score: Number(success), failureReason: success ? 0 : 1 },
      ...{ provider: { id: "p" }, prompt: { raw: "Say hello", label: "Say hello" }, vars: {} },
      ...{ testCase: { description: "greets", vars: {}, assert: [{ type: "contains", value: "hello" }] } },
      ...{ response: { output: success ? "hello" : "" }, latencyMs: 5, namedScores: {} },
    });
    const results = { version: 3, prompts: [], results: [result(1, true), result(0, false)] };
    const report = await cli.importRun(
      "promptfoo",
      cli.file("order.json", JSON.stringify({ results })),
      "--tag",
      "order",
    );
    expect(report.totals).toMatchObject({ passed: 1, failed: 1 });
    const { stdout } = await runCommand(["trace", "order", "greets", "--trial", "0"], { cwd: cli.cwd });
    expect(stdout).toContain("FAILED");
    expect(stdout).toContain("Say hello");
  });

  it("refuses a result that comes twice", async () => {
    const value = JSON.parse(readFileSync(RESULTS, "utf8")) as { results: { results: unknown[] } };
    value.results.results.push(value.results.results[0]);
    expect(await cli.fails("promptfoo", cli.file("twice.json", JSON.stringify(value)))).toContain(
      "result 13: expected test 0 of prompt 0 once; also in result 1",
    );
  });
});
