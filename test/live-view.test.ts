import { PassThrough } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { eitherSignal, untilAborted } from "../src/eval/trials/either-signal.js";
import { LiveController } from "../src/ui/live-controller.js";
import { startLiveView } from "../src/ui/live-view.js";
import { etaMs, ProgressTracker } from "../src/ui/progress-state.js";
import { RunControl } from "../src/ui/run-control.js";
import { initialisedProject, runCli } from "./run-cli.js";

const planned = (caseId: string) => ({ caseId, caseHash: "h", trial: 0 });
const SIZE = { columns: 80, rows: 24 };

/** A run of six trials: one passed, two failed, one broke, two run. */
function started() {
  const tracker = new ProgressTracker(0);
  const control = new RunControl();
  const clock = { now: 0 };
  const asked: string[] = [];
  let interrupts = 0;
  tracker.start(6, 0);
  const finish = (caseId: string, passed: boolean | null, reason: string | null = null) => {
    tracker.trialStarted(planned(caseId), clock.now);
    const status = passed === null ? "error" : "completed";
    tracker.trialFinished({ caseId, trial: 0, status, passed, costUsd: 0.01, durationMs: 1000, reason });
  };
  finish("good", true);
  finish("bad", false, 'expected \u001b[2Jthe answer to contain "30 days"');
  finish("broken", null, "HTTP 500");
  finish("worse", false);
  for (const id of ["runs-1", "runs-2"]) tracker.trialStarted(planned(id), 0);
  clock.now = 8000;
  const controller = new LiveController({
    state: () => tracker.state(),
    control,
    budgetUsd: 2,
    trace: async (caseId) => {
      asked.push(caseId);
      return Array.from({ length: 50 }, (_, index) => `${caseId} line ${index}`);
    },
    interrupt: () => {
      interrupts += 1;
    },
    now: () => clock.now,
  });
  const texts = (size = SIZE) => controller.frame(size).map(({ text }) => text);
  const press = (input: string, key = {}) => controller.press(input, key, SIZE.rows);
  return { tracker, control, controller, clock, asked, finish, texts, press, interrupts: () => interrupts };
}

describe("what is shown", () => {
  it("counts, cost against the budget, time left, what runs, and failures with a reason", () => {
    expect(started().texts()).toEqual([
      "████████████████████░░░░░░░░░░  4/6  1 passed  2 failed  1 errors",
      "$0.0400 of $2.00, 8s, 4s left",
      ">   8s  runs-1",
      "    8s  runs-2",
      "  failed worse",
      "  error  broken  HTTP 500",
      '  failed bad  expected  [2Jthe answer to contain "30 days"',
      "p pause  s skip  enter trace  q stop  ? help",
    ]);
  });

  it.each([
    [40, 10],
    [20, 6],
    [10, 4],
    [200, 60],
  ])("fits into %i x %i, with room for the cursor", (columns, rows) => {
    const run = started();
    for (const index of Array.from({ length: 100 }).keys())
      run.finish(`case-${index}-漢字漢字漢字漢字漢字`, false, "why");
    const lines = run.texts({ columns, rows });
    expect(lines.length).toBeLessThanOrEqual(Math.max(3, rows - 1));
    for (const line of lines) expect(Array.from(line).length).toBeLessThan(Math.max(11, columns));
    expect(lines[0]).toContain("104");
  });

  it("time left follows what has ended, not what was held back, and is unknown at first", () => {
    const run = started();
    expect(etaMs(run.tracker.state(), 8000)).toBe(4000);
    expect(etaMs(run.tracker.state(), 12_000, 4000)).toBe(4000);
    expect(etaMs(new ProgressTracker(0).state(), 5000)).toBeNull();
  });
});

describe("keys", () => {
  it("p holds trials back until it is pressed again, and the time does not count", async () => {
    const run = started();
    expect(run.control.ready()).toBeNull();
    await run.press("p");
    let isReady = false;
    const ready = run.control.ready()?.then(() => {
      isReady = true;
    });
    await wait(10);
    expect(isReady).toBe(false);
    expect(run.texts()[1]).toContain("paused, 2 still running");
    run.clock.now = 20_000;
    await run.press("p");
    await ready;
    expect(run.control.heldMs(30_000)).toBe(12_000);
    expect(run.texts()[1]).toContain("4s left");
  });

  it("s skips the selected trial alone, which counts as neither passed nor failed", async () => {
    const run = started();
    const [first, second] = ["runs-1", "runs-2"].map((id) => run.control.skipSignal(planned(id)));
    await run.press("j");
    await run.press("s");
    expect([first?.aborted, second?.aborted]).toEqual([false, true]);
    run.tracker.trialStopped(planned("runs-2"));
    expect(run.texts()[0]).toContain("1 passed  2 failed  1 errors  1 skipped");
    expect(etaMs(run.tracker.state(), 8000)).toBe(2000);
  });

  it("enter opens the trace of the failure that was selected, though newer ones came", async () => {
    const run = started();
    await run.press("", { tab: true });
    await run.press("", { downArrow: true });
    run.finish("newest", false);
    expect(run.texts()).toContain("> error  broken  HTTP 500");
    await run.press("", { return: true });
    expect(run.asked).toEqual(["broken"]);
    await run.press("", { pageDown: true });
    expect(run.texts()[2]).toBe("broken line 20");
    expect(run.texts().at(-1)).toContain("esc closes");
    await run.press("", { escape: true });
    expect(run.texts()).toContain("  failed newest");
  });

  it.each([
    ["q", {}],
    ["c", { ctrl: true }],
  ])("%s stops the run, also a held one", async (input, key) => {
    const run = started();
    await run.press("p");
    await run.press(input, key);
    expect(run.interrupts()).toBe(1);
    expect(run.control.isPaused).toBe(false);
    expect(run.texts()[1]).toContain("stopping");
  });

  it("? lists the keys", async () => {
    const run = started();
    await run.press("?");
    expect(run.texts().join("\n")).toContain("skip the selected running trial; --resume runs it");
  });
});

it("ink draws it without colour, and takes it away", async () => {
  const screen = Object.assign(new PassThrough(), { columns: 40, rows: 10 });
  let drawn = "";
  screen.on("data", (text) => {
    drawn += text;
  });
  const stop = startLiveView(started().controller, {
    stdin: process.stdin,
    screen: screen as unknown as NodeJS.WriteStream,
    useColor: false,
    debug: true,
  });
  await wait(150);
  stop();
  expect(drawn).toContain("4/6  1 passed  2 failed");
  expect(drawn).toContain("? help  q stop");
  // Without a keyboard, as here, there are no keys, and that is no error.
  expect(drawn).not.toContain("Raw mode");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape codes
  expect(drawn).not.toMatch(/\u001b\[3\dm/);
});

it("a pipe gets no escape codes", async () => {
  const cwd = await initialisedProject();
  const { stdout, stderr } = await runCli(["eval", "--limit", "3"], { cwd });
  expect(stdout + stderr).not.toContain("\u001b");
});

it("a signal of two is aborted with either, and a wait ends with the signal", async () => {
  for (const which of [0, 1]) {
    const controllers = [new AbortController(), new AbortController()] as const;
    const either = eitherSignal(controllers[0].signal, controllers[1].signal);
    const waiting = untilAborted(new Promise(() => {}), either.signal);
    expect(either.signal.aborted).toBe(false);
    controllers[which]?.abort();
    await waiting;
    expect(either.signal.aborted).toBe(true);
    either.release();
  }
});
