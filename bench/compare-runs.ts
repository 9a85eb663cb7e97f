import { join } from "node:path";
import { type GoldenCase, NOTHING_EXPECTED } from "../src/core/golden-case.js";
import type { RunHeader } from "../src/core/run.js";
import type { Trial } from "../src/core/trial.js";
import { compareInStore } from "../src/eval/compare/compare-stored-runs.js";
import { defaultMetricSet } from "../src/metrics/metric-set.js";
import { rowOf } from "../src/metrics/row.js";
import { SeededRandom } from "../src/stats/random.js";
import { openSqliteStore } from "../src/store/sqlite-store.js";

/**
 * `write` fills a store with two runs of as many cases; `compare` compares them with the default metrics, in a process
 * of its own so that the memory of writing does not count, and prints wall time and peak memory as one JSON line.
 */
const [folder = "", count = "10000", phase] = process.argv.slice(2);
const cases = Number(count);
const file = join(folder, "compared.db");

if (phase === "write") write();
else compare();

function caseOf(index: number): GoldenCase {
  return {
    id: `case-${index}`,
    input: { kind: "text", text: `Where is order ${index}?` },
    expect: { ...NOTHING_EXPECTED, mustInclude: ["order"] },
    environment: null,
    risk: index % 3 === 0 ? "high" : "low",
    tags: [`tag-${index % 7}`],
    group: `case-${index}`,
    split: "dev",
    review: null,
    line: index + 1,
    hash: `hash-${index}`,
  };
}

function trialOf(index: number, random: SeededRandom): Trial {
  const isGood = random.nextBelow(10) > 0;
  const at = "2026-11-21T00:00:00.000Z";
  const event = (type: string, payload: unknown, sequence: number) => ({
    event_id: `e${sequence}`,
    event_type: type,
    timestamp: at,
    conversation_id: "c",
    tenant_id: "default",
    turn_id: 0,
    trace_id: `t${index}`,
    payload,
  });
  const call = { callId: "m", speaker: "agent", provider: "bench", model: "bench" };
  return {
    caseId: `case-${index}`,
    trial: 0,
    status: "completed",
    stopReason: "answered",
    error: null,
    traceId: `t${index}`,
    startedAt: at,
    durationMs: 500 + random.nextBelow(3000),
    check: null,
    events: [
      event("msg_received", { role: "user", text: "Where?" }, 0),
      event("llm_call_start", { ...call, messageCount: 2, toolCount: 0, attempt: 1 }, 1),
      event(
        "llm_call_end",
        {
          ...call,
          text: "done",
          toolCalls: [],
          finishReason: "stop",
          usage: { inputTokens: 300 + random.nextBelow(300), outputTokens: 20 + random.nextBelow(50) },
          costUsd: random.nextBelow(1000) / 1e6,
          cached: false,
          durationMs: 400,
          timed: true,
        },
        2,
      ),
      event("response_sent", { text: isGood ? "Your order is on its way." : "I cannot say." }, 3),
    ] as unknown as Trial["events"],
  };
}

function write(): void {
  const store = openSqliteStore(file);
  const golden = Array.from({ length: cases }, (_, index) => caseOf(index));
  for (const id of ["baseline", "candidate"]) {
    const run: RunHeader = {
      id,
      suite: "bench",
      createdAt: "2026-11-21T00:00:00.000Z",
      finishedAt: "2026-11-21T00:00:00.000Z",
      status: "complete",
      datasetPath: "bench.jsonl",
      datasetHash: "bench",
      agentName: id,
      agentVersion: id,
      promptVersion: "1",
      provider: "bench",
      model: "bench",
      userModel: null,
      judges: [],
      seed: 0,
      trialsPerCase: 1,
      plan: golden.map((one) => ({ caseId: one.id, caseHash: one.hash, trial: 0 })),
      gitCommit: null,
      gitDirty: null,
      tags: [],
      notes: [],
      metrics: defaultMetricSet.metrics.map((metric) => metric.name),
      customMetrics: [],
      invocation: {},
      agentctlVersion: "bench",
    };
    store.createRun(run, golden);
    const random = new SeededRandom(id.length);
    store.transaction(() => {
      golden.forEach((one, index) => {
        const trial = trialOf(index, random);
        store.addTrial(id, trial, rowOf(one, trial));
      });
    });
  }
  store.close();
}

function compare(): void {
  const started = performance.now();
  const store = openSqliteStore(file);
  const runs = ["baseline", "candidate"].map((id) => store.getRun(id) as RunHeader);
  const report = compareInStore(store, runs, {});
  store.close();
  const result = {
    cases: report.candidates[0]?.design.cases,
    wallMs: performance.now() - started,
    peakRssMib: process.resourceUsage().maxRSS / 1024,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
