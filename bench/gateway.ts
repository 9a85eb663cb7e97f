import { type ChildProcess, fork, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { execa } from "execa";
import { closedLoop, openLoop, readStreams, type StreamFigures, WRK_SCRIPT } from "./gateway-load.js";

const RATE = 1000;
const CLIENTS = 32;
const STREAMS = 500;
const ROUNDS = 5;
/** Until the code of a server is compiled. */
const WARM_UP_SECONDS = 3;
/** Of each measurement in a round. */
const SECONDS = 2;
const HAPROXY = "/usr/sbin/haproxy";
const WRK = "/usr/bin/wrk";

/** A server, and the process that it is. */
interface Way {
  readonly origin: string;
  readonly pid: number;
}

/** What was measured of one way to the backend, each the least disturbed of five rounds. */
interface WayFigures {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of all rounds. */
  readonly lost: number;
  /** Requests a second that 32 clients get. */
  readonly throughput: number;
  /** CPU of the server for one request in microseconds: what else the machine does changes it little. NaN without `/proc`. */
  readonly cpuUs: number;
}

interface StreamTimes {
  readonly whole: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface GatewayFigures {
  readonly backend: WayFigures;
  readonly plain: WayFigures;
  readonly gateway: WayFigures;
  /** `null` where it is not installed. */
  readonly haproxy: WayFigures | null;
  readonly directStreams: StreamTimes;
  readonly streams: StreamTimes;
  /** Of the gateway while 500 streams are open. */
  readonly streamingMib: number;
}

/**
 * Measures our gateway beside a plain proxy and HAProxy, all on this machine in one run, in turns, so that what else the machine
 * does meets them alike.
 *
 * @param bundles - folder for the bundled servers
 */
export async function gatewayBench(bundles: string): Promise<GatewayFigures> {
  const folder = mkdtempSync(join(tmpdir(), "agentctl-bench-"));
  const program = await bundled(bundles);
  const processes: ChildProcess[] = [];
  const start = async (...args: string[]) => {
    const child = fork(program, args);
    processes.push(child);
    const { port } = await message<{ port: number }>(child);
    return { child, origin: `http://127.0.0.1:${port}`, pid: child.pid ?? 0 };
  };
  try {
    const backend = await start("backend");
    const plain = await start("plain", backend.origin);
    const gateway = await start("gateway", backend.origin);
    const haproxy = existsSync(HAPROXY) ? await startHaproxy(folder, backend.origin, processes) : null;
    const ways = haproxy === null ? [backend, plain, gateway] : [backend, plain, gateway, haproxy];
    const of = await measureWays(ways, folder);
    const directStreams = timesOf(await readStreams(backend.origin, STREAMS));
    const reading = readStreams(gateway.origin, STREAMS);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const streamingMib = await rssOf(gateway.child);
    return {
      backend: of(backend),
      plain: of(plain),
      gateway: of(gateway),
      haproxy: haproxy === null ? null : of(haproxy),
      directStreams,
      streams: timesOf(await reading),
      streamingMib,
    };
  } finally {
    for (const child of processes) child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function timesOf({ whole, lagMs }: StreamFigures): StreamTimes {
  return { whole, p50Ms: quantile(lagMs, 0.5), p99Ms: quantile(lagMs, 0.99) };
}

async function measureWays(ways: readonly Way[], folder: string): Promise<(way: Way) => WayFigures> {
  const rounds = new Map<Way, WayFigures[]>(ways.map((way) => [way, []]));
  for (const { origin } of ways) await closedLoop(origin, CLIENTS, WARM_UP_SECONDS);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [way, figures] of rounds) figures.push(await measureRound(way, folder));
  }
  return (way) => {
    const figures = rounds.get(way) ?? [];
    const least = (of: (figure: WayFigures) => number) => Math.min(...figures.map(of));
    return {
      p50Ms: least((figure) => figure.p50Ms),
      p99Ms: least((figure) => figure.p99Ms),
      lost: figures.reduce((sum, figure) => sum + figure.lost, 0),
      throughput: -least((figure) => -figure.throughput),
      cpuUs: least((figure) => figure.cpuUs),
    };
  };
}

async function measureRound({ origin, pid }: Way, folder: string): Promise<WayFigures> {
  const times = await openLoop(origin, RATE, SECONDS);
  const before = cpuMsOf(pid);
  const rate = await throughput(origin, folder);
  return {
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    lost: RATE * SECONDS - times.length,
    throughput: rate,
    cpuUs: ((cpuMsOf(pid) - before) / (rate * SECONDS)) * 1000,
  };
}

/** Time that a process ran, in user and in kernel mode. */
function cpuMsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

/** By wrk where it is installed: it takes little of the machine for itself. */
async function throughput(origin: string, folder: string): Promise<number> {
  if (!existsSync(WRK)) return closedLoop(origin, CLIENTS, SECONDS);
  const script = join(folder, "post.lua");
  writeFileSync(script, WRK_SCRIPT);
  const { stdout } = await execa(WRK, ["-t1", `-c${CLIENTS}`, `-d${SECONDS}s`, "-s", script, origin]);
  return Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)?.[1]);
}

async function startHaproxy(folder: string, backend: string, processes: ChildProcess[]): Promise<Way> {
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
  const child = spawn(HAPROXY, ["-f", file, "-db"], { stdio: "ignore" });
  processes.push(child);
  const origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100; tries += 1) {
    const isUp = await fetch(origin).then(
      () => true,
      () => false,
    );
    if (isUp) return { origin, pid: child.pid ?? 0 };
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

/** The figures as a table for docs/gateway-requests.md, and a line of what is in none of its columns. */
export function gatewayLines(figures: GatewayFigures): readonly string[] {
  const { backend, plain, gateway, haproxy, streams, directStreams, streamingMib } = figures;
  const ofPlain = `, ${(gateway.throughput / plain.throughput).toFixed(2)} of the plain proxy`;
  const streamTime = ({ p50Ms, p99Ms }: StreamTimes) =>
    `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`;
  return [
    `| | added at ${RATE.toLocaleString("en")} req/s, p50 | p99 | at most | CPU a request |`,
    "|---|---|---|---|---|",
    haproxy === null ? "| HAProxy | not installed | | | |" : wayRow("HAProxy, one thread", haproxy, backend),
    wayRow("plain proxy", plain, backend),
    wayRow("gateway", gateway, backend, ofPlain),
    "",
    `backend alone: p50 ${backend.p50Ms.toFixed(2)} ms, p99 ${backend.p99Ms.toFixed(1)} ms, at most ${count(backend.throughput)} req/s`,
    `lost of ${count(RATE * SECONDS * ROUNDS)}: plain proxy ${plain.lost}, gateway ${gateway.lost}`,
    `whole of ${STREAMS} streams: ${streams.whole}, with ${streamingMib.toFixed(0)} MiB; an event takes ${streamTime(streams)}, without the gateway ${streamTime(directStreams)}`,
  ];
}

function wayRow(name: string, way: WayFigures, backend: WayFigures, remark = ""): string {
  const cells = [
    name,
    `${(way.p50Ms - backend.p50Ms).toFixed(2)} ms`,
    `${(way.p99Ms - backend.p99Ms).toFixed(1)} ms`,
    `${count(way.throughput)} req/s${remark}`,
    `${way.cpuUs.toFixed(0)} µs`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}
