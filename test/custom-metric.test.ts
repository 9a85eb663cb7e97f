import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpenaiServer, startOpenaiServer } from "./openai-server.js";
import { copyOfFixture, runCli } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const POLITENESS = `import type { CustomMetric, CustomScore, ScoredInput } from "agentctl";
import { COURTESIES } from "./courtesies.js";

function share(text: string): CustomScore {
  const said = COURTESIES.filter((word: string) => text.toLowerCase().includes(word));
  return { value: said.length > 0 ? 1 : 0, detail: said.join(", ") };
}

export default {
  name: "politeness",
  description: "Share of answers with a courtesy.",
  unit: "proportion",
  direction: "higher",
  aggregate: "proportion",
  score: ({ trace }: ScoredInput) => (trace.answer === null ? null : share(trace.answer)),
} satisfies CustomMetric;
`;

const metricFile = (body: string, fields = "") => `export default {
  name: "own.length", description: "Length of the answer.", unit: "count", direction: "lower", ${fields}
  score: ${body},
};
`;

let server: OpenaiServer;
beforeAll(async () => {
  server = await startOpenaiServer({ delayMs: 1, text: "It is forty-two, thank you." });
});
afterAll(() => server.close());

/** A project whose agentctl.yaml asks for metrics, with the files given. */
function projectWith(metrics: string, files: { readonly [name: string]: string }): string {
  const cwd = copyOfFixture("small");
  const agent = join(cwd, "agent.yaml");
  writeFileSync(agent, readFileSync(agent, "utf8").replace("http://127.0.0.1:1/v1", server.baseUrl));
  writeFileSync(
    join(cwd, "agentctl.yaml"),
    `version: 1
default_suite: small
metrics: ${metrics}
suites:
  small: { dataset: cases.jsonl, agent: agent.yaml }
`,
  );
  mkdirSync(join(cwd, "metrics"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, "metrics", name), text);
  return cwd;
}

interface RunDocument {
  readonly estimates: readonly {
    readonly metric: string;
    readonly value: number | null;
    readonly n: number;
    readonly method: string;
    readonly unscored: { readonly [reason: string]: number };
  }[];
}

function estimateIn(stdout: string, metric: string) {
  return (JSON.parse(stdout) as RunDocument).estimates.find((one) => one.metric === metric);
}

describe("a metric of a TypeScript file", () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = projectWith('[default, "rouge_*", ./metrics/politeness.ts]', {
      "politeness.ts": POLITENESS,
      "courtesies.ts": 'export const COURTESIES: readonly string[] = ["please", "thank you"];\n',
    });
    writeFileSync(
      join(cwd, "gates.yaml"),
      "version: 1\ngates:\n  - { metric: politeness, min: 0.5, bound: lower }\n",
    );
  });

  it("scores every trial, gates the run, and is listed", async () => {
    const result = await runCommand(["eval", "--gate", "--tag", "first", "--json"], { cwd });
    expect({ exitCode: result.exitCode, stderr: result.stderr }).toMatchObject({ exitCode: 0 });
    expect(estimateIn(result.stdout, "politeness")).toMatchObject({ value: 1, n: 12, method: "wilson" });
    const names = (JSON.parse(result.stdout) as RunDocument).estimates.map(({ metric }) => metric);
    expect(names).toEqual(expect.arrayContaining(["task.success", "rouge_1", "rouge_l", "politeness"]));
    const named = await runCommand(["score", "first", "--metrics", "task.success,politeness", "--json"], {
      cwd,
    });
    expect(estimateIn(named.stdout, "politeness")).toMatchObject({ value: 1, n: 12 });
    const shown = await runCommand(["metrics", "show", "politeness"], { cwd });
    expect(shown.stdout).toContain("generation, the project's own, proportion, higher is better, per case");
    expect((await runCommand(["metrics"], { cwd })).stdout).toContain("Share of answers with a courtesy.");
    expect((await runCommand(["metrics", "show", "politness"], { cwd })).stderr).toContain(
      "did you mean `politeness`?",
    );
  });

  it("stays in the stored run when its file is gone", async () => {
    rmSync(join(cwd, "metrics"), { recursive: true });
    writeFileSync(
      join(cwd, "agentctl.yaml"),
      readFileSync(join(cwd, "agentctl.yaml"), "utf8").replace(/^metrics: .*$/m, "metrics: [default]"),
    );
    const shown = await runCommand(["runs", "show", "first", "--json"], { cwd });
    expect(estimateIn(shown.stdout, "politeness")).toMatchObject({ value: 1, n: 12 });
    expect((await runCommand(["gate", "first"], { cwd })).exitCode).toBe(0);
    expect((await runCommand(["report", "first", "--output", "r.html"], { cwd })).exitCode).toBe(0);
    expect(readFileSync(join(cwd, "r.html"), "utf8")).toContain("politeness");
    const again = await runCommand(["score", "first", "--json"], { cwd });
    expect(again.exitCode).toBe(0);
    expect(estimateIn(again.stdout, "politeness")).toMatchObject({ value: 1, n: 12 });
  });
});

describe("metric files in JavaScript", () => {
  it.each(["length.js", "length.mjs", "length.ts"])("%s", async (name) => {
    const cwd = projectWith(`[task.success, metrics/${name}]`, {
      [name]: metricFile("({ trace }) => trace.answer.length"),
    });
    const result = await runCommand(["eval", "--json"], { cwd });
    expect(result.exitCode).toBe(0);
    expect(estimateIn(result.stdout, "own.length")).toMatchObject({ value: 27, n: 12 });
  });
});

