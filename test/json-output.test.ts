import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { calibrationSamples } from "./calibration-samples.js";
import { type Document, documentOf, isReleaseKind, kinds, problemsOf, seen } from "./json-documents.js";
import { startOpenaiServer } from "./openai-server.js";
import { copyOfFixture, startCli, temporaryFolder } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const root = join(import.meta.dirname, "..");
const GPT_4O = join(root, "datasets", "tau-airline", "recordings", "gpt-4o.jsonl");

interface RunReportDocument extends Document {
  readonly run: { readonly id: string };
  readonly cases: readonly {
    readonly goldenCase: { readonly id: string; readonly tags: readonly string[] };
    readonly trials: readonly { readonly status: string; readonly passed: boolean | null }[];
  }[];
}

function casesWith(
  report: RunReportDocument,
  test: (trial: RunReportDocument["cases"][number]["trials"][number]) => boolean,
): readonly string[] {
  return report.cases.filter((one) => one.trials.some(test)).map((one) => one.goldenCase.id);
}

describe("one JSON document on stdout", () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = temporaryFolder();
    await runCommand(["init"], { cwd });
    await runCommand(["eval", "--tag", "first"], { cwd });
  });

  it("init, in an empty folder and again", async () => {
    const empty = temporaryFolder();
    const first = await documentOf("init", ["init", "project"], { cwd: empty });
    expect(first).toMatchObject({ folder: "project", kept: [] });
    expect(first.created).toContain("agentctl.yaml");
    const again = await documentOf("init", ["init", "project"], { cwd: empty });
    expect(again.created).toEqual([]);
    expect(again.kept).toContain("agentctl.yaml");
  });

  it("eval and trace, on the starter suite", async () => {
    const report = (await documentOf("run-report", ["eval"], { cwd })) as RunReportDocument;
    const failed = casesWith(report, (trial) => trial.passed === false);
    expect(failed.length).toBeGreaterThan(3);
    const kinds = ["retrieved_chunks", "tool_calls", "model_calls", "transcript"];
    const found = new Set<string>();
    const tools = report.cases.filter((one) => one.goldenCase.tags.includes("tool-use"));
    const ids = tools.map((one) => one.goldenCase.id).slice(0, 4);
    for (const id of [...failed.slice(0, 4), "key-reset-01", ...ids]) {
      const trace = await documentOf("trace", ["trace", "latest", id], { cwd });
      expect(trace).toMatchObject({ case_id: id, run_id: report.run.id });
      for (const kind of kinds) if ((trace[kind] as unknown[]).length > 0) found.add(kind);
    }
    expect([...found].sort()).toEqual([...kinds].sort());
  });

  it("eval, trace and gate, on a recorded suite with an environment", async () => {
    const report = (await documentOf("run-report", ["eval", "--suite", "tau-airline", "--limit", "5"], {
      cwd,
    })) as RunReportDocument;
    const [failed = ""] = casesWith(report, (trial) => trial.passed === false);
    const trace = await documentOf("trace", ["trace", report.run.id, failed], { cwd });
    expect(trace.check).toMatchObject({ reward: 0 });
    const audit = await documentOf("audit", ["trace", report.run.id, failed, "--audit"], { cwd });
    expect(audit).toMatchObject({ verdict: "whole", problems: [] });
    const { exitCode } = await runCommand(["gate", report.run.id], { cwd });
    await documentOf("gate-report", ["gate", report.run.id], { cwd, exitCode: exitCode ?? -1 });
  });

  it("gate, runs show and report, on a stored run", async () => {
    await documentOf("gate-report", ["gate", "first"], { cwd });
    await documentOf("gate-check", ["gate", "check"], { cwd });
    await documentOf("gate-plan", ["gate", "plan", "--draws", "20"], { cwd });
    await documentOf("gate-explanation", ["gate", "explain", "faithfulness", "first"], { cwd });
    const shown = (await documentOf("run-report", ["runs", "show", "first"], { cwd })) as RunReportDocument;
    const { files } = await documentOf(
      "report-files",
      ["report", "first", "-o", "first.json", "-o", "first.html"],
      { cwd },
    );
    expect(files).toEqual([join(cwd, "first.json"), join(cwd, "first.html")]);
    const written = JSON.parse(readFileSync(join(cwd, "first.json"), "utf8")) as Document;
    expect(problemsOf(written)).toEqual([]);
    expect(written).toEqual(shown);
  });

  it("ci summary, annotations, outputs and comment", async () => {
    for (const verb of ["summary", "annotations", "outputs"] as const) {
      await documentOf(`ci-${verb}`, ["ci", verb, "first"], { cwd });
    }
    const none = await documentOf("ci-comment", ["ci", "comment", "first"], {
      cwd,
      env: { GITHUB_REPOSITORY: "octo/shop" },
    });
    expect(none).toEqual(expect.objectContaining({ action: "none", url: null }));
  });

  it("compare and runs trend", async () => {
    await runCommand(["eval", "--tag", "second"], { cwd });
    await documentOf("comparison", ["compare", "first", "second"], { cwd });
    await documentOf("run-report", ["eval", "--baseline", "first"], { cwd });
    await documentOf("metric-trend", ["runs", "trend", "task.success", "--by", "tag"], { cwd });
  });

  it("runs list, tag and rm", async () => {
    expect((await documentOf("run-list", ["runs", "list", "--tag", "nothing"], { cwd })).runs).toEqual([]);
    const report = (await documentOf("run-report", ["eval", "-n", "2"], { cwd })) as RunReportDocument;
    const { id } = report.run;
    const tagged = await documentOf("run-tag", ["runs", "tag", id, "good"], { cwd });
    expect(tagged).toMatchObject({ runId: id, tag: "good", isTagged: true, tags: ["good"] });
    const { runs } = await documentOf("run-list", ["runs", "list"], { cwd });
    expect((runs as { id: string }[]).map((run) => run.id)).toContain(id);
    const untagged = await documentOf("run-tag", ["runs", "tag", id, "good", "--remove"], { cwd });
    expect(untagged).toMatchObject({ isTagged: false, tags: [] });
    expect((await documentOf("removed-runs", ["runs", "rm", id, id], { cwd })).runIds).toEqual([id]);
    expect((await runCommand(["runs", "show", id], { cwd })).exitCode).toBe(2);
  });

  it("doctor", async () => {
    const { checks } = await documentOf("doctor-report", ["doctor", "--offline"], { cwd });
    expect((checks as unknown[]).length).toBeGreaterThan(10);
  });

  it("readiness", async () => {
    const { lists } = await documentOf("readiness", ["readiness"], { cwd });
    expect(lists).toHaveLength(5);
  });

  it("runs export and eval --changed", async () => {
    const exported = await documentOf("exported-run", ["runs", "export", "first", "-o", "x.jsonl"], { cwd });
    expect(exported).toMatchObject({ file: "x.jsonl", hasTrials: false });
    const { suites } = await documentOf("changed-suites", ["eval", "--changed", "-n", "2"], { cwd });
    expect(suites).toMatchObject([{ suite: "starter", isRun: true }]);
  });

  it("completion", async () => {
    const { script } = await documentOf("completion-script", ["completion", "bash"], { cwd });
    expect(script).toContain("complete -F");
  });

  it("metrics", async () => {
    const { metrics } = await documentOf("metric-list", ["metrics"], { cwd });
    expect((metrics as unknown[]).length).toBeGreaterThan(20);
    const shown = await documentOf("metric", ["metrics", "show", "faithfulness"], { cwd });
    expect(metrics).toContainEqual(expect.objectContaining({ name: shown.name, rules: shown.rules }));
  });

  it("dataset check, stats, power, diff, split, dedupe and sample", async () => {
    const set = "datasets/starter.jsonl";
    for (const verb of ["check", "stats", "power"] as const) {
      await documentOf(`dataset-${verb}`, ["dataset", verb, set], { cwd });
    }
    await documentOf("dataset-diff", ["dataset", "diff", set, set], { cwd });
    const holdout = ["dataset", "split", set, "--holdout", "20%", "-o", "split.jsonl"];
    await documentOf("dataset-split", holdout, { cwd });
    await documentOf("dataset-dedupe", ["dataset", "dedupe", set, "-o", "deduped.jsonl"], { cwd });
    await documentOf("dataset-sample", ["dataset", "sample", set, "-n", "3"], { cwd });
  });

  it("review, by its state", async () => {
    const state = ["review", "first", "--judge", "helpfulness", "--as", "ann", "--status"];
    const summary = await documentOf("review-summary", state, { cwd });
    expect(summary).toMatchObject({ annotator: "ann", progress: { done: 0 }, wanted: 30 });
  });

  it("review serve, when it begins", async () => {
    const serve = ["review", "serve", "first", "--judge", "helpfulness", "--json"];
    const server = startCli(serve, { cwd, env: { FORCE_COLOR: "1" } });
    server.stdout?.once("data", () => server.kill("SIGINT"));
    const { stdout, exitCode } = await server;
    const document = JSON.parse(stdout) as Document;
    expect({ exitCode, problems: problemsOf(document) }).toEqual({ exitCode: 0, problems: [] });
    expect(document).toMatchObject({ schema: "agentctl/review-server", mode: "label" });
  });

  it("view, when it begins", async () => {
    const server = startCli(["view", "--json"], { cwd, env: { FORCE_COLOR: "1" } });
    server.stdout?.once("data", () => server.kill("SIGINT"));
    const { stdout, exitCode } = await server;
    const document = JSON.parse(stdout) as Document;
    expect({ exitCode, problems: problemsOf(document) }).toEqual({ exitCode: 0, problems: [] });
    expect(document).toMatchObject({ schema: "agentctl/view-server" });
  });

  it("judge agreement, with two raters and with one", async () => {
    const row = { people: "A", judge: null, swapped: "tie" };
    writeFileSync(join(cwd, "labels.jsonl"), `${JSON.stringify(row)}\n`);
    const raters = ["--a", "people", "--b", "judge", "--swapped", "swapped"];
    const both = await documentOf("rater-agreement", ["judge", "agreement", "labels.jsonl", ...raters], {
      cwd,
    });
    expect(both.groups).toMatchObject([{ rows: 1, invalid: 1, agreement: { n: 0, agreement: null } }]);
    const alone = ["judge", "agreement", "labels.jsonl", "--a", "people"];
    const one = await documentOf("rater-agreement", alone, { cwd });
    expect(one.groups).toMatchObject([{ majority: { category: "A", accuracy: 1 }, agreement: null }]);
  });

  it("import of labels and verdicts, and export of labels", async () => {
    const row = { id: "1", label: "good", said: "good" };
    writeFileSync(join(cwd, "said.jsonl"), `${JSON.stringify(row)}\n`);
    const item = ["said.jsonl", "--rubric", "tone_of_voice", "--item", "id"];
    const labels = ["import", "labels", ...item, "--value", "label", "--by", "ann"];
    expect(await documentOf("imported-labels", labels, { cwd })).toMatchObject({ added: 1 });
    const verdicts = ["import", "verdicts", ...item, "--value", "said", "--judge", "gpt"];
    const words = await documentOf("imported-verdicts", [...verdicts, "--map", "fine=good"], { cwd });
    expect(words).toMatchObject({ added: 1, unmappedWords: [] });
    const exported = await documentOf("exported-labels", ["judge", "export", "--rubric", "tone_of_voice"], {
      cwd,
    });
    expect(exported.entries).toMatchObject([{ item: "1", author: "ann", value: "good" }]);
  });

  it("judge run, of grades and of pairs", async () => {
    const graded = ["judge", "run", "first", "--judge", "baseline_helpfulness", "--quiet"];
    const grades = await documentOf("judge-run", graded, { cwd });
    expect(grades).toMatchObject({ flips: null, calls: 0, estimate: { unit: "rating" } });
    writeFileSync(
      join(cwd, "judges", "words.yaml"),
      'version: 1\nname: words\nrubric: { version: "1", text: "Which is better?" }\nscale: { kind: pairwise }\nheuristic: lexical_helpfulness\n',
    );
    const pair = [
      "judge",
      "run",
      "first",
      "--against",
      "first",
      "--judge",
      "words",
      "--limit",
      "2",
      "--quiet",
    ];
    const pairs = await documentOf("judge-run", pair, { cwd });
    expect(pairs).toMatchObject({ flips: 0, run: null, stoppedBy: "limit", estimate: { value: 0.5 } });
  });

  it("judge calibrate, of pairs, of grades and of nothing, and judge list", async () => {
    const judged = calibrationSamples();
    const pairs = await documentOf("judge-calibration", ["judge", "calibrate", "pairs"], { cwd: judged });
    expect(pairs).toMatchObject({ order: { position: { n: 12 } }, lengthBias: { kind: "pairs" } });
    const graded = ["judge", "calibrate", "grades", "--weights", "linear"];
    const grades = await documentOf("judge-calibration", graded, { cwd: judged });
    expect(grades).toMatchObject({ lengthBias: { kind: "grades" }, people: { pairs: [{ n: 12 }] } });
    expect(grades.retest).not.toBeNull();
    const none = ["judge", "calibrate", "pairs", "--rubric", "none", "--quiet"];
    expect(await documentOf("judge-calibration", none, { cwd: judged })).toMatchObject({
      verdict: "unusable",
    });
    const { judges } = await documentOf("judge-list", ["judge", "list"], { cwd: judged });
    expect(judges).toMatchObject([
      { judge: "grades", state: "advisory" },
      { judge: "pairs", state: "unusable" },
    ]);
  });

  it("judge compare, of what changed and of nothing, judge drift and judge estimate", async () => {
    const row = { id: "1", label: "good", right: "good", wrong: "bad" };
    writeFileSync(join(cwd, "two.jsonl"), `${JSON.stringify(row)}\n`);
    const item = ["two.jsonl", "--rubric", "two", "--item", "id"];
    await documentOf("imported-labels", ["import", "labels", ...item, "--value", "label", "--by", "ann"], {
      cwd,
    });
    for (const judge of ["right", "wrong"]) {
      const verdicts = ["import", "verdicts", ...item, "--value", judge, "--judge", judge];
      await documentOf("imported-verdicts", verdicts, { cwd });
    }
    const compare = ["judge", "compare", "right", "wrong"];
    const changed = await documentOf("judge-comparison", compare, { cwd });
    expect(changed).toMatchObject({ n: 1, changed: [{ change: "lost", truth: "good" }] });
    await documentOf("judge-comparison", [...compare, "--rubric", "none"], { cwd, exitCode: 4 });
    const drift = ["judge", "drift", "right"];
    expect(await documentOf("judge-drift", drift, { cwd, exitCode: 4 })).toMatchObject({ last: null });
    const estimate = ["judge", "estimate", "first", "--judge", "baseline_helpfulness"];
    expect(await documentOf("judge-estimate", estimate, { cwd })).toMatchObject({ labels: { used: 0 } });
  });

  it("import csv, into a golden set and a run, and several runs of promptfoo", async () => {
    const fixtures = join(import.meta.dirname, "fixtures", "imports");
    const csv = [
      "import",
      "csv",
      join(fixtures, "tickets.csv"),
      "--map",
      "id=ticket",
      "--map",
      "input=question",
    ];
    await documentOf("imported-dataset", [...csv, "--dataset", "tickets.jsonl"], { cwd });
    await documentOf("run-report", [...csv, "--map", "trial=epoch", "--map", "score.success=passed"], {
      cwd,
    });
    await documentOf("run-list", ["import", "promptfoo", join(fixtures, "promptfoo", "results.json")], {
      cwd,
    });
  });

  it("import tau and trace, with a simulation that crashed", async () => {
    const lines = readFileSync(GPT_4O, "utf8").split("\n").slice(0, 6);
    const crashed = { task_id: 40, trial: 0, reward: 0, error: "connection reset", messages: [] };
    writeFileSync(join(cwd, "results.jsonl"), [...lines, JSON.stringify(crashed)].join("\n"));
    const report = (await documentOf(
      "run-report",
      ["import", "tau", "results.jsonl", "--domain", "airline", "--cassette", "imported.jsonl"],
      { cwd },
    )) as RunReportDocument;
    const [broken = ""] = casesWith(report, (trial) => trial.status === "error");
    const [whole = ""] = casesWith(report, (trial) => trial.status === "completed");
    for (const id of [broken, whole]) await documentOf("trace", ["trace", report.run.id, id], { cwd });
  });
});

