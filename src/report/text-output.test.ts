import { describe, expect, it } from "vitest";
import type { Metric } from "../metrics/metric.js";
import type { RunSummary } from "../store/store.js";
import { sampleRow, sampleRun, sampleTrial } from "../store/testing/store-samples.js";
import { renderGateJson, renderGateReport } from "./gate-text.js";
import { definitionOf } from "./metric-definition.js";
import { renderMetric, renderMetricList, renderMetricListJson } from "./metric-list.js";
import { renderRunList, renderRunListJson } from "./run-list.js";
import { renderStopped } from "./terminal.js";
import { HOSTILE, sampleReport, sampleTrace } from "./testing/report-samples.js";
import { renderTraceRecord } from "./trace-record.js";
import type { TraceSubject } from "./trace-subject.js";
import { renderWaterfall } from "./waterfall.js";

const style = { useColor: false, columns: 110 };

function subject(caseId: string): TraceSubject {
  const { run, cases } = sampleReport();
  const goldenCase = cases.find((one) => one.goldenCase.id === caseId)!.goldenCase;
  const trial = sampleTrial(caseId, 0, {
    stopReason: "step_limit",
    check: {
      reward: 0,
      stateMatches: false,
      stateHash: null,
      expectedStateHash: null,
      missingOutputs: ["cancelled"],
      stateDifferences: ["orders.W123.status"],
    },
  });
  const row = { ...sampleRow(trial, null), costUsd: 0.0034, scores: cases[1]!.trials[0]!.scores };
  return { run, goldenCase, trial, trace: sampleTrace(caseId, 0), row };
}

describe("renderWaterfall", () => {
  it("shows what it always showed", async () => {
    const text = renderWaterfall(subject("order-cancel-03"), style);
    await expect(text).toMatchFileSnapshot("__golden__/waterfall.txt");
  });

  it.each([60, 110])("stays within %i columns and lets no escape sequence through", (columns) => {
    const text = renderWaterfall(subject("hostile-05"), { ...style, columns });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it looks for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(HOSTILE).toContain("\u001b");
  });

  it("says which cost and time are those of cached replies", () => {
    const one = subject("order-cancel-03");
    const [first, second] = one.trace.modelCalls;
    const trace = { ...one.trace, modelCalls: [{ ...first!, cached: true }, second!] };
    expect(renderWaterfall(one, style)).not.toContain("cache");
    const text = renderWaterfall({ ...one, trace }, style);
    expect(text).toMatch(/model gpt-4o .* cached · 1200 in/);
    expect(text).toContain("1 of 2 model calls answered from the cache: cost is what the reply cost");
  });

  it("shows a trial in which nothing happened", () => {
    const { run, goldenCase } = subject("order-cancel-03");
    const error = { code: "PROVIDER_AUTH", message: "401", isRetryable: false };
    const trial = sampleTrial("order-cancel-03", 0, { status: "error", stopReason: "error", error });
    const trace = { ...sampleTrace("x", 0), transcript: [], modelCalls: [], toolCalls: [], retrievals: [] };
    const text = renderWaterfall({ run, goldenCase, trial, trace, row: sampleRow(trial, null) }, style);
    expect(text).toMatch(/^ERROR/);
    expect(text).toContain("PROVIDER_AUTH: 401");
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });
});

it("writes the trace record", async () => {
  await expect(renderTraceRecord(subject("order-cancel-03"))).toMatchFileSnapshot(
    "__golden__/trace-record.json.golden",
  );
});

it("writes the gate report as text and as JSON", async () => {
  const gate = sampleReport().gate!;
  await expect(renderGateReport(gate, style)).toMatchFileSnapshot("__golden__/gate.txt");
  expect(JSON.parse(renderGateJson(gate))).toEqual({ schema: "agentctl/gate-report", version: 1, ...gate });
});

describe("renderRunList", () => {
  const { plan: _plan, ...header } = sampleRun("20261121-065500-k3f9", {
    status: "complete",
    tags: ["main", "good"],
  });
  const whole: RunSummary = { ...header, planned: 60, trials: 60, passed: 51, failed: 8, errors: 1 };
  const part: RunSummary = {
    ...whole,
    id: "20261120-101010-aaaa",
    status: "interrupted",
    trials: 12,
    tags: [],
  };

  it("shows what it always showed", async () => {
    await expect(renderRunList([whole, part], style)).toMatchFileSnapshot("__golden__/run-list.txt");
    expect(JSON.parse(renderRunListJson([part])).runs[0]).toMatchObject({
      id: part.id,
      trials: 12,
      planned: 60,
    });
  });

  it("says what `running` may mean and how to go on, and only then", () => {
    const running: RunSummary = { ...part, status: "running" };
    expect(renderRunList([whole, part], style)).not.toContain("--resume");
    expect(renderRunList([whole, running], style)).toMatch(
      /\n\na run that was killed stays `running` until it is resumed: agentctl eval --resume 20261120-101010-aaaa$/,
    );
    expect(renderRunList([running, { ...running, id: "b" }], style)).toMatch(/agentctl eval --resume RUN$/);
  });

  it("says what to do when there is none", () => {
    expect(renderRunList([], style)).toBe("No run is stored yet; `agentctl eval` makes one.");
  });
});

it("lists metrics by layer", async () => {
  const metric: Metric = {
    name: "retrieval.hit_rate",
    layer: "retrieval",
    unit: "proportion",
    direction: "higher",
    description: "Share of trials that retrieved at least one expected document.",
    needs: ["expect.sources", "retrieval events"],
    range: "0 to 1",
    rules: { empty: "no score", refusal: null, unsupportedClaim: null },
    agreesWith: "no peer",
    source: "trec_eval success@k",
    level: "case",
    aggregate: "proportion",
    score: () => ({ value: 1 }),
  };
  const listed = definitionOf(metric, "default");
  const second = definitionOf({ ...metric, name: "retrieval.mrr" }, "on-request");
  await expect(renderMetricList([listed, second], style)).toMatchFileSnapshot("__golden__/metric-list.txt");
  await expect(renderMetric(listed, style)).toMatchFileSnapshot("__golden__/metric.txt");
  expect(JSON.parse(renderMetricListJson([listed])).metrics).toEqual([
    expect.objectContaining({ name: "retrieval.hit_rate", needs: metric.needs }),
  ]);
});

it("says how to go on with a stopped run", () => {
  expect(renderStopped(sampleReport())).toBe(
    "Stopped (interrupted): 1 of 9 trials were not run; finished ones are stored.\nGo on with: agentctl eval --resume 20261121-065500-k3f9",
  );
});
