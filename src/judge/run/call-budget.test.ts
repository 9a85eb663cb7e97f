import { describe, expect, it } from "vitest";
import type { Model, ModelRequest } from "../../models/model.js";
import { BudgetSpent, CallBudget } from "./call-budget.js";

const request: ModelRequest = {
  messages: [],
  tools: [],
  parameters: {},
  position: { caseId: "c", trial: 0, speaker: "agent", turn: 0 },
};

/** Calls take a turn of the event loop each, and cost what the list says in turn. */
function priced(costs: readonly (number | null)[], cached = false) {
  let calls = 0;
  const model: Model = {
    provider: "test",
    name: "judge",
    complete: async (_request, { onCacheHit }) => {
      const costUsd = costs[calls % costs.length] ?? null;
      calls += 1;
      if (cached) onCacheHit?.();
      await new Promise((resolve) => setImmediate(resolve));
      return { text: "", toolCalls: [], finishReason: "stop", usage: null, costUsd, model: "judge" };
    },
  };
  return { model, calls: () => calls };
}

async function callTimes(model: Model, times: number): Promise<number> {
  const { signal } = new AbortController();
  const results = await Promise.allSettled(
    Array.from({ length: times }, () => model.complete(request, { signal })),
  );
  for (const result of results) {
    if (result.status === "rejected") expect(result.reason).toBeInstanceOf(BudgetSpent);
  }
  return results.filter(({ status }) => status === "fulfilled").length;
}

describe("a budget", () => {
  it("is not exceeded by calls of one price, many at once", async () => {
    const { model, calls } = priced([0.25]);
    const budget = new CallBudget(2);
    expect(await callTimes(budget.guard(model), 50)).toBe(8);
    expect([calls(), budget.isSpent, budget.hasNoPrice]).toEqual([8, true, false]);
  });

  it("is used up by cheap calls after a dear one", async () => {
    const { model, calls } = priced([1, ...Array<number>(40).fill(0.1)]);
    expect(await callTimes(new CallBudget(3).guard(model), 41)).toBe(calls());
    // $1, then $0.1 each: the next call may be as dear as the dearest.
    expect(1 + (calls() - 1) * 0.1).toBeGreaterThan(1.9);
    expect(1 + (calls() - 1) * 0.1).toBeLessThanOrEqual(3);
  });

  it("costs nothing where the cache answers", async () => {
    const { model } = priced([5], true);
    const budget = new CallBudget(1);
    expect(await callTimes(budget.guard(model), 20)).toBe(20);
    expect(budget.isSpent).toBe(false);
  });

  it("that cannot be kept, for want of a price, ends after one call", async () => {
    const { model, calls } = priced([null]);
    const budget = new CallBudget(1);
    expect(await callTimes(budget.guard(model), 10)).toBe(1);
    expect([calls(), budget.hasNoPrice]).toEqual([1, true]);
  });

  it("of no limit leaves the model as it is", () => {
    const { model } = priced([1]);
    expect(new CallBudget(null).guard(model)).toBe(model);
  });
});