describe("one JSON document on stdout, with a real endpoint", () => {
  let server: Awaited<ReturnType<typeof startOpenaiServer>>;
  let cwd: string;
  beforeAll(async () => {
    server = await startOpenaiServer({ delayMs: 1, text: "It is forty-two." });
    cwd = copyOfFixture("small");
    const agent = join(cwd, "agent.yaml");
    writeFileSync(agent, readFileSync(agent, "utf8").replace("http://127.0.0.1:1/v1", server.baseUrl));
  });
  afterAll(() => server.close());

  it("that answers, answers from the cache, and is gone", async () => {
    await documentOf("run-report", ["eval"], { cwd });
    const trace = await documentOf("trace", ["trace", "latest", "case-01"], { cwd });
    expect(trace.model_calls).toMatchObject([{ speaker: "agent", cached: false }]);
    await documentOf("run-report", ["eval"], { cwd });
    const cached = await documentOf("trace", ["trace", "latest", "case-01"], { cwd });
    expect(cached.model_calls).toMatchObject([{ cached: true }]);
    await server.close();
    const broken = await documentOf("run-report", ["eval", "--no-cache", "-n", "2"], { cwd, exitCode: 3 });
    expect(broken.totals).toMatchObject({ errors: 2, completed: 0 });
    const failed = await documentOf("trace", ["trace", "latest", "case-01"], { cwd });
    expect(failed).toMatchObject({ status: "error", passed: null, answer: null });
    expect(await documentOf("gate-report", ["gate"], { cwd, exitCode: 3 })).toMatchObject({
      verdict: "error",
    });
  });
});

