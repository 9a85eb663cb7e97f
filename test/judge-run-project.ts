import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { systemClock } from "../src/core/clock.js";
import type { RunHeader } from "../src/core/run.js";
import { metricSetOfRun } from "../src/eval/gate/judge-run-gates.js";
import { importTable } from "../src/eval/import/import-table.js";
import { type JudgeRunFlags, type JudgeRunOutcome, runJudge } from "../src/eval/judge/run-judge.js";
import { estimateAll } from "../src/metrics/estimate.js";
import { openSqliteStore } from "../src/store/sqlite-store.js";
import type { Store } from "../src/store/store.js";
import { type JudgeServer, startJudgeServer } from "./judge-server.js";
import { temporaryFolder } from "./run-cli.js";

/** A row of a results table: what the agent was asked and said. */
export interface ResultRow {
  readonly id: string;
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly trial?: number;
}

/** Rows without faults, each with an answer of its own. */
export function rowsOf(count: number, answer: (index: number) => string): readonly ResultRow[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `case-${index}`,
    input: `Question ${index}?`,
    output: answer(index),
  }));
}

/** A project without agents, in which runs are imported. */
export function judgeProject(): string {
  const cwd = temporaryFolder();
  writeFileSync(
    join(cwd, "agentctl.yaml"),
    "version: 1\ndefault_suite: none\nsuites:\n  none: { dataset: none.jsonl, agent: none.yaml }\n",
  );
  mkdirSync(join(cwd, "judges"));
  return cwd;
}

/** Imports a run of these rows under a tag. */
export async function importRun(
  cwd: string,
  tag: string,
  rows: readonly ResultRow[],
  model = "claude-sonnet-4",
): Promise<void> {
  const file = join(cwd, `${tag}.jsonl`);
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const keys = ["id", "input", "output", "error", "trial"].filter((key) => rows.some((row) => key in row));
  const map = keys.map((key) => `${key}=${key}`);
  const config = join(cwd, "agentctl.yaml");
  const services = { workingDirectory: process.cwd(), clock: systemClock };
  await importTable("jsonl", file, { map, tag: [tag], model, config }, services);
}

/** Writes `judges/<name>.yaml`, a judge by an OpenAI-compatible server. */
export function writeJudge(cwd: string, name: string, scale: string, baseUrl: string, more = ""): void {
  const text = `version: 1
name: ${name}
rubric: { version: "1", text: "Does the answer help?" }
scale: ${scale}
model:
  provider: openai
  name: gpt-4.1
  base_url: ${baseUrl}
  max_retries: 0
  price: { input_usd_per_mtok: 2, output_usd_per_mtok: 8 }
${more}`;
  writeFileSync(join(cwd, "judges", `${name}.yaml`), text);
}

export const BINARY = "{ kind: binary, fail: no, pass: yes }";
export const STARS =
  "{ kind: ordinal, levels: [{ value: 1, anchor: bad }, { value: 2, anchor: fair }, { value: 3, anchor: good }] }";

/** Reply of a judge. */
export function verdict(word: string | number): string {
  return JSON.stringify({ reasoning: "because", verdict: word });
}

/** `agentctl judge run` in this process. */
export function judgeRun(
  cwd: string,
  reference: string | undefined,
  flags: Partial<JudgeRunFlags> = {},
): Promise<JudgeRunOutcome> {
  return runJudge(
    reference,
    { judge: "helpful", ...flags },
    {
      workingDirectory: cwd,
      env: { OPENAI_API_KEY: "none-needed" },
      clock: systemClock,
      signal: new AbortController().signal,
      onProgress: () => {},
    },
  );
}

/** The last message: what is to be judged. */
export function askedIn(messages: readonly { readonly content: string }[]): string {
  return messages.at(-1)?.content ?? "";
}

/** A project for each test of the file, and the judge that it asks. */
export function projectToJudge() {
  let cwd = "";
  let server: JudgeServer | null = null;
  beforeEach(() => {
    cwd = judgeProject();
  });
  afterEach(async () => {
    await server?.close();
    server = null;
  });
  const withStore = <T>(use: (store: Store) => T): T => {
    const store = openSqliteStore(join(cwd, ".agentctl", "agentctl.db"));
    try {
      return use(store);
    } finally {
      store.close();
    }
  };
  return {
    folder: () => cwd,
    withStore,
    judgeThatSays: async (
      reply: Parameters<typeof startJudgeServer>[0],
      scale: string,
      more = "",
    ): Promise<JudgeServer> => {
      server = await startJudgeServer(reply);
      writeJudge(cwd, "helpful", scale, server.baseUrl, more);
      return server;
    },
    /** What a stored run says of a metric. */
    figuresOf: (reference: string, metric: string) =>
      withStore((store) => {
        const run = store.getRun(reference) as RunHeader;
        const estimates = estimateAll([...store.trialRows(run.id)], metricSetOfRun(run));
        return { run, estimate: estimates.find((one) => one.metric === metric) };
      }),
  };
}
