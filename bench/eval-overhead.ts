import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../src/core/clock.js";
import { ANONYMOUS } from "../src/core/identity.js";
import type { ModelReply } from "../src/core/message.js";
import { readDataset } from "../src/datasets/read-dataset.js";
import type { Evaluation } from "../src/eval/evaluation.js";
import { newRun } from "../src/eval/new-run.js";
import { buildReport } from "../src/eval/run/build-report.js";
import { storedMetrics } from "../src/eval/score/load-metrics.js";
import { planTrials } from "../src/eval/trials/plan.js";
import { runEvaluation } from "../src/eval/trials/run-evaluation.js";
import { NO_STANDINGS } from "../src/gates/testing/gate-samples.js";
import { metricSetOf } from "../src/metrics/metric-set.js";
import { metrics } from "../src/metrics/registry.js";
import type { Model } from "../src/models/model.js";
import { react } from "../src/runtime/strategies/react.js";
import { openSqliteStore } from "../src/store/sqlite-store.js";

/**
 * Evaluates a golden set with a model that answers at once or after a delay, from reading the file to the
 * report, and prints one line of JSON: CPU milliseconds a case, wall milliseconds, peak resident MiB.
 *
 * Arguments: number of cases, model delay in ms, concurrency.
 */
const [cases, delayMs, maxConcurrency] = process.argv.slice(2).map(Number) as [number, number, number];
const folder = mkdtempSync(join(tmpdir(), "agentctl-bench-"));
const file = join(folder, "cases.jsonl");
const lines: string[] = [];
for (let index = 0; index < cases; index += 1) {
  lines.push(
    `{"id":"case-${index}","input":"Question ${index}?","expect":{"must_include":["42"],"must_not_include":["43"]}}`,
  );
}
writeFileSync(file, `${lines.join("\n")}\n`);
lines.length = 0;

const answer: ModelReply = {
  text: "The answer is 42.",
  toolCalls: [],
  finishReason: "stop",
  usage: { inputTokens: 10, outputTokens: 5 },
  costUsd: 0.0001,
  model: "instant",
};
const model: Model = {
  provider: "bench",
  name: "instant",
  complete:
    delayMs === 0
      ? async () => answer
      : () => new Promise((resolve) => setTimeout(() => resolve(answer), delayMs)),
};

// The budget is stated for three metrics.
const three = metricSetOf(
  metrics.filter(({ name }) => ["task.success", "must_include", "steps"].includes(name)),
);

const cpuBefore = process.cpuUsage();
const started = performance.now();
const dataset = await readDataset(file);
const evaluation: Evaluation = {
  suite: "bench",
  userModelHash: "none",
  dataset,
  cases: dataset.cases,
  agent: {
    name: "bench",
    version: "bench",
    promptVersion: "1",
    systemPrompt: "Answer.",
    model,
    parameters: {},
    retrieval: null,
    toolNames: null,
    limits: { maxSteps: 5, timeoutMs: 60_000, budgetUsd: null, toolResultMaxChars: 10_000 },
    strategy: react,
    parts: [],
    tools: [],
    identity: ANONYMOUS,
  },
  userModel: null,
  environmentOf: () => null,
  recordedTurns: () => null,
  metrics: { set: three, custom: [], stored: storedMetrics(three, []) },
  plan: planTrials(dataset.cases, 1, null),
  trialsPerCase: 1,
  seed: 0,
  notes: [],
};
const store = openSqliteStore(join(folder, "runs.db"));
const run = await newRun(evaluation, { clock: systemClock, folder, tags: [], invocation: {} });
store.createRun(run, dataset.cases);
const executed = performance.now();
await runEvaluation(
  run,
  evaluation,
  { maxConcurrency, budgetUsd: null, failFast: false, retryErrors: false },
  {
    store,
    clock: systemClock,
    signal: new AbortController().signal,
    observer: { runStarted() {}, trialStarted() {}, trialFinished() {}, runFinished() {} },
  },
);
const executionMs = performance.now() - executed;
const report = buildReport(store, run, dataset.cases, null, NO_STANDINGS);
store.close();
rmSync(folder, { recursive: true });
const cpu = process.cpuUsage(cpuBefore);
const result = {
  cases: report.totals.completed,
  cpuMsPerCase: (cpu.user + cpu.system) / 1000 / cases,
  wallMs: performance.now() - started,
  executionMs,
  peakRssMib: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
