import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { contentHash } from "../src/core/hash.js";
import type { JudgeRunReport } from "../src/judge/run/judge-run-report.js";
import { judgementFile, openJudgementStore } from "../src/store/judgement-store.js";
import { BINARY, importRun, judgeProject, rowsOf, verdict, writeJudge } from "./judge-run-project.js";
import { type JudgeServer, startJudgeServer } from "./judge-server.js";
import { startCli } from "./run-cli.js";

const TRACES = 60;
const AT_ONCE = 8;

let server: JudgeServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

it("a judging that was killed goes on, and repeats no call whose reply was there", async () => {
  const cwd = judgeProject();
  await importRun(
    cwd,
    "main",
    rowsOf(TRACES, (index) => `Answer ${index}`),
  );
  const asked = new Map<string, number>();
  let onHalf: () => void = () => {};
  const half = new Promise<void>((resolve) => {
    onHalf = resolve;
  });
  server = await startJudgeServer((messages, request) => {
    const body = contentHash(messages.map(({ content }) => content));
    asked.set(body, (asked.get(body) ?? 0) + 1);
    if (request === TRACES / 2) onHalf();
    return verdict("yes");
  }, 20);
  writeJudge(cwd, "helpful", BINARY, server.baseUrl);
  // Nothing but stored verdicts may know what was answered.
  const args = ["judge", "run", "main", "--judge", "helpful", "-j", String(AT_ONCE), "--no-cache", "--json"];
  const options = { cwd, env: { OPENAI_API_KEY: "none-needed" } };

  const first = startCli(args, options);
  await half;
  first.kill("SIGKILL");
  expect((await first).exitCode).toBeUndefined();
  const before = server.requests();
  const stored = storedVerdicts(cwd);
  expect(stored).toBeGreaterThan(0);
  // What is missing of the calls made was in flight.
  expect(before - stored).toBeLessThanOrEqual(AT_ONCE);

  const second = await startCli(args, options);
  const report = JSON.parse(second.stdout) as JudgeRunReport;
  expect(report).toMatchObject({
    storedVotes: stored,
    newVotes: TRACES - stored,
    calls: TRACES - stored,
    items: { judged: TRACES, failed: 0, left: 0 },
    estimate: { value: 1, n: TRACES },
  });
  expect(server.requests() - before).toBe(TRACES - stored);
  expect(asked.size).toBe(TRACES);
  const repeated = [...asked.values()].reduce((sum, times) => sum + times - 1, 0);
  expect(repeated).toBe(before - stored);
});

it("a judging that is interrupted says that it can go on", async () => {
  const cwd = judgeProject();
  await importRun(
    cwd,
    "main",
    rowsOf(TRACES, (index) => `Answer ${index}`),
  );
  let onTenth: () => void = () => {};
  const tenth = new Promise<void>((resolve) => {
    onTenth = resolve;
  });
  server = await startJudgeServer((_messages, request) => {
    if (request === 10) onTenth();
    return verdict("yes");
  }, 50);
  writeJudge(cwd, "helpful", BINARY, server.baseUrl);
  const args = ["judge", "run", "main", "--judge", "helpful", "-j", "2"];
  const judging = startCli(args, { cwd, env: { OPENAI_API_KEY: "none-needed" } });
  await tenth;
  judging.kill("SIGINT");
  const { stdout, stderr, exitCode } = await judging;
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 130 });
  expect(stderr).toContain("the same command goes on");
  expect(storedVerdicts(cwd)).toBeGreaterThanOrEqual(8);
  expect(server.requests()).toBeLessThanOrEqual(14);
});

function storedVerdicts(cwd: string): number {
  const store = openJudgementStore(judgementFile(join(cwd, ".agentctl")));
  try {
    return store.verdicts("helpful").length;
  } finally {
    store.close();
  }
}
