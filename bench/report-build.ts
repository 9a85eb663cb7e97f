import type { Trace } from "../src/core/trace.js";
import { reporters } from "../src/report/reporters.js";
import type { CaseReport, TraceLoader } from "../src/report/run-report.js";
import { sampleReport, sampleTrace } from "../src/report/testing/report-samples.js";
import { sampleCase } from "../src/store/testing/store-samples.js";

/**
 * Builds the HTML report of a run of so many cases in a process of its own and prints one line of JSON: time, memory,
 * size. Without an argument it does so for 1,000, 10,000 and 100,000 cases. One trial in five fails; questions, answers
 * and traces are texts of words drawn from a vocabulary, with 30 scores a trial, as runs of agents have them.
 *
 * Arguments: cases; share of trials that fail, default 0.2.
 */
const SIZES = [1_000, 10_000, 100_000];
const METRICS = 30;

/** A generator of its own: the same texts in every run. */
function randomFrom(seed: number): () => number {
  let state = Math.imul(seed, 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const VOCABULARY = wordsOf(3_000);

function wordsOf(count: number): readonly string[] {
  const random = randomFrom(7);
  return Array.from({ length: count }, () =>
    Array.from({ length: 2 + Math.floor(random() * 8) }, () =>
      String.fromCharCode(97 + Math.floor(random() * 26)),
    ).join(""),
  );
}

function textOf(random: () => number, words: number): string {
  return Array.from({ length: words }, () => VOCABULARY[Math.floor(random() ** 2 * VOCABULARY.length)]).join(
    " ",
  );
}

function caseOf(index: number, failing: number): CaseReport {
  const random = randomFrom(index + 1);
  const isBad = random() < failing;
  const scores = Object.fromEntries(
    Array.from({ length: METRICS }, (_, metric) => [
      `metric.number_${metric}`,
      metric % 3 === 0
        ? { value: null, reason: "the case states nothing of it" }
        : { value: Number(random().toFixed(3)), detail: `${Math.floor(random() * 9)} of 9 claims` },
    ]),
  );
  return {
    goldenCase: sampleCase(`case-${index}`, {
      input: { kind: "text", text: textOf(random, 30) },
      tags: [`tag-${index % 12}`, `topic-${index % 40}`],
      risk: index % 10 === 0 ? "high" : "low",
    }),
    trials: [
      {
        trial: 0,
        status: "completed",
        stopReason: "answered",
        error: null,
        passed: !isBad,
        failures: isBad
          ? [`expected the answer to contain "${textOf(random, 3)}"; it says "${textOf(random, 12)}"`]
          : [],
        answer: textOf(random, 90),
        scores,
        durationMs: 500 + random() * 4_000,
        costUsd: random() / 100,
        check: null,
      },
    ],
  };
}

const traces: TraceLoader = (caseId): Trace => {
  const random = randomFrom(Number(caseId.slice(5)) + 99);
  const trace = sampleTrace(caseId, 0);
  return {
    ...trace,
    transcript: [
      { role: "user", text: textOf(random, 30) },
      { role: "assistant", text: textOf(random, 90) },
    ],
    toolCalls: trace.toolCalls.map((call) => ({ ...call, result: textOf(random, 120) })),
    retrievals: trace.retrievals.map((one) => ({
      ...one,
      chunks: Array.from({ length: 5 }, (_, rank) => ({
        documentId: `document-${Math.floor(random() * 400)}`,
        score: 9 - rank,
        text: textOf(random, 110),
      })),
    })),
  };
};

function measure(count: number, failing: number): void {
  const { totals } = sampleReport();
  const cases = Array.from({ length: count }, (_, index) => caseOf(index, failing));
  const failed = cases.filter(({ trials }) => trials[0]?.passed === false).length;
  const report = sampleReport({
    cases,
    totals: { ...totals, planned: count, completed: count, errors: 0, passed: count - failed, failed },
  });
  const rssBefore = process.memoryUsage().rss;
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  const page = reporters.html(report, traces);
  const ms = Math.round(performance.now() - started);
  const cpu = process.cpuUsage(cpuBefore);
  const mebibytes = (bytes: number) => Number((bytes / 2 ** 20).toFixed(1));
  const figures = {
    cases: count,
    failed,
    buildMs: ms,
    cpuMs: Math.round((cpu.user + cpu.system) / 1000),
    rssBeforeMb: mebibytes(rssBefore),
    rssPeakMb: mebibytes(process.resourceUsage().maxRSS * 1024),
    fileMb: Number((Buffer.byteLength(page) / 1e6).toFixed(2)),
    leftOut: /id="left-out">(.*?)<\/p>/s.exec(page)?.[1]?.replaceAll(/<[^>]+>/g, "") ?? "nothing",
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

const [cases, failing = "0.2"] = process.argv.slice(2);
if (cases !== undefined) measure(Number(cases), Number(failing));
else {
  const { execa } = await import("execa");
  for (const size of SIZES) {
    await execa("npx", ["tsx", import.meta.filename, String(size)], { stdout: "inherit", stderr: "inherit" });
  }
}
