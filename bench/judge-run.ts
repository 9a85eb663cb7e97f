import { join } from "node:path";
import type { JudgeRunReport } from "../src/judge/run/judge-run-report.js";
import { judgementFile, openJudgementStore } from "../src/store/judgement-store.js";
import { importRun, judgeProject, rowsOf, STARS, verdict, writeJudge } from "../test/judge-run-project.js";
import { startJudgeServer } from "../test/judge-server.js";
import { startCli } from "../test/run-cli.js";

/**
 * Judges traces against a server on loopback that takes a fixed time for each call: first in one go, then killed by
 * SIGKILL half way and gone on with. The ideal is what the server alone would take at this concurrency. Prints one line
 * of JSON. Needs `npm run build`.
 *
 * Arguments: traces, concurrency, milliseconds of a call.
 */
const [traces = 1000, atOnce = 50, delayMs = 500] = process.argv.slice(2).map(Number);
const options = (cwd: string) => ({ cwd, env: { OPENAI_API_KEY: "none-needed" } });
const args = ["judge", "run", "main", "--judge", "helpful", "-j", String(atOnce), "--json"];

async function project() {
  const cwd = judgeProject();
  await importRun(
    cwd,
    "main",
    rowsOf(traces, (index) => `Answer ${index}: ${"a word ".repeat(200)}`),
  );
  const asked = new Map<string, number>();
  const times = { first: 0, last: 0 };
  let onRequest: (request: number) => void = () => {};
  const server = await startJudgeServer((messages, request) => {
    const body = messages.map(({ content }) => content).join("\n");
    asked.set(body, (asked.get(body) ?? 0) + 1);
    times.last = performance.now();
    if (request === 1) times.first = times.last;
    onRequest(request);
    return verdict((request % 3) + 1);
  }, delayMs);
  writeJudge(cwd, "helpful", STARS, server.baseUrl);
  const onHalf = () =>
    new Promise<void>((resolve) => {
      onRequest = (request) => {
        if (request === Math.floor(traces / 2)) resolve();
      };
    });
  return { cwd, server, asked, times, onHalf };
}

async function inOneGo() {
  const { cwd, server, times } = await project();
  const started = performance.now();
  const { stdout } = await startCli(args, options(cwd));
  const wallMs = performance.now() - started;
  const report = JSON.parse(stdout) as JudgeRunReport;
  await server.close();
  const judgingMs = times.last - times.first + delayMs;
  const idealMs = Math.ceil(traces / atOnce) * delayMs;
  return {
    judged: report.items.judged,
    requests: server.requests(),
    mostOpen: server.mostOpen(),
    idealMs,
    judgingMs: Math.round(judgingMs),
    wallMs: Math.round(wallMs),
    ofIdeal: Number((idealMs / judgingMs).toFixed(3)),
    tracesPerSecond: Number((traces / (judgingMs / 1000)).toFixed(1)),
  };
}

async function killedAndResumed() {
  const { cwd, server, asked, onHalf } = await project();
  const half = onHalf();
  const first = startCli(args, options(cwd));
  await half;
  first.kill("SIGKILL");
  await first;
  const before = server.requests();
  const store = openJudgementStore(judgementFile(join(cwd, ".agentctl")));
  const stored = store.verdicts("helpful").length;
  store.close();
  const report = JSON.parse((await startCli(args, options(cwd))).stdout) as JudgeRunReport;
  await server.close();
  const repeated = [...asked.values()].reduce((sum, times) => sum + times - 1, 0);
  return {
    judged: report.items.judged,
    requestsBeforeKill: before,
    storedAtKill: stored,
    inFlightAtKill: before - stored,
    requestsAfter: server.requests() - before,
    // Of these the reply had not come: exactly what was in flight.
    repeated,
    repeatedWithReply: repeated - (before - stored),
  };
}

const oneGo = await inOneGo();
const resumed = await killedAndResumed();
process.stdout.write(`${JSON.stringify({ traces, atOnce, delayMs, oneGo, resumed })}\n`);
