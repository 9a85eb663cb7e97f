import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { initialisedProject } from "./run-cli.js";
import { runCommand } from "./run-command.js";

const FIXTURE = join(import.meta.dirname, "fixtures", "banking-kb");
const EXPECTED = JSON.parse(readFileSync(join(FIXTURE, "expected.json"), "utf8")) as {
  readonly [name: string]: { readonly [figure: string]: number };
};

interface RunJson {
  readonly run: {
    readonly agentName: string;
    readonly datasetHash: string;
    readonly notes: readonly string[];
  };
  readonly estimates: readonly {
    readonly metric: string;
    readonly value: number | null;
    readonly n: number;
  }[];
}

let cwd: string;
beforeAll(async () => {
  cwd = await initialisedProject();
  cpSync(FIXTURE, cwd, { recursive: true });
});

async function imported(...args: string[]): Promise<RunJson> {
  const { stdout, stderr, exitCode } = await runCommand(["import", "trec", "--json", ...args], { cwd });
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as RunJson;
}

async function refused(...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await runCommand(["import", "trec", ...args], { cwd });
  expect([stdout, exitCode]).toEqual(["", 2]);
  return stderr;
}

function write(name: string, ...lines: string[]): string {
  writeFileSync(join(cwd, name), lines.join("\n"));
  return name;
}

function estimateOf({ estimates }: RunJson, metric: string): number | null | undefined {
  return estimates.find((one) => one.metric === metric)?.value;
}

/** Names of expected.json in ours. */
function metricOf(figure: string): string {
  const [name, k] = figure.split("@");
  return `retrieval.${name === "hit" ? "success" : name}_at_${k}`;
}

describe("agentctl import trec", () => {
  it.each(["bm25", "bm25-k0"])("gives every known figure of %s", async (name) => {
    const report = await imported(`run.${name}.trec`, "--qrels", "qrels.tsv");
    expect(report.run.agentName).toBe(name);
    const { queries, ...figures } = EXPECTED[`public/banking-kb/${name}`] ?? {};
    expect(Object.keys(figures)).toHaveLength(15);
    for (const [figure, expected] of Object.entries(figures)) {
      const estimate = report.estimates.find((one) => one.metric === metricOf(figure));
      expect(estimate?.n).toBe(queries);
      expect(estimate?.value, figure).toSatisfy(
        (value: number) => Math.abs(value - expected) <= 1e-5 * expected,
      );
    }
  });

  it("gives both runs one dataset, and lets nothing be said of answers that nobody gave", async () => {
    const first = await imported("run.bm25.trec", "--qrels", "qrels.tsv");
    const second = await imported("run.bm25-k0.trec", "--qrels", "qrels.tsv");
    expect(second.run.datasetHash).toBe(first.run.datasetHash);
    expect(first.estimates.every(({ metric }) => metric.startsWith("retrieval."))).toBe(true);
  });

  it("orders by score and then by document id descending, and reads any white space", async () => {
    const run = write(
      "ties.trec",
      "q1 Q0 b 1 0.5 tag\r",
      "# a comment",
      "",
      "q1\tQ0\tc  2\t5E-1 tag more words\r",
      "q1 Q0 a 3 +.7 tag",
    );
    const qrels = write("ties.qrels", "q1 0 b 2", "q1 0 x 1", "q1 0 a -1");
    const report = await imported(run, "--qrels", qrels);
    expect(estimateOf(report, "retrieval.mrr")).toBeCloseTo(1 / 3, 12);
    expect(estimateOf(report, "retrieval.map")).toBeCloseTo(1 / 6, 12);
    expect(estimateOf(report, "retrieval.ndcg")).toBeCloseTo(1 / (2 + 1 / Math.log2(3)), 12);
    expect(estimateOf(report, "retrieval.ndcg_exp2_at_10")).toBeCloseTo(1.5 / (3 + 1 / Math.log2(3)), 12);
  });

  it("counts queries without results or relevant documents, and notes those that nothing is judged for", async () => {
    const run = write("part.trec", "q1 Q0 a 1 1 t", "q3 Q0 a 1 1 t", "q9 Q0 a 1 1 t");
    const qrels = write("part.qrels", "query_id doc_id relevance", "q1 a 1", "q2 a 1", "q3 a 0");
    const queries = write("texts.tsv", "q1\tWhat?", "q2\tWhy?");
    const report = await imported(run, "--qrels", qrels, "--queries", queries);
    expect(report.estimates.every(({ n }) => n === 3)).toBe(true);
    expect(estimateOf(report, "retrieval.mrr")).toBeCloseTo(1 / 3, 12);
    expect(report.run.notes).toEqual([
      "1 judged query has no results and scores 0: `q2`",
      "1 judged query has no relevant document and scores 0: `q3`",
      "1 query of the run was left out: nothing is judged for it",
      "1 query has no text and shows its id: `q3`",
    ]);
  });

  it("names every bad line at once", async () => {
    const run = write(
      "bad.trec",
      "q1 Q0 a 1 1 t",
      "q1 Q0 b 1 NaN t",
      "q1 Q0 a 2 0.5 t",
      "q1 Q0 c",
      "q1 Q0 d 1 1e999 t",
    );
    const qrels = write("good.qrels", "q1 0 a 1");
    expect(await refused(run, "--qrels", qrels)).toBe(
      [
        "error DATASET_INVALID:",
        'bad.trec:2 expected a finite score in field 5, found "NaN"',
        'bad.trec:3 expected each document once a query, found "a" of "q1" again; also on line 1',
        "bad.trec:4 expected `query Q0 document rank score tag`, found 3 fields; is it a line of judgements?",
        'bad.trec:5 expected a finite score in field 5, found "1e999"',
      ].join("\n"),
    );
    const bad = write("bad.qrels", "q1 0 a 1", "q1 0 b 1.5", "q1 a 1", "q1 0 a 2");
    expect(await refused(run, "--qrels", bad)).toBe(
      [
        "error DATASET_INVALID:",
        'bad.qrels:2 expected a grade, a whole number from -127 to 127, found "1.5"',
        "bad.qrels:3 expected 4 fields as on the lines above, found 3",
        'bad.qrels:4 expected each document once a query, found "a" of "q1" again; also on line 1',
      ].join("\n"),
    );
  });

  it("knows swapped, empty, foreign and missing files", async () => {
    const empty = write("empty.txt", "");
    const foreign = write("foreign.qrels", "other 0 a 1");
    expect(await refused("qrels.tsv", "--qrels", "run.bm25.trec")).toContain("are the two files swapped?");
    expect(await refused("qrels.tsv", "--qrels", "qrels.tsv")).toContain("is it a line of judgements?");
    expect(await refused(empty, "--qrels", "qrels.tsv")).toContain("empty.txt is empty");
    expect(await refused("run.bm25.trec", "--qrels", empty)).toContain("empty.txt is empty");
    expect(await refused("run.bm25.trec", "--qrels", foreign)).toContain(
      "has no query that foreign.qrels judges",
    );
    expect(await refused("run.bm26.trec", "--qrels", "qrels.tsv")).toContain("did you mean `run.bm25.trec`?");
    expect(await refused("run.bm25.trec")).toContain("--qrels");
  });

  it("shows the ranking of a query in its trace", async () => {
    await imported("run.bm25.trec", "--qrels", "qrels.tsv", "--tag", "traced");
    const { stdout, exitCode } = await runCommand(["trace", "traced", "task_001"], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("1. doc_credit_cards_credit_cards_(…");
  });
});