it("an index is built and searched as documents", async () => {
  const cwd = temporaryFolder();
  cpSync(join(root, "datasets", "handbook"), join(cwd, "handbook"), { recursive: true });
  writeFileSync(join(cwd, "cases.jsonl"), '{"id":"a","input":"hello"}\n');
  writeFileSync(
    join(cwd, "agent.yaml"),
    `name: a
prompt: { version: "1", text: x }
model: { provider: embedded, name: embedded-v1 }
retrieval: { documents: handbook, index: { name: handbook }, grounding: {} }
`,
  );
  const suites = "suites:\n  s: { dataset: cases.jsonl, agent: agent.yaml }\n";
  writeFileSync(join(cwd, "agentctl.yaml"), `version: 1\ndefault_suite: s\n${suites}`);
  expect(await documentOf("index-build", ["index", "build"], { cwd })).toMatchObject({ dimensions: 0 });
  const found = await documentOf("index-search", ["index", "search", "lost second factor"], { cwd });
  expect(found.passages).toMatchObject({ 0: { documentId: "account-access" } });
});

it("memory: facts, what was forgotten, a receipt and its check", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "cases.jsonl"), '{"id":"a","input":"hello"}\n');
  writeFileSync(
    join(cwd, "agent.yaml"),
    `name: a
prompt: { version: "1", text: x }
model: { provider: embedded, name: embedded-v1 }
identity: { user: ada }
memory: {}
`,
  );
  const suites = "suites:\n  s: { dataset: cases.jsonl, agent: agent.yaml }\n";
  writeFileSync(join(cwd, "agentctl.yaml"), `version: 1\ndefault_suite: s\n${suites}`);
  const chat = startCli(["chat"], { cwd });
  chat.stdin?.end("I prefer letters. I live in Oslo.\n");
  await chat;
  const user = ["--user", "ada"];
  const { facts } = await documentOf("memory-list", ["memory", "show", ...user], { cwd });
  expect(facts).toContainEqual(expect.objectContaining({ text: "prefers letters", isCurrent: true }));
  const query = ["memory", "forget", ...user, "--query", "Oslo", "--yes"];
  expect(await documentOf("forgotten-facts", query, { cwd })).toMatchObject({ facts: 2 });
  const receipt = await documentOf("deletion-receipt", ["memory", "forget", ...user, "--yes"], { cwd });
  writeFileSync(join(cwd, "receipt.json"), JSON.stringify(receipt));
  const verify = ["memory", "verify-receipt", "receipt.json", ...user];
  expect(await documentOf("receipt-check", verify, { cwd })).toMatchObject({ isForUser: true, isOurs: true });
});

it("has shown a document of every kind", () => {
  expect([...seen].sort()).toEqual(kinds.filter((kind) => !isReleaseKind(kind)).sort());
});
