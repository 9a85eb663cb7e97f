import { describe, expect, it } from "vitest";
import { Breaker } from "./breaker.js";

const LIMITS = { failures: 3, window: 1000, open: 500 };

function opened(): Breaker {
  const breaker = new Breaker(LIMITS);
  for (const at of [0, 1, 2]) breaker.failed(at);
  return breaker;
}

describe("a breaker", () => {
  it("opens after failures in a row, and not before", () => {
    const breaker = new Breaker(LIMITS);
    breaker.failed(0);
    breaker.failed(1);
    expect(breaker.admits(2)).toBe(true);
    breaker.failed(3);
    expect([breaker.admits(4), breaker.state(4)]).toEqual([false, "open"]);
  });

  it("forgets failures after a whole answer, or when they are far apart", () => {
    const breaker = new Breaker(LIMITS);
    for (const at of [0, 1]) breaker.failed(at);
    breaker.succeeded();
    for (const at of [2, 3, 1004, 1005]) breaker.failed(at);
    expect(breaker.state(1006)).toBe("closed");
  });

  it("does not forget them because an answer began: servers that cut every answer count as failing", () => {
    const breaker = new Breaker(LIMITS);
    for (const at of [0, 1, 2]) {
      breaker.answered();
      breaker.failed(at);
    }
    expect(breaker.state(3)).toBe("open");
  });

  it("lets one request try after its time, and closes when it is answered", () => {
    const breaker = opened();
    expect(breaker.admits(501)).toBe(false);
    expect([breaker.admits(502), breaker.admits(502)]).toEqual([true, false]);
    breaker.answered();
    expect([breaker.admits(503), breaker.state(503)]).toEqual([true, "closed"]);
  });

  it("opens again when that one fails, and lets another try when it only went away", () => {
    const breaker = opened();
    expect(breaker.admits(502)).toBe(true);
    breaker.abandoned();
    expect(breaker.admits(503)).toBe(true);
    breaker.failed(600);
    expect([breaker.admits(1099), breaker.admits(1100)]).toEqual([false, true]);
  });

  it("is not closed by a late answer to a question from before", () => {
    const breaker = opened();
    breaker.succeeded();
    expect(breaker.state(3)).toBe("open");
  });

  it("lets one try at once when a check says that the server is back", () => {
    const breaker = opened();
    breaker.hint(3);
    expect([breaker.admits(3), breaker.admits(3)]).toEqual([true, false]);
  });
});
