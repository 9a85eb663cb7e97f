import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { execa } from "execa";
import { systemClock } from "../src/core/clock.js";
import type { Message } from "../src/core/message.js";
import type { Effect } from "../src/runtime/ledger/ledger-store.js";
import { readEffects } from "../src/runtime/ledger/read-effects.js";
import { conversationFile } from "../src/runtime/session/conversation-database.js";
import { openSessionStore } from "../src/runtime/session/sqlite-session-store.js";
import type { WorkerOrder } from "./fixtures/ledger/flow.js";

const FIXTURES = join(import.meta.dirname, "fixtures", "ledger");
/** Within the repository, so that packages are found. */
const BUNDLES = join(import.meta.dirname, "..", "node_modules", ".cache", "agentctl-ledger-kill");
const NAMES = ["orders", "payments", "bookings"] as const;

type SystemName = (typeof NAMES)[number];
export type Facts = { readonly [fact: string]: number | undefined };

/** How a system misbehaves, the first `times` times that it is asked for `op`. */
export interface Fault {
  readonly op: string;
  readonly mode: "refuse" | "500-after-commit" | "hang-after-commit" | "slow";
  readonly times: number;
}

export interface Scenario {
  readonly asks: WorkerOrder["asks"];
  readonly fault?: Fault;
  readonly canLookUp?: boolean;
}

/** What can be seen from outside at one moment. */
export interface Observed {
  readonly facts: Facts;
  readonly messages: readonly Message[];
  readonly effects: readonly Effect[];
}

/** The three systems, each a process with a database of its own, and workers that can be killed. */
export class KillBench {
  private readonly running: { kill(signal: "SIGKILL"): boolean }[] = [];
  readonly ports: Record<SystemName, number> = { orders: 0, payments: 0, bookings: 0 };
  private readonly folder = mkdtempSync(join(tmpdir(), "agentctl-kill-"));

  async start(): Promise<void> {
    await build({
      entryPoints: ["service.ts", "worker.ts"].map((name) => join(FIXTURES, name)),
      outdir: BUNDLES,
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      logLevel: "warning",
    });
    for (const name of NAMES) {
      const service = execa(
        process.execPath,
        [join(BUNDLES, "service.js"), name, join(this.folder, `${name}.db`)],
        {
          reject: false,
          stderr: "inherit",
        },
      );
      this.running.push(service);
      this.ports[name] = await new Promise<number>((resolve) =>
        service.stdout?.once("data", (line: Buffer) => resolve(Number(line))),
      );
    }
  }

  async stop(): Promise<void> {
    for (const service of this.running) service.kill("SIGKILL");
    rmSync(this.folder, { recursive: true });
  }

  /** Forgets what happened in the systems, and gives them their fault. */
  async reset(fault: Fault | undefined): Promise<string> {
    await Promise.all(
      NAMES.map((name) =>
        fetch(`http://127.0.0.1:${this.ports[name]}/reset`, {
          method: "POST",
          body: JSON.stringify(fault ?? {}),
        }),
      ),
    );
    return mkdtempSync(join(this.folder, "run-"));
  }

  /** Runs a worker to its end, or to the boundary where it is killed. */
  async work(
    folder: string,
    { asks, canLookUp = true }: Scenario,
    killAt: number | null,
    ports: WorkerOrder["ports"] = this.ports,
  ): Promise<{ readonly wasKilled: boolean; readonly stdout: string }> {
    const order: WorkerOrder = { folder, ports, asks, killAt, canLookUp };
    const { stdout, stderr, signal, exitCode } = await execa(
      process.execPath,
      [join(BUNDLES, "worker.js"), JSON.stringify(order)],
      { reject: false },
    );
    if (signal !== "SIGKILL" && exitCode !== 0) throw new Error(`the worker failed: ${stderr}`);
    return { wasKilled: signal === "SIGKILL", stdout };
  }

  /** The boundaries that all workers of a folder have passed, in order. */
  boundaries(folder: string): readonly string[] {
    return readFileSync(join(folder, "boundaries.log"), "utf8").trimEnd().split("\n");
  }

  async observe(folder: string): Promise<Observed> {
    const facts = await Promise.all(
      NAMES.map(async (name) => (await fetch(`http://127.0.0.1:${this.ports[name]}/state`)).json()),
    );
    const totals: Record<string, number> = {};
    for (const [fact, value] of facts.flatMap((one) => Object.entries(one as Facts))) {
      totals[fact] = (totals[fact] ?? 0) + (value ?? 0);
    }
    const store = openSessionStore(conversationFile(folder), { clock: systemClock });
    const messages = store.messages("s1");
    store.close();
    return { facts: totals, messages, effects: readEffects(folder, "s1") };
  }
}
