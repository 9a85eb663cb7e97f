import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../src/core/clock.js";
import { importTable } from "../src/eval/import-table.js";
import { type JudgeRunFlags, type JudgeRunOutcome, runJudge } from "../src/eval/judge/run-judge.js";
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