describe("a score that is none", () => {
  it.each([
    ["throws", '() => { throw new TypeError("no such thing"); }', "the metric threw: no such thing"],
    ["gives NaN", "() => Number.NaN", "the metric gave no finite number"],
    ["gives a text", '() => "good"', "the metric gave a string, expected a number or null"],
    [
      "gives a promise",
      "async () => { throw new Error(); }",
      "the metric gave a promise, expected a number or null at once",
    ],
    ["is below its range", "() => -1", "the metric gave -1, expected 0 and up"],
    ["gives nothing", "() => null", "the metric gives this trial no score"],
    [
      "gives a reason that is no text",
      "() => ({ value: null, reason: {} })",
      "the metric gives this trial no score",
    ],
    ["says why", '() => ({ value: null, reason: "too short" })', "too short"],
  ])("%s: unscored, counted, and the run goes on", async (_what, body, reason) => {
    const cwd = projectWith("[task.success, metrics/length.ts]", { "length.ts": metricFile(body) });
    const result = await runCommand(["eval", "--json"], { cwd });
    expect(result.exitCode).toBe(0);
    expect(estimateIn(result.stdout, "own.length")).toMatchObject({
      value: null,
      n: 0,
      unscored: { [reason]: 12 },
    });
    expect(estimateIn(result.stdout, "task.success")).toMatchObject({ n: 12 });
  });
});

describe("a metric that meddles with the process", () => {
  const evalWith = (body: string) =>
    runCli(["eval", "--json", "--quiet"], {
      cwd: projectWith("[default, metrics/own.ts]", { "own.ts": metricFile(body) }),
    });

  it("logs to stderr, so that stdout stays one document", async () => {
    const { stdout, stderr, exitCode } = await evalWith('() => { console.log("seen"); return 1; }');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schema: "agentctl/run-report" });
    expect(stderr).toContain("seen");
  });

  it("and ends it is no success", async () => {
    const { stdout, stderr, exitCode } = await evalWith("() => process.exit(0)");
    expect({ exitCode, stdout }).toEqual({ exitCode: 70, stdout: "" });
    expect(stderr).toContain("ended before the command was done");
  });

  it("and throws later is reported, and is no verdict of a gate", async () => {
    const late = '() => { setTimeout(() => { throw new Error("late"); }, 0); return 1; }';
    const { stderr, exitCode } = await evalWith(late);
    expect(exitCode).toBe(70);
    expect(stderr).toContain("Error: late");
  });
});

describe("a metric file that cannot be used", () => {
  const place = join("metrics", "own.ts");
  it.each([
    ["is missing", null, `${place} expected a file with a metric, found none`],
    [
      "has a syntax error",
      'export default {\n  name: "x" "y",\n};\n',
      `${place}:2 is not valid: Unexpected token`,
    ],
    [
      "imports what is not there",
      'import x from "./nope.js";\nexport default x;\n',
      "Cannot find module './nope.js'",
    ],
    ["throws", 'throw new Error("boom");\n', `${place} cannot be loaded: boom`],
    ["exports by name alone", "export const metric = {};\n", 'its default export, found only "metric"'],
    ["exports no object", "export default 7;\n", "expected the default export to be an object"],
    ["has a wrong unit", metricFile("() => 1").replace('"count"', '"percent"'), '"unit": '],
    ["has no score", metricFile("7"), '"score": expected a function'],
    ["has an unknown field", metricFile("() => 1", "colour: 1,"), 'unknown field "colour"'],
    [
      "takes a name of agentctl",
      metricFile("() => 1").replace("own.length", "faithfulness"),
      "which agentctl itself gives",
    ],
    [
      "takes a name of a judge",
      metricFile("() => 1").replace("own.length", "judge.tone"),
      "are those of judges",
    ],
  ])("%s", async (_what, text, message) => {
    const cwd = projectWith("[default, metrics/own.ts]", text === null ? {} : { "own.ts": text });
    const result = await runCommand(["eval"], { cwd });
    expect({ exitCode: result.exitCode, stdout: result.stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(result.stderr).toContain(message);
    expect(result.stderr).toContain("docs/metrics-of-your-own.md");
    expect((await runCommand(["runs", "list"], { cwd })).stdout).toContain("No run is stored yet");
  });

  it("names both files of one name", async () => {
    const text = metricFile("() => 1");
    const cwd = projectWith("[default, metrics/a.ts, metrics/b.js]", { "a.ts": text, "b.js": text });
    const { stderr } = await runCommand(["eval"], { cwd });
    expect(stderr).toContain(`${join("metrics", "b.js")} expected a name of its own, found "own.length"`);
    expect(stderr).toContain(join("metrics", "a.ts"));
  });

  it.each([
    ['[default, "rogue_1"]', 'unknown metric "rogue_1"; did you mean `rouge_1`?'],
    ["[default, judge.faithfulness]", 'metric "judge.faithfulness" needs a judge'],
  ])("%s in agentctl.yaml", async (metrics, message) => {
    const { stderr, exitCode } = await runCommand(["eval"], { cwd: projectWith(metrics, {}) });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`agentctl.yaml ${message}`);
  });
});
