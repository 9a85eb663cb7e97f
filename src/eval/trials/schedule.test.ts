import { describe, expect, it } from "vitest";
import type { PlannedTrial } from "../../core/run.js";
import { schedule } from "./schedule.js";

const plan: readonly PlannedTrial[] = Array.from({ length: 20 }, (_, index) => ({
  caseId: `case-${index}`,
  caseHash: "",
  trial: 0,
}));

const options = { maxConcurrency: 3, signal: new AbortController().signal, shouldStop: () => false };
const soon = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe("schedule", () => {
  it("runs every trial once, never more at a time than allowed", async () => {
    const started: string[] = [];
    let running = 0;
    let most = 0;
    await schedule(
      plan,
      async ({ caseId }) => {
        started.push(caseId);
        most = Math.max(most, ++running);
        await soon(1);
        running -= 1;
      },
      options,
    );
    expect(started).toEqual(plan.map((one) => one.caseId));
    expect(most).toBe(3);
  });

  it("starts nothing more once it is told to stop", async () => {
    let started = 0;
    await schedule(
      plan,
      async () => {
        started += 1;
      },
      { ...options, maxConcurrency: 1, shouldStop: () => started === 5 },
    );
    expect(started).toBe(5);
  });

  it("starts nothing more after an abort, and waits for what runs", async () => {
    const controller = new AbortController();
    let ended = 0;
    await schedule(
      plan,
      async ({ caseId }) => {
        if (caseId === "case-2") controller.abort();
        await soon(5);
        ended += 1;
      },
      { ...options, signal: controller.signal },
    );
    expect(ended).toBe(3);
  });

  it("rejects with what a trial throws, after the others have ended", async () => {
    let ended = 0;
    const run = schedule(
      plan,
      async ({ caseId }) => {
        if (caseId === "case-1") throw new Error("disk full");
        await soon(5);
        ended += 1;
      },
      options,
    );
    await expect(run).rejects.toThrow("disk full");
    expect(ended).toBe(2);
  });
});
