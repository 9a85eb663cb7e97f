import { expect, test } from "vitest";
import { type BreakerPass, type CallOutcome, CircuitBreaker } from "./circuit-breaker.js";

const SETTINGS = { failureRate: 0.5, minCalls: 4, windowMs: 10_000, openMs: 5_000 };

function call(breaker: CircuitBreaker, outcome: CallOutcome, nowMs: number) {
  return entered(breaker, nowMs).report(outcome, nowMs);
}

function entered(breaker: CircuitBreaker, nowMs: number): BreakerPass {
  const pass = breaker.enter(nowMs);
  if ("retryAfterMs" in pass) return expect.unreachable("the breaker refused");
  return pass;
}

function opened(): CircuitBreaker {
  const breaker = new CircuitBreaker(SETTINGS);
  for (let index = 0; index < 4; index += 1) call(breaker, "failure", 0);
  return breaker;
}

test("opens when enough calls of the window failed, and says why", () => {
  const breaker = new CircuitBreaker(SETTINGS);
  expect(call(breaker, "success", 0)).toBeNull();
  expect(call(breaker, "failure", 0)).toBeNull();
  expect(call(breaker, "success", 0)).toBeNull();
  expect(call(breaker, "failure", 0)).toEqual({
    from: "closed",
    to: "open",
    reason: "2 of 4 calls failed within 10000 ms",
  });
  expect(breaker.enter(1_000)).toEqual({ retryAfterMs: 4_000 });
});

test("forgets what lies before the window", () => {
  const breaker = new CircuitBreaker(SETTINGS);
  for (let index = 0; index < 3; index += 1) call(breaker, "failure", index);
  call(breaker, "failure", 11_000);
  expect(breaker.state).toBe("closed");
  for (let index = 0; index < 3; index += 1) call(breaker, "failure", 12_000);
  expect(breaker.state).toBe("open");
});

test("stays closed below the share of failures, and for what says nothing", () => {
  const breaker = new CircuitBreaker(SETTINGS);
  for (let index = 0; index < 20; index += 1) {
    call(breaker, "success", index);
    call(breaker, "success", index);
    call(breaker, "failure", index);
    for (let ignored = 0; ignored < 9; ignored += 1) call(breaker, "ignored", index);
  }
  expect(breaker.state).toBe("closed");
});

test("lets one probe through when its time has passed; its success closes", () => {
  const breaker = opened();
  const probe = entered(breaker, 5_000);
  expect(probe.change).toMatchObject({ from: "open", to: "half-open" });
  expect(breaker.enter(5_001)).toEqual({ retryAfterMs: 5_000 });
  expect(probe.report("success", 5_002)).toMatchObject({ from: "half-open", to: "closed" });
  expect(entered(breaker, 5_003).change).toBeNull();
});

test("a failed probe opens again for the whole time", () => {
  const breaker = opened();
  expect(call(breaker, "failure", 6_000)).toMatchObject({ from: "half-open", to: "open" });
  expect(breaker.enter(10_999)).toEqual({ retryAfterMs: 1 });
  expect(entered(breaker, 11_000).change?.to).toBe("half-open");
});

test("an aborted probe frees the place for the next one", () => {
  const breaker = opened();
  entered(breaker, 5_000).report("ignored", 5_100);
  expect(breaker.state).toBe("half-open");
  expect(call(breaker, "success", 5_200)).toMatchObject({ to: "closed" });
});

test("calls from before a change of state do not count after it", () => {
  const breaker = new CircuitBreaker(SETTINGS);
  const old = entered(breaker, 0);
  for (let index = 0; index < 4; index += 1) call(breaker, "failure", 0);
  expect(breaker.state).toBe("open");
  expect(old.report("success", 1)).toBeNull();
  const probe = entered(breaker, 5_000);
  expect(old.report("failure", 5_001)).toBeNull();
  expect(breaker.state).toBe("half-open");
  probe.report("success", 5_002);
  expect(breaker.state).toBe("closed");
});
