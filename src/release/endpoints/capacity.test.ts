import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { canRun, prometheusPath } from "../routers/testing/installed.js";
import { openCapacityReader } from "./capacity.js";
import { openEndpoint } from "./http/endpoint-client.js";
import { guarded, queryPrometheus } from "./metrics/prometheus.js";
import { figureOf, startPrometheus } from "./testing/prometheus-server.js";
import { closeAfterTest } from "./testing/serve.js";

const clock = { now: () => 42 };

/** A metrics page whose text can change, and whose server can die. */
async function page(text: string) {
  const state = { text };
  const server = createServer((_, response) => response.end(state.text));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  closeAfterTest(stop);
  return { state, stop, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics` };
}

function vllm(waiting: number, usage: number, preemptions: number): string {
  return [
    `vllm:num_requests_waiting{model_name="m"} ${waiting}`,
    `vllm:kv_cache_usage_perc{model_name="m"} ${usage}`,
    `vllm:num_preemptions_total{model_name="m"} ${preemptions}`,
    "",
  ].join("\n");
}

describe("capacity of the arms", () => {
  it("is read from their pages; preemptions since the last look", async () => {
    const [stable, canary] = [await page(vllm(0, 0.2, 7)), await page(vllm(5, 0.95, 1))];
    const arm = (url: string) => ({ url: "http://127.0.0.1:1", metrics: url });
    const reader = openCapacityReader({ stable: arm(stable.url), canary: arm(canary.url) }, clock);
    closeAfterTest(() => reader.close());
    expect(await reader.read()).toEqual([
      { arm: "stable", at: 42, waiting: 0, kvCacheUsage: 0.2, preemptions: null },
      { arm: "canary", at: 42, waiting: 5, kvCacheUsage: 0.95, preemptions: null },
    ]);
    stable.state.text = vllm(0, 0.2, 7);
    canary.state.text = vllm(6, 0.96, 4);
    expect((await reader.read()).map(({ preemptions }) => preemptions)).toEqual([0, 3]);
    canary.state.text = vllm(0, 0.1, 2);
    expect((await reader.read())[1]?.preemptions).toBe(2);
    expect(reader.unreadable).toEqual([]);
    const why = async () => {
      expect((await reader.read()).map(({ arm: read }) => read)).toEqual(["stable"]);
      expect(reader.unreadable.map(({ source }) => source)).toEqual(["capacity of canary"]);
      return reader.unreadable[0]?.reason;
    };
    canary.state.text = "not a page <";
    expect(await why()).toMatch(/line 1 of the metrics page/);
    canary.state.text = "up 1\n";
    expect(await why()).toMatch(/the metrics page has no gauge/);
    await canary.stop();
    expect(await why()).toMatch(/nothing listens|the connection was cut/);
  });

  it("of arms that name no source is no reading", async () => {
    const arm = { url: "http://127.0.0.1:1" };
    expect(await openCapacityReader({ stable: arm, canary: arm }, clock).read()).toEqual([]);
  });
});

describe.runIf(canRun(prometheusPath, "prometheus"))("Prometheus of Debian", () => {
  it("tells value, no series, no number and error apart, and no dead server's figures", async () => {
    const counter = (value: number) => `${vllm(2, 0.5, 0)}requests_total ${value}\nzero 0\n`;
    const [stable, canary] = [await page(counter(100)), await page(counter(100))];
    const prometheus = await startPrometheus(prometheusPath ?? "", {
      stable: stable.url,
      canary: canary.url,
    });
    closeAfterTest(() => prometheus.stop());
    const client = openEndpoint({ url: prometheus.url, apiKey: null });
    closeAfterTest(() => client.close());
    const both = 'sum(up{job=~"stable|canary"})';
    await expect.poll(() => figureOf(client, both), { timeout: 15_000, interval: 50 }).toBe(2);

    expect(await queryPrometheus(client, 'sum(requests_total{job="canary"})')).toEqual({
      kind: "value",
      value: 100,
    });
    expect(await queryPrometheus(client, "no_such_metric")).toEqual({ kind: "no-series" });
    const none = await queryPrometheus(client, 'sum(zero{job="canary"}) / sum(zero{job="canary"})');
    expect(none).toEqual({ kind: "not-a-number", text: "NaN" });
    expect(await queryPrometheus(client, "sum(")).toMatchObject({ kind: "error" });
    expect(await queryPrometheus(client, "requests_total")).toMatchObject({
      kind: "error",
      reason: "the query gives 2 series, not one",
    });
    expect(await queryPrometheus(client, "requests_total[1m]")).toMatchObject({ kind: "error" });

    const arm = { url: "http://127.0.0.1:1" };
    const matchers = { stable: 'job="stable"', canary: 'job="canary"' };
    const config = { stable: arm, canary: arm, prometheus: { url: prometheus.url, ...matchers } };
    const reader = openCapacityReader(config, clock);
    closeAfterTest(() => reader.close());
    expect(await reader.read()).toMatchObject([
      { arm: "stable", waiting: 2, kvCacheUsage: 0.5 },
      { arm: "canary", waiting: 2, kvCacheUsage: 0.5 },
    ]);

    const count = (atLeast: number) => ({ expression: 'requests_total{job="canary"}', atLeast });
    const figure = 'max_over_time(requests_total{job="canary"}[1m])';
    const ask = (atLeast: number) =>
      queryPrometheus(client, guarded(figure, { matcher: 'job="canary"', count: count(atLeast) }));
    expect(await ask(100)).toEqual({ kind: "value", value: 100 });
    expect(await ask(101)).toEqual({ kind: "no-series" });
    await canary.stop();
    await expect.poll(() => figureOf(client, both), { timeout: 15_000, interval: 50 }).toBe(1);
    // What was seen before goes on to be told; `up` says that nobody is there.
    expect(await queryPrometheus(client, figure)).toEqual({ kind: "value", value: 100 });
    expect(await ask(1)).toEqual({ kind: "no-series" });
    expect((await reader.read()).map(({ arm: read }) => read)).toEqual(["stable"]);
    expect(reader.unreadable[0]?.reason).toContain("Prometheus has no gauge of a server that is up");
  }, 40_000);

  it("that is not there is an error", async () => {
    const client = openEndpoint({ url: "http://127.0.0.1:1", apiKey: null });
    closeAfterTest(() => client.close());
    expect(await queryPrometheus(client, "up")).toMatchObject({ kind: "error" });
  });
});
