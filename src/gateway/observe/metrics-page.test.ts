import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { emptyState } from "../testing/gateway-state.js";
import { served } from "../testing/served.js";
import { healthOf, healthStatus } from "./health.js";
import { renderMetrics } from "./metrics-page.js";
import { TrafficCounts } from "./traffic-counts.js";

const PROMTOOL = process.env.PROMTOOL ?? "/usr/bin/promtool";
const HOW_TO_INSTALL =
  "promtool checks the metrics page: apt-get install -y prometheus, or set PROMTOOL to its path";

function sampleOf(page: string, series: string): number {
  const line = page.split("\n").find((text) => text.startsWith(`${series} `));
  if (line === undefined) throw new Error(`no ${series} in the page`);
  return Number(line.slice(series.length + 1));
}

function stateAfterTraffic() {
  const traffic = new TrafficCounts();
  traffic.count(served());
  traffic.count(served({ arm: "canary", latencyMs: 250, firstTokenMs: 100, costUsd: null }));
  traffic.count(
    served({ arm: "canary", status: 502, ok: false, failure: 'a "quoted"\\\nword', usage: null }),
  );
  traffic.count(served({ arm: "canary", route: "shadow", latencyMs: 9_000 }));
  traffic.count(served({ route: "fallback", status: 0, ok: true, failure: "client-gone" }));
  const up = { isUp: true, breaker: "closed", inFlight: 3, requests: 1, errors: 0, redispatched: 2 } as const;
  return emptyState({
    traffic,
    arms: [
      { ...up, arm: "stable", url: "http://127.0.0.1:1" },
      { ...up, arm: "canary", url: "http://127.0.0.1:2", breaker: "open" },
    ],
    traces: { exported: 4, dropped: 1 },
  });
}

describe("the metrics page", () => {
  it("counts by arm, route and status, and leaves copies and failures out of the times", () => {
    const page = renderMetrics(stateAfterTraffic());
    const expected: Record<string, number> = {
      'requests_total{arm="stable",route="bucket",status="2xx"}': 1,
      'requests_total{arm="canary",route="bucket",status="5xx"}': 1,
      'requests_total{arm="stable",route="fallback",status="none"}': 1,
      fallbacks_total: 1,
      'request_duration_seconds_bucket{arm="canary",le="0.1"}': 0,
      'request_duration_seconds_bucket{arm="canary",le="0.25"}': 1,
      'request_duration_seconds_bucket{arm="canary",le="+Inf"}': 1,
      'request_duration_seconds_sum{arm="canary"}': 0.25,
      'time_to_first_token_seconds_count{arm="canary"}': 1,
      'tokens_total{arm="stable",direction="input"}': 20,
      'cost_usd_total{arm="stable"}': 1,
      'unpriced_requests_total{arm="canary"}': 1,
      'in_flight{arm="stable"}': 3,
      'breaker_state{arm="canary",state="open"}': 1,
      spans_dropped_total: 1,
    };
    for (const [name, value] of Object.entries(expected)) {
      expect([name, sampleOf(page, `agentctl_gateway_${name}`)]).toEqual([name, value]);
    }
    expect(page).toContain("\nagentctl_gateway_lease_left_seconds +Inf\n");
  });

  it("holds no id, no tenant and no address", () => {
    expect(renderMetrics(stateAfterTraffic())).not.toMatch(/acme|c1|127\.0\.0\.1|0af76/);
  });

  it("is what Prometheus reads", () => {
    if (!existsSync(PROMTOOL)) {
      if (process.env.CI === "true") throw new Error(HOW_TO_INSTALL);
      console.warn(HOW_TO_INSTALL);
      return;
    }
    for (const state of [stateAfterTraffic(), emptyState()]) {
      const said = execFileSync(PROMTOOL, ["check", "metrics"], {
        input: renderMetrics(state),
        encoding: "utf8",
      });
      expect(said).toBe("");
    }
  });
});

describe("the health check", () => {
  it("is failing without a stable arm, degraded with anything else that is wrong", () => {
    const { arms } = stateAfterTraffic();
    const [stable] = arms;
    if (stable === undefined) throw new Error("expected an arm");
    expect(healthOf(emptyState({ arms: [stable] }))).toMatchObject({ status: "ok", problems: [] });
    const degraded = healthOf(emptyState({ arms }));
    expect([degraded.status, healthStatus(degraded)]).toEqual(["degraded", 200]);
    const failing = healthOf(emptyState({ arms: [{ ...stable, isUp: false }] }));
    expect([failing.status, healthStatus(failing)]).toEqual(["failing", 503]);
    const lost = emptyState({
      arms: [stable],
      events: { written: 0, lost: 3, waiting: 9, failure: "ENOSPC" },
    });
    expect(healthOf(lost).problems).toEqual(["events cannot be written: ENOSPC", "3 events were lost"]);
  });
});
