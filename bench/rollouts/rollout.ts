import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { request } from "undici";
import type { Arm } from "../../src/core/traffic-split.js";
import { drawFrom, rewardsOf } from "./outcomes.js";
import { type Scenario, SLOWER_MS } from "./scenarios.js";
import type { RouterName, Stack } from "./stack.js";
import { Traffic } from "./traffic.js";

/** A row of `agentctl canary history --json`. */
interface HistoryRow {
  readonly at: string;
  readonly kind: string;
  readonly event: string;
  readonly to: string;
  readonly targetBps: number | null;
  readonly reason: string;
}

/** What one rollout came to, before it is counted. */
export interface RolloutRecord {
  readonly state: string;
  readonly exitCode: number | undefined;
  readonly rows: readonly HistoryRow[];
  readonly traffic: Traffic;
  /** ms since 1970; `null` when nothing was bad. */
  readonly firstBadAt: number | null;
  readonly seconds: number;
}

/** Seconds of traffic after the end, in which a canary that should be at 0 would show. */
const AFTERWARDS_MS = 2000;

/** One release by command, with traffic before, during and after it. */
export async function rollOut(
  scenario: Scenario,
  router: RouterName,
  parts: { readonly stack: Stack; readonly folder: string; readonly bin: string; readonly rate: number },
): Promise<RolloutRecord> {
  const { stack, folder, bin } = parts;
  const started = performance.now();
  let firstBadAt: number | null = null;
  const bad = () => {
    firstBadAt ??= Date.now();
  };
  const tell = teller(router, stack, folder);
  const outcomes = {
    stable: drawFrom(rewardsOf(scenario.stable), 1),
    canary: drawFrom(rewardsOf(scenario.canary), 2),
  };
  const traffic = new Traffic({
    url: stack.url,
    canaryModel: "v2",
    conversationsPerSecond: parts.rate,
    onEnd: async (id, arm) => {
      const value = outcomes[arm]();
      if (scenario.fault === "from-start" && arm === "canary" && !value) bad();
      await tell("feedback", id, { kind: "resolution", value, source: "tau2-bench" });
    },
  });
  const release = execa(bin, ["canary", "start", "--run", "latest", "--actor", "bench"], {
    cwd: folder,
    env: stack.env,
    reject: false,
  });
  let hasBegun = false;
  createInterface({ input: release.stderr as NodeJS.ReadableStream }).on("line", (line) => {
    if (hasBegun || !line.startsWith("BAKING(1)")) return;
    hasBegun = true;
    if (scenario.fault === "latency")
      void request(`${stack.canaryUrl}/fault?latency=${SLOWER_MS}`, { method: "PUT" }).then(bad);
    if (scenario.fault === "critical") {
      const id = traffic.conversations.findLast(({ arm }) => arm === "canary")?.id ?? "";
      bad();
      void tell("safety_violation", id, { rule: "pii-leak", severity: "critical", verified: true });
    }
  });
  const { exitCode } = await release;
  await new Promise((resolve) => setTimeout(resolve, AFTERWARDS_MS));
  await traffic.stop();
  const { stdout } = await execa(bin, ["canary", "history", "--json"], { cwd: folder, env: stack.env });
  const { releases } = JSON.parse(stdout) as {
    readonly releases: readonly {
      readonly state: { readonly name: string };
      readonly rows: readonly HistoryRow[];
    }[];
  };
  const [{ state, rows } = { state: { name: "none" }, rows: [] }] = releases;
  return {
    state: state.name,
    exitCode,
    rows,
    traffic,
    firstBadAt,
    seconds: (performance.now() - started) / 1000,
  };
}

type Tell = (type: "feedback" | "safety_violation", id: string, payload: object) => Promise<void>;

/** The gateway is told over HTTP; behind a proxy the application appends lines to a file of its own. */
function teller(router: RouterName, stack: Stack, folder: string): Tell {
  let number = 0;
  return async (type, id, payload) => {
    number += 1;
    if (router === "gateway") {
      const path = type === "feedback" ? "feedback" : "safety";
      const body = JSON.stringify({ id: `told-${number}`, conversation_id: id, ...payload });
      const answer = await request(`${stack.url}/v1/${path}`, { method: "POST", body });
      await answer.body.dump();
      if (answer.statusCode !== 202) throw new Error(`${path}: HTTP ${answer.statusCode}`);
      return;
    }
    const event = {
      event_id: `told-${number}`,
      event_type: type,
      timestamp: new Date().toISOString(),
      conversation_id: id,
      tenant_id: "default",
      trace_id: "",
      payload,
    };
    appendFileSync(join(folder, ".agentctl", "events", "application.jsonl"), `${JSON.stringify(event)}\n`);
  };
}

/** How many conversations began in the canary between two moments. */
export function shareBetween(
  { conversations }: Traffic,
  from: number,
  to: number,
): { readonly all: number; readonly canary: number } {
  const within = conversations.filter(({ startedAt }) => startedAt >= from && startedAt < to);
  return {
    all: within.length,
    canary: within.filter(({ arm }: { readonly arm: Arm }) => arm === "canary").length,
  };
}
