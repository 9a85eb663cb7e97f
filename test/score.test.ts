import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type JudgeServer, startJudgeServer } from "./judge-server.js";
import { initialisedProject, startCli } from "./run-cli.js";
import { runCommand } from "./run-command.js";

interface RunDocument {
  readonly run: {
    readonly id: string;
    readonly agentVersion: string;
    readonly datasetHash: string;
    readonly notes: readonly string[];
    readonly judges: readonly { readonly metric: string; readonly version: string }[];
    readonly invocation: { readonly score?: { readonly [key: string]: unknown } };
  };
  readonly totals: { readonly planned: number; readonly passed: number };
  readonly estimates: readonly {
    readonly metric: string;
    readonly value: number | null;
    readonly n: number;
    readonly unscored: { readonly [reason: string]: number };
  }[];
  readonly cases: readonly {
    readonly goldenCase: { readonly id: string };
    readonly trials: readonly {
      readonly scores: {
        readonly [metric: string]: { readonly value: number | null; readonly detail?: string };
      };
    }[];
  }[];
}

const FIXTURES = join(import.meta.dirname, "fixtures");

let cwd: string;
let first: RunDocument;
beforeAll(async () => {
  cwd = await initialisedProject();
  first = JSON.parse((await runCommand(["eval", "--tag", "first", "--json"], { cwd })).stdout);
});

async function score(args: readonly string[], env: { readonly [name: string]: string } = {}) {
  const result = await runCommand(["score", "first", ...args, "--json"], { cwd, env });
  return { ...result, document: result.stdout === "" ? null : (JSON.parse(result.stdout) as RunDocument) };
}

function estimateIn(document: RunDocument | null, metric: string) {
  return document?.estimates.find((one) => one.metric === metric);
}

async function runCount(): Promise<number> {
  const { stdout } = await runCommand(["runs", "list", "--json"], { cwd });
  return (JSON.parse(stdout) as { runs: unknown[] }).runs.length;
}

it("a run that was scored again is not gone on with", async () => {
  const { document } = await score([]);
  const { stderr, exitCode } = await runCommand(["eval", "--resume", document?.run.id ?? ""], { cwd });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 2 });
  expect(stderr).toContain("holds trials of another run, scored again");
});

