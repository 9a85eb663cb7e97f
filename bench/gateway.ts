import { type ChildProcess, fork, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { execa } from "execa";
import { closedLoop, openLoop, readStreams, type StreamFigures, WRK_SCRIPT } from "./gateway-load.js";

const RATE = 1000;
const CLIENTS = 32;
const STREAMS = 500;
const ROUNDS = 3;
const HAPROXY = "/usr/sbin/haproxy";
const WRK = "/usr/bin/wrk";

/** What was measured of one way to the backend. */
interface WayFigures {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly lost: number;
  /** Requests a second that 32 clients get. */
  readonly throughput: number;
}

export interface GatewayFigures {
  /** By way: `backend`, `plain`, `gateway`, and `haproxy` where it is installed. */
  readonly ways: ReadonlyMap<string, WayFigures>;
  readonly streams: ReadonlyMap<
    string,
    Pick<StreamFigures, "whole"> & { readonly p50Ms: number; readonly p99Ms: number }
  >;
  readonly idleMib: number;
  /** While 500 streams are open. */
  readonly streamingMib: number;
}

/**
 * Measures our gateway beside a plain proxy and HAProxy, all on this machine in one run, in turns, so that what else the machine
 * does meets them alike.
 */
export async function gatewayBench(bundles: string): Promise<GatewayFigures> {
  const folder = mkdtempSync(join(tmpdir(), "agentctl-bench-"));
  const program = await bundled(bundles);
  const processes: ChildProcess[] = [];
  const start = async (...args: string[]) => {
    const child = fork(program, args);
    processes.push(child);
    const { port } = await message<{ port: number }>(child);
    return { child, origin: `http://127.0.0.1:${port}` };
  };
  try {
    const backend = await start("backend");
    const gateway = await start("gateway", backend.origin);
    const origins = new Map([
      ["backend", backend.origin],
      ["plain", (await start("plain", backend.origin)).origin],
      ["gateway", gateway.origin],
    ]);
    if (existsSync(HAPROXY)) origins.set("haproxy", await startHaproxy(folder, backend.origin, processes));
    const ways = await measureWays(origins, folder);
    const idleMib = await rssOf(gateway.child);
    const streams: [string, GatewayFigures["streams"] extends ReadonlyMap<string, infer F> ? F : never][] =
      [];
    let streamingMib = 0;
    for (const name of ["backend", "gateway"]) {
      const reading = readStreams(origins.get(name) ?? "", STREAMS);
      if (name === "gateway") {
        await new Promise((resolve) => setTimeout(resolve, 2500));
        streamingMib = await rssOf(gateway.child);
      }
      const { whole, lagMs } = await reading;
      streams.push([name, { whole, p50Ms: quantile(lagMs, 0.5), p99Ms: quantile(lagMs, 0.99) }]);
    }
    return { ways, streams: new Map(streams), idleMib, streamingMib };
  } finally {
    for (const child of processes) child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureWays(
  origins: ReadonlyMap<string, string>,
  folder: string,
): Promise<ReadonlyMap<string, WayFigures>> {
  const latencies = new Map<string, number[]>();
  const rates = new Map<string, number[]>();
  for (const origin of origins.values()) await closedLoop(origin, CLIENTS, 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, origin] of origins) {
      latencies.set(name, [...(latencies.get(name) ?? []), ...(await openLoop(origin, RATE, 2))]);
      rates.set(name, [...(rates.get(name) ?? []), await throughput(origin, folder)]);
    }
  }
  return new Map(
    [...origins.keys()].map((name) => {
      const times = latencies.get(name) ?? [];
      const figures = {
        p50Ms: quantile(times, 0.5),
        p99Ms: quantile(times, 0.99),
        lost: ROUNDS * 2 * RATE - times.length,
        throughput: quantile(rates.get(name) ?? [], 0.5),
      };
      return [name, figures];
    }),
  );
}

/** By wrk where it is installed: it takes little of the machine for itself. */
async function throughput(origin: string, folder: string): Promise<number> {
  if (!existsSync(WRK)) return closedLoop(origin, CLIENTS, 2);
  const script = join(folder, "post.lua");
  writeFileSync(script, WRK_SCRIPT);
  const { stdout } = await execa(WRK, ["-t1", `-c${CLIENTS}`, "-d2s", "-s", script, origin]);
  return Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)?.[1]);
}

async function startHaproxy(folder: string, backend: string, processes: ChildProcess[]): Promise<string> {
  const port = await freePort();
  const file = join(folder, "haproxy.cfg");
  writeFileSync(
    file,
    `global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend in
  bind 127.0.0.1:${port}
  default_backend out
backend out
  http-reuse always
  server one ${new URL(backend).host}
`,
  );
  processes.push(spawn(HAPROXY, ["-f", file, "-db"], { stdio: "ignore" }));
  const origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100; tries += 1) {
    const isUp = await fetch(origin).then(
      () => true,
      () => false,
    );
    if (isUp) return origin;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("HAProxy did not start");
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function bundled(folder: string): Promise<string> {
  await build({
    entryPoints: [join(import.meta.dirname, "gateway-server.ts")],
    outdir: folder,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "warning",
  });
  return join(folder, "gateway-server.js");
}

function message<Value>(child: ChildProcess): Promise<Value> {
  return new Promise((resolve, reject) => {
    child.once("message", (value) => resolve(value as Value));
    child.once("exit", (code) => reject(new Error(`a server of the bench ended with ${code}`)));
  });
}

async function rssOf(child: ChildProcess): Promise<number> {
  const answer = message<{ rssMib: number }>(child);
  child.send("memory");
  return (await answer).rssMib;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** The figures as a table. */
export function gatewayTable({ ways, streams, idleMib, streamingMib }: GatewayFigures): string {
  const direct = ways.get("backend");
  const rows = [...ways].map(([name, { p50Ms, p99Ms, lost, throughput: rate }]) => {
    const added = (ms: number, of: number | undefined) => (ms - (of ?? Number.NaN)).toFixed(2);
    return `${name.padEnd(8)} p50 ${p50Ms.toFixed(2)} ms (+${added(p50Ms, direct?.p50Ms)}), p99 ${p99Ms.toFixed(2)} ms (+${added(p99Ms, direct?.p99Ms)}), lost ${lost}; ${Math.round(rate)} req/s at most`;
  });
  for (const [name, { whole, p50Ms, p99Ms }] of streams) {
    rows.push(
      `${name.padEnd(8)} ${STREAMS} streams: ${whole} whole, an event takes p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`,
    );
  }
  rows.push(
    `gateway  ${idleMib.toFixed(0)} MiB idle, ${streamingMib.toFixed(0)} MiB with ${STREAMS} streams`,
  );
  return rows.join("\n");
}
