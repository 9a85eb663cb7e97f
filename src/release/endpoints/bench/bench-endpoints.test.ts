import { describe, expect, it } from "vitest";
import { systemClock } from "../../../core/clock.js";
import type { TimesReport } from "../../../report/schemas/endpoint-bench.js";
import { serve } from "../testing/serve.js";
import { benchEndpoints } from "./bench-endpoints.js";
import type { BenchFlags } from "./bench-settings.js";

/** Loads of tests share their machine with others; what is late by less is no fault of the code. */
const CALM = { maxLag: "5s" };
async function bench(url: string, flags: Partial<BenchFlags>, signal = new AbortController().signal) {
  const defaults = { duration: "1s", arrivals: "constant", seed: 1, promptTokens: 16, outputTokens: 64 };
  const { report, exitCode } = await benchEndpoints(
    url,
    { ...defaults, timeout: "20s", ...CALM, ...flags },
    { env: {}, clock: systemClock, signal, onLoad: () => {}, resolvePath: (file) => file },
  );
  const loads = report.endpoints.map((one) => one.loads);
  const [load] = loads[0] ?? [];
  if (load === undefined) throw new Error("no load");
  return { report, exitCode, loads, load };
}

function quantileOf(times: TimesReport, q: number): number {
  const value = times.quantiles.find((one) => one.q === q)?.value;
  if (value === undefined || value === null) throw new Error(`no claim on quantile ${q} of ${times.n}`);
  return value;
}