describe("agentctl score, without a judge", () => {
  it("gives the same figures as eval by the same metrics, as a new run", async () => {
    const { document, exitCode } = await score(["--tag", "again"]);
    expect(exitCode).toBe(0);
    expect(document?.estimates).toEqual(first.estimates);
    expect(document?.run.id).not.toBe(first.run.id);
    expect(document?.run.agentVersion).toBe(first.run.agentVersion);
    expect(document?.run.notes).toContain(`scored again from run ${first.run.id}`);
    expect(document?.run.invocation.score).toMatchObject({ run: first.run.id });
    const shown = await runCommand(["runs", "show", "again", "--json"], { cwd });
    expect(JSON.parse(shown.stdout).estimates).toEqual(document?.estimates);
    const earlier = await runCommand(["runs", "show", "first", "--json"], { cwd });
    expect(JSON.parse(earlier.stdout)).toEqual(first);
    expect((await runCommand(["trace", "again", "key-reset-01"], { cwd })).exitCode).toBe(0);
  });

  it("takes names, patterns and files, with those that gates.yaml names", async () => {
    writeFileSync(
      join(cwd, "words.mjs"),
      'export default { name: "words", description: "Words.", unit: "count", direction: "lower", score: ({ trace }) => trace.answer?.split(" ").length ?? null };\n',
    );
    const { document } = await score(["--metrics", "steps,chr*,words.mjs", "--metrics", "task.success"]);
    const names = document?.estimates.map(({ metric }) => metric);
    expect(names).toEqual(expect.arrayContaining(["steps", "chrf", "words", "task.success"]));
    expect(names).not.toContain("retrieval.mrr");
    expect(estimateIn(document, "words")?.n).toBe(first.totals.planned);
    expect((await runCommand(["gate", "latest"], { cwd })).exitCode).not.toBe(2);
  });

  it("joins a corrected dataset by id, and says what changed and what is missing", async () => {
    const lines = readFileSync(join(cwd, "datasets", "starter.jsonl"), "utf8")
      .trim()
      .split("\n");
    const cases = lines.map(
      (line) => JSON.parse(line) as { id: string; expect?: { must_include?: string[] } },
    );
    const corrected = cases
      .filter(({ id }) => id !== "gift-card-02")
      .map((one) =>
        one.id === "key-reset-03" ? { ...one, expect: { must_include: ["I don't know"] } } : one,
      );
    writeFileSync(join(cwd, "corrected.jsonl"), corrected.map((one) => JSON.stringify(one)).join("\n"));
    const { document } = await score(["--dataset", "corrected.jsonl"]);
    expect(document?.totals.planned).toBe(first.totals.planned - 1);
    expect(document?.totals.passed).toBe(first.totals.passed + 1);
    expect(document?.run.datasetHash).not.toBe(first.run.datasetHash);
    expect(document?.run.notes).toEqual(
      expect.arrayContaining([
        "case key-reset-03 changed in corrected.jsonl since the agent ran",
        "case gift-card-02 left out: not in corrected.jsonl",
      ]),
    );
  });

  it.each([
    ["tau2", ["tau2-ab/airline.gpt-4.1.jsonl"]],
    ["trec", ["banking-kb/run.bm25.trec", "--qrels", "banking-kb/qrels.tsv"]],
    ["inspect", ["imports/inspect-mixed.json"]],
  ])("keeps the metrics and the scores that an import of %s brought", async (kind, given) => {
    const files = given.map((one) => (one.startsWith("--") ? one : join(FIXTURES, one)));
    const imported = await runCommand(["import", kind, ...files, "--tag", kind, "--json"], { cwd });
    expect({ exitCode: imported.exitCode, stderr: imported.stderr }).toMatchObject({ exitCode: 0 });
    const before = JSON.parse(imported.stdout) as RunDocument;
    const again = JSON.parse((await runCommand(["score", kind, "--json"], { cwd })).stdout) as RunDocument;
    for (const estimate of before.estimates) expect(again.estimates).toContainEqual(estimate);
    expect(again.run.notes).toEqual(expect.arrayContaining([...before.run.notes]));
  });

  it.each([
    [["score", "nothing"], 'found no run "nothing"'],
    [["score", "first", "--metrics", ","], "expected at least one metric"],
    [
      ["score", "first", "--metrics", "rogue_1"],
      '--metrics unknown metric "rogue_1"; did you mean `rouge_1`?',
    ],
    [["score", "first", "--metrics", "judge.faithfulness"], "expected a judge"],
    [["score", "first", "--metrics", "nowhere.ts"], "nowhere.ts expected a file with a metric, found none"],
    [["score", "first", "--dataset", "nowhere.jsonl"], "nowhere.jsonl"],
    [["score", "first", "--judge", "gpt-4.1"], "expected provider/name"],
    [["score", "first", "--judge", "opnai/gpt-4.1"], "unknown provider `opnai`; did you mean `openai`?"],
    [["score", "first", "--judge", "openai/gpt-4.1"], "OPENAI_API_KEY"],
    [
      ["score", "first", "--judge", "embedded/embedded-v1"],
      "expected a language model, found the provider embedded",
    ],
    [
      ["score", "first", "--judge", "agents/support.yaml"],
      "expected a language model, found the provider embedded",
    ],
  ])("%j is refused, and nothing is stored", async (args, message) => {
    const before = await runCount();
    const result = await runCommand(args, { cwd });
    expect({ exitCode: result.exitCode, stdout: result.stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(result.stderr).toContain(message);
    expect(await runCount()).toBe(before);
  });
});

const claim = (verdict: string) => ({ claim: "It is so.", verdict, quote: "" });

/** Replies to each question as it wants; half of the claims are right. */
function replyTo(system: string): string {
  const verdicts = system.includes("bears on the QUESTION")
    ? ["relevant", "irrelevant"]
    : ["supported", "unsupported"];
  return JSON.stringify({ claims: verdicts.map(claim) });
}

describe("agentctl score --judge", () => {
  let server: JudgeServer;
  const open = async (...args: Parameters<typeof startJudgeServer>) => {
    server = await startJudgeServer(...args);
    return { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: "sk-judge-0123456789" };
  };
  afterEach(() => server.close());

  it("judges claims at bounded concurrency, counts the cost, and asks nothing twice", async () => {
    const env = await open(([system]) => replyTo(system?.content ?? ""), 10);
    const judge = ["--judge", "openai/gpt-4.1"];
    const { document, exitCode, stderr } = await score([...judge, "-j", "3", "--tag", "judged"], env);
    expect(exitCode).toBe(0);
    expect(server.mostOpen()).toBe(3);
    expect(estimateIn(document, "judge.faithfulness")).toMatchObject({ value: 0.5 });
    expect(estimateIn(document, "judge.answer_relevance")).toMatchObject({ value: 0.5 });
    expect(estimateIn(document, "judge.correctness")).toMatchObject({
      n: 0,
      unscored: { "the case states no reference answer": first.totals.planned },
    });
    expect(document?.run.judges.map(({ metric }) => metric)).toEqual([
      "judge.faithfulness",
      "judge.answer_relevance",
      "judge.correctness",
    ]);
    const calls = server.requests();
    expect(stderr).toContain(`judge openai/gpt-4.1: ${calls} calls, 0 from the cache, cost unknown`);
    const judged = document?.cases
      .flatMap(({ trials }) => trials)
      .find((one) => one.scores["judge.faithfulness"]?.value === 0.5);
    expect(judged?.scores["judge.faithfulness"]?.detail).toBe(
      'unsupported: "It is so."; supported: "It is so."',
    );
    const again = await score(judge, env);
    expect(server.requests()).toBe(calls);
    expect(again.stderr).toContain(`0 calls, ${calls} from the cache, $0`);
    expect(again.document?.run.judges).toEqual(document?.run.judges);
  });

  it("answers from its recording without a key, also after a repair", async () => {
    const env = await open(([system], request) =>
      request % 5 === 0 ? "Well." : replyTo(system?.content ?? ""),
    );
    const recorded = await score(["--judge", "openai/gpt-4.1", "--record", "judge.jsonl"], env);
    expect(recorded.exitCode).toBe(0);
    const calls = server.requests();
    const replayed = await score(["--judge", "replay/judge.jsonl", "--no-cache"]);
    expect(replayed.exitCode).toBe(0);
    expect(server.requests()).toBe(calls);
    const judged = (document: RunDocument | null) =>
      document?.estimates.filter(({ metric }) => metric.startsWith("judge."));
    expect(judged(replayed.document)).toEqual(judged(recorded.document));
    expect(readFileSync(join(cwd, "judge.jsonl"), "utf8")).not.toContain(env.OPENAI_API_KEY);
  });

  it("takes the model of an agent file, with its price and parameters", async () => {
    const { OPENAI_BASE_URL } = await open(([system]) => replyTo(system?.content ?? ""));
    writeFileSync(
      join(cwd, "judge.yaml"),
      `name: judge\nprompt: { version: "1", text: unused }\nmodel:\n  provider: openai\n  name: own-judge\n  base_url: ${OPENAI_BASE_URL}\n  price: { input_usd_per_mtok: 1000, output_usd_per_mtok: 0 }\n`,
    );
    const { stderr, document } = await score(["--judge", "judge.yaml", "--metrics", "judge.faithfulness"]);
    expect(stderr).toContain(
      `judge openai/own-judge: ${server.requests()} calls, 0 from the cache, $${server.requests()}`,
    );
    expect(document?.run.judges).toHaveLength(1);
  });

  it("keeps its scores when the run is scored again without it", async () => {
    const env = await open(([system]) => replyTo(system?.content ?? ""));
    const judged = await score(
      ["--judge", "openai/gpt-4.1", "--metrics", "default,judge.faithfulness", "--tag", "kept"],
      env,
    );
    expect(judged.document?.run.judges).toHaveLength(1);
    const { stdout } = await runCommand(["score", "kept", "--json"], { cwd });
    const again = JSON.parse(stdout) as RunDocument;
    expect(estimateIn(again, "judge.faithfulness")).toEqual(
      estimateIn(judged.document, "judge.faithfulness"),
    );
    expect(again.run.judges).toEqual(judged.document?.run.judges);
  });

  it("passes no gate, and breaks no run that it has not seen", async () => {
    const env = await open(([system]) => replyTo(system?.content ?? ""));
    await score(["--judge", "openai/gpt-4.1", "--tag", "judged-gate"], env);
    writeFileSync(
      join(cwd, "judged.yaml"),
      "version: 1\ndefaults: { on_inconclusive: inconclusive }\ngates:\n  - { metric: judge.faithfulness, min: 0.1 }\n",
    );
    const gate = await runCommand(["gate", "judged-gate", "--rules", "judged.yaml"], { cwd });
    expect(gate.exitCode).toBe(4);
    expect(gate.stdout.replace(/\s+/g, " ")).toContain("The judge is not calibrated");
    const unseen = await runCommand(["gate", "first", "--rules", "judged.yaml"], { cwd });
    expect(unseen.exitCode).toBe(4);
    expect(unseen.stdout).toContain("was not measured in this run");
  });

  it("stores what it has when some calls fail, and exits 3", async () => {
    const env = await open(([system], request) => (request % 4 === 0 ? 400 : replyTo(system?.content ?? "")));
    const { document, exitCode } = await score(
      ["--judge", "openai/gpt-4.1", "--no-cache", "--metrics", "default,judge.faithfulness"],
      env,
    );
    expect(exitCode).toBe(3);
    const estimate = estimateIn(document, "judge.faithfulness");
    expect(estimate?.value).toBe(0.5);
    expect(estimate?.unscored["the judge could not be asked: PROVIDER_REJECTED"]).toBeGreaterThan(3);
  });

  it.each([
    ["refuses the key", 401],
    ["knows no such model", 404],
  ])("stores nothing when the judge %s", async (_what, status) => {
    const env = await open(() => status);
    const before = await runCount();
    const { exitCode, stdout, stderr } = await score(["--judge", "openai/gpt-4.1", "--no-cache"], env);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("error PROVIDER_");
    expect(server.requests()).toBeLessThan(40);
    expect(await runCount()).toBe(before);
  });

  it("loses nothing already judged when it is killed", async () => {
    const env = await open(([system]) => `${replyTo(system?.content ?? "")}\n`, 30);
    const args = ["score", "first", "--judge", "openai/gpt-4.1-mini", "-j", "2", "--quiet"];
    const before = await runCount();
    const killed = startCli(args, { cwd, env });
    while (server.requests() < 20) await new Promise((resolve) => setTimeout(resolve, 10));
    killed.kill("SIGKILL");
    await killed;
    expect(await runCount()).toBe(before);
    const asked = server.requests();
    const { exitCode } = await runCommand(args, { cwd, env });
    expect(exitCode).toBe(0);
    const total = server.requests();
    await runCommand(args, { cwd, env });
    expect(server.requests()).toBe(total);
    // Only the calls in flight at the kill, at most two, are made again.
    const needed = await runCommand(["score", "first", "--judge", "openai/gpt-4.1-nano"], { cwd, env });
    expect(needed.exitCode).toBe(0);
    expect(total - (server.requests() - total)).toBeLessThanOrEqual(2);
    expect(asked).toBeLessThan(total);
  });

  it("stops at Ctrl-C without a run", async () => {
    const env = await open(([system]) => replyTo(system?.content ?? ""), 50);
    const before = await runCount();
    const stopped = startCli(["score", "first", "--judge", "openai/o1", "--no-cache"], { cwd, env });
    while (server.requests() < 4) await new Promise((resolve) => setTimeout(resolve, 10));
    stopped.kill("SIGINT");
    const { exitCode, stderr, stdout } = await stopped;
    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: "" });
    expect(stderr).toContain("stopped, nothing was stored");
    expect(await runCount()).toBe(before);
  });
});
