import { evaluateSuite, type SuiteResult } from "agentctl/vitest";
import { beforeAll, describe, expect, it } from "vitest";

describe("the support agent", () => {
  let run: SuiteResult;
  beforeAll(async () => {
    run = await evaluateSuite({ suite: "starter" });
  }, 120_000);

  it("passes the gates of the project", () => {
    expect(run).toPassGate();
  });

  it("is faithful, and answers in time", () => {
    expect(run).toMeet({ faithfulness: { min: 0.85, bound: "lower" }, "latency.p95_ms": { max: 3500 } });
  });

  it("rests its answer on the runbook", () => {
    expect(run.case("key-reset-01")).toCite("security-runbook");
  });

  it("looks orders up, and cancels none that it was not asked to cancel", () => {
    expect(run.case("order-status-01")).toCallTool("lookup_order", { order_id: "A-1043" });
    expect(run.case("order-status-01")).not.toCallTool("cancel_order");
  });
});