describe("endpoint bench against a server of known times", () => {
  it("measures first token, gaps and whole answers as the server makes them", async () => {
    const { url } = await serve({ ttftMs: 45, gapMs: 10, tokens: 8 });
    const flags = { rate: "25/s", duration: "1500ms", maxLag: "15ms" };
    let { load } = await bench(url, flags);
    // On a busy machine the tool itself says that its figures are none: then once more.
    for (let more = 3; load.state === "error" && more > 0; more -= 1) ({ load } = await bench(url, flags));
    expect(load).toMatchObject({ arrivals: 38, completed: 38, failed: 0, outputTokens: 304 });
    const median = (times: TimesReport) => quantileOf(times, 0.5);
    const [first, whole] = [median(load.intended.ttft), median(load.intended.e2e)];
    expect(first).toBeGreaterThanOrEqual(44);
    expect(whole).toBeGreaterThanOrEqual(114);
    if (load.state === "measured") {
      expect(first).toBeLessThan(90);
      expect(median(load.gaps)).toBeGreaterThan(6);
      expect(median(load.gaps)).toBeLessThan(20);
      expect(whole).toBeLessThan(200);
    }
    expect(load.gauges?.running?.most).toBeGreaterThan(0);
    // The server counts in buckets: the first that can hold a request begins at 40 ms.
    expect(load.gauges?.serverTtft?.n).toBe(38);
    expect(load.gauges?.serverTtft?.p50Ms).toBeGreaterThan(39);
    // 38 requests carry no claim on p95 and p99.
    expect(load.intended.ttft.quantiles.map(({ value }) => value === null)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it("sees the queue of a server whose places ran out", async () => {
    // 4 places of 50 ms carry 80 requests a second. simulated-load.test.ts finds the knee, where no busy machine is in the way.
    const { url } = await serve({ ttftMs: 50, tokens: 1, places: 4 });
    const { report, load } = await bench(url, { rate: "160/s" });
    expect(load).toMatchObject({ queueGrows: true, completed: 160, failed: 0 });
    expect(load.gauges?.waiting?.most).toBeGreaterThan(10);
    expect(report.endpoints[0]?.knee).toMatchObject({ rate: 160, carried: null });
  });

  it("shows a stall to those who waited for it, and in no service time", async () => {
    const { url } = await serve({ ttftMs: 1, tokens: 1, stall: { chat: 100, ms: 500 } });
    const { load } = await bench(url, { rate: "160/s", duration: "2500ms", connections: 1 });
    expect(load.completed).toBe(400);
    // 500 ms at 160/s are 80 requests that had to wait: a fifth of them, where one was served slowly.
    expect(quantileOf(load.intended.ttft, 0.99)).toBeGreaterThan(400);
    expect(quantileOf(load.service.ttft, 0.99)).toBeLessThan(250);
    expect(load.service.ttft.maxMs).toBeGreaterThan(490);
  });

  it("counts failures as not good, and leaves them out of the times", async () => {
    // The first chat is the look whether the endpoint answers at all.
    const { url } = await serve({ ttftMs: 1, statusOf: (chat) => (chat > 1 && chat % 2 === 0 ? 503 : 200) });
    const { load, report } = await bench(url, { rate: "40/s" });
    expect(load).toMatchObject({ arrivals: 40, completed: 20, failed: 20, goodShare: 0.5 });
    expect(load.failures).toEqual([{ reason: "HTTP 503", count: 20 }]);
    expect(load.intended.ttft.n).toBe(20);
    expect(report.endpoints[0]?.knee).toMatchObject({ rate: 40, carried: null });
  });

  it("compares two endpoints that are loaded at the same time", async () => {
    const [fast, slow] = [await serve({ ttftMs: 5, tokens: 2 }), await serve({ ttftMs: 60, tokens: 2 })];
    const { report } = await bench(fast.url, { rate: "40/s", against: slow.url });
    const median = report.differences.find(({ measure, q }) => measure === "ttft" && q === 0.5);
    // What a busy machine adds, it adds to both.
    expect(median?.differenceMs).toBeGreaterThan(25);
    expect(median?.lower).toBeLessThanOrEqual(median?.differenceMs ?? 0);
    expect(median?.upper).toBeGreaterThanOrEqual(median?.differenceMs ?? 0);
    expect(report.differences.find(({ q }) => q === 0.99)?.differenceMs).toBeNull();
  });

  it("refuses figures when the generator was late itself", async () => {
    const { url } = await serve();
    const { load, exitCode, report } = await bench(url, {
      rate: "50/s",
      duration: "200ms",
      maxLag: "0.001ms",
    });
    expect(load).toMatchObject({ state: "error", goodput: null });
    expect(load.reasons[0]).toContain("late by");
    expect(exitCode).toBe(3);
    expect(report.endpoints[0]?.knee).toMatchObject({ rate: null, carried: null });
  });

  it("keeps what there is when it is stopped", async () => {
    const { url, paths } = await serve({ ttftMs: 10, tokens: 1 });
    const stop = new AbortController();
    const running = bench(url, { rate: "50/s", duration: "60s" }, stop.signal);
    await expect.poll(() => paths.length, { timeout: 5000 }).toBeGreaterThan(20);
    stop.abort();
    const { load, exitCode } = await running;
    expect(exitCode).toBe(130);
    expect(load.state).toBe("interrupted");
    expect(load.completed).toBeGreaterThan(5);
    expect(load.completed + load.failed + load.unfinished).toBe(load.arrivals);
    expect(load.failed).toBe(0);
  });

  it("says when an endpoint cannot be asked, and which flags are wrong", async () => {
    await expect(bench("http://127.0.0.1:1", {})).rejects.toThrow(/not reachable/);
    const { url } = await serve({ statusOf: () => 500 });
    await expect(bench(url, {})).rejects.toThrow(/does not answer a chat: HTTP 500/);
    await expect(bench(url, { rate: "2/s", sweep: ["1"] })).rejects.toThrow(/found both/);
    await expect(bench(url, { rate: "0/s" })).rejects.toThrow(/above 0/);
    await expect(bench(url, { slo: ["p99=1s"] })).rejects.toThrow(/ttft=500ms/);
    await expect(bench(url, { rate: "100000/s", duration: "1h" })).rejects.toThrow(
      /at most 1,000,000 requests, found one of about 360,000,000/,
    );
    await expect(bench(url, { duration: "30" })).rejects.toThrow(/--duration/);
    await expect(bench(url, { arrivals: "uniform" })).rejects.toThrow(/poisson or constant/);
  });
});
