import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { documentOf } from "./json-documents.js";
import { initialisedProject, startCli } from "./run-cli.js";
import { runCommand } from "./run-command.js";

interface ReportDocument {
  readonly run: { readonly id: string; readonly shard?: object; readonly notes: readonly string[] };
  readonly estimates: readonly { readonly metric: string }[];
  readonly cases: readonly { readonly goldenCase: { readonly id: string; readonly group: string } }[];
  readonly gate: { readonly verdict: string; readonly results: readonly { readonly metric: string }[] };
}

const OF = 3;
const GATES = `version: 1
defaults: { on_inconclusive: inconclusive }
gates:
  - { metric: task.success, min: 0.5, bound: lower }
  - { metric: faithfulness, min: 0.85, bound: lower }
  - { metric: retrieval.mrr, min: 0.2 }
  - { metric: task.success, no_worse_than: baseline, margin: 0.05 }
  - { coverage: scored, metric: must_include, min: 0.5 }
  - { must_pass: "tag = injection" }
`;

let cwd: string;
let other: string;
const shards: ReportDocument[] = [];

async function report(args: readonly string[], folder = cwd): Promise<ReportDocument> {
  return (await documentOf("run-report", [...args, "--quiet"], { cwd: folder })) as unknown as ReportDocument;
}

/** Without what says when and where: identical runs measure other times. */
function timeless(document: ReportDocument): string {
  const isTimed = ({ metric }: { readonly metric: string }) => metric?.startsWith("latency.");
  const { estimates, gate, cases } = document;
  const text = JSON.stringify({ estimates: estimates.filter((one) => !isTimed(one)), gate, cases }, null, 1);
  return text
    .replaceAll(/"(durationMs|startedAtMs)": [\d.e-]+/g, '"$1": 0')
    .replaceAll(/\d{8}-\d{6}-[0-9a-f]{6}/g, "RUN");
}

beforeAll(async () => {
  cwd = await initialisedProject();
  other = await initialisedProject();
  for (const folder of [cwd, other]) writeFileSync(join(folder, "gates.yaml"), GATES);
  for (const folder of [cwd, other]) await report(["eval", "--tag", "main"], folder);
  for (let index = 1; index <= OF; index += 1) {
    shards.push(await report(["eval", "--trials", "2", "--shard", `${index}/${OF}`]));
    const file = `shard-${index}.jsonl`;
    const exported = await runCommand(["runs", "export", "latest", "--trials", "-o", file], { cwd });
    expect(exported.exitCode).toBe(0);
    writeFileSync(join(other, file), readFileSync(join(cwd, file)));
  }
}, 60_000);

describe("eval --shard", () => {
  it("divides the cases without tearing a group apart", async () => {
    const whole = await report(["runs", "show", "main"]);
    const ids = shards.map(({ cases }) => cases.map(({ goldenCase }) => goldenCase.id));
    expect(ids.flat().sort()).toEqual(whole.cases.map(({ goldenCase }) => goldenCase.id).sort());
    const groups = shards.map(({ cases }) => new Set(cases.map(({ goldenCase }) => goldenCase.group)));
    expect(groups.reduce((sum, { size }) => sum + size, 0)).toBe(
      new Set(whole.cases.map(({ goldenCase }) => goldenCase.group)).size,
    );
  });

  it("is judged by no gate", async () => {
    const [first] = shards;
    expect(first?.gate.verdict).toBe("inconclusive");
    const { exitCode, stdout } = await runCommand(["gate", first?.run.id ?? ""], { cwd });
    expect(exitCode).toBe(4);
    expect(stdout).toContain(`This is shard 1 of ${OF}; merge the shards first`);
  });

  it("refuses shards that are none", async () => {
    for (const shard of ["0/3", "4/3", "1", "a/b"]) {
      expect((await runCommand(["eval", "--shard", shard], { cwd })).exitCode).toBe(2);
    }
  });
});

describe("runs merge", () => {
  it("makes the run that would have been, from this history and from files of another", async () => {
    const whole = await report(["eval", "--trials", "2"]);
    const here = await report([
      "runs",
      "merge",
      ...shards.map(({ run }) => run.id).reverse(),
      "--tag",
      "all",
    ]);
    const files = [2, 1, 3].map((index) => `shard-${index}.jsonl`);
    const there = await report(["runs", "merge", ...files], other);
    expect(timeless(here)).toBe(timeless(whole));
    expect(timeless(there)).toBe(timeless(whole));
    expect(here.run).toMatchObject({ tags: ["all"], notes: whole.run.notes });
    expect(here.run.shard).toBeUndefined();
    const { stdout } = await runCommand(["gate", "all", "--json"], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ verdict: whole.gate.verdict });
  });

  it("counts as the run that stands for the suite", async () => {
    const { stdout } = await runCommand(["eval", "--changed", "--trials", "2"], { cwd: other });
    expect(stdout).toMatch(/^starter: not run: unchanged since run/);
  });

  it.each([
    ["a shard is missing", ["shard-1.jsonl", "shard-3.jsonl"], /shard 2 of 3 missing: \d+ trials/],
    ["a shard is there twice", ["shard-1.jsonl", "shard-1.jsonl", "shard-2.jsonl"], /named twice/],
    ["a run is no shard", ["shard-1.jsonl", "main"], /is no shard/],
  ])("refuses when %s, and stores nothing", async (_, references, message) => {
    const before = await documentOf("run-list", ["runs", "list"], { cwd: other });
    const { stderr, exitCode } = await runCommand(["runs", "merge", ...references], { cwd: other });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
    expect(await documentOf("run-list", ["runs", "list"], { cwd: other })).toEqual(before);
  });

  it("refuses a shard of another evaluation, and one without its conversations", async () => {
    await report(["eval", "--trials", "2", "--shard", "2/3", "--seed", "9"], other);
    const files = ["shard-1.jsonl", "shard-3.jsonl"];
    const seed = await runCommand(["runs", "merge", ...files, "latest"], { cwd: other });
    expect(seed.stderr).toContain("has another seed than shard 1");
    await runCommand(["runs", "export", "latest", "-o", "scores.jsonl"], { cwd: other });
    const scores = await runCommand(["runs", "merge", ...files, "scores.jsonl"], { cwd: other });
    expect(scores.stderr).toContain("expected an export with its trials, found scores alone");
    expect([seed.exitCode, scores.exitCode]).toEqual([2, 2]);
  });

  it("leaves nothing half when it is killed", async () => {
    const ids = async () => {
      const { runs } = await documentOf("run-list", ["runs", "list"], { cwd: other });
      return (runs as readonly { readonly id: string }[]).map(({ id }) => id);
    };
    const before = new Set(await ids());
    const files = [1, 2, 3].map((index) => `shard-${index}.jsonl`);
    for (const afterMs of [150, 300, 450]) {
      const merge = startCli(["runs", "merge", ...files], { cwd: other });
      await new Promise((done) => setTimeout(done, afterMs));
      merge.kill("SIGKILL");
      await merge;
    }
    for (const id of (await ids()).filter((one) => !before.has(one))) {
      const { estimates } = await report(["runs", "show", id], other);
      expect(estimates.find(({ metric }) => metric === "task.success")).toMatchObject({ n: 144 });
    }
  });
});
