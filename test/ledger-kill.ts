import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import Database from "better-sqlite3";
import { build } from "esbuild";
import { execa } from "execa";
import type { Message } from "../src/core/message.js";
import { conversationFile } from "../src/runtime/session/conversation-database.js";
import type { WorkerOrder } from "./fixtures/ledger/flow.js";

const SERVICE = new URL("./fixtures/ledger/service.ts", import.meta.url);
const WORKER = new URL("./fixtures/ledger/worker.ts", import.meta.url);
/** Within the repository, so that packages are found. */
const BUNDLES = join(import.meta.dirname, "..", "node_modules", ".cache", "agentctl-ledger-kill");
const NAMES = ["orders", "payments", "bookings"] as const;
/** Workers that are started before they are needed. */
const SPARE = 3;

type Facts = { readonly [fact: string]: number | undefined };

/** How a system misbehaves, the first `times` times that it is asked for `op`. */
export interface Fault {
  readonly op: string;
  readonly mode: "refuse" | "500-after-commit" | "hang-after-commit" | "slow" | "late";
  readonly times: number;
}

export interface Scenario extends Partial<Pick<WorkerOrder, "canLookUp" | "says" | "settleMs" | "survives">> {
  readonly asks: WorkerOrder["asks"];
  readonly fault?: Fault;
  /** Ports that are not those of the systems. */
  readonly ports?: Partial<WorkerOrder["ports"]>;
}

/** What can be seen from outside at one moment. */
export interface Observed {
  readonly facts: Facts;
  readonly messages: readonly Message[];
  /** Of the effects, in the order of their intents. */
  readonly statuses: readonly string[];
}

type Worker = ReturnType<typeof startWorker>;

/** The three systems, each a process with a database of its own, and workers that can be killed. */
export class KillBench {
  private readonly running = new Set<{ kill(signal: "SIGKILL"): boolean }>();
  private readonly spare: Worker[] = [];
  private readonly ports: Record<(typeof NAMES)[number], number> = { orders: 0, payments: 0, bookings: 0 };
  private readonly folder = mkdtempSync(join(tmpdir(), "agentctl-kill-"));

  async start(): Promise<void> {
    await build({
      entryPoints: [SERVICE.pathname, WORKER.pathname],
      outdir: BUNDLES,
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      logLevel: "warning",
    });
    for (const name of NAMES) {
      const file = join(this.folder, `${name}.db`);
      const service = execa(process.execPath, [join(BUNDLES, "service.js"), name, file], {
        reject: false,
        stderr: "inherit",
      });
      this.running.add(service);
      this.ports[name] = Number((await linesOf(service.stdout).next()).value);
    }
    for (let index = 0; index < SPARE; index += 1) this.spare.push(this.newWorker());
  }

  async stop(): Promise<void> {
    for (const service of this.running) service.kill("SIGKILL");
    rmSync(this.folder, { recursive: true });
  }

  /** A folder for a run in worlds of its own, with the fault that the systems have there. */
  async newRun(fault: Fault | undefined): Promise<string> {
    const folder = mkdtempSync(join(this.folder, "run-"));
    if (fault !== undefined) {
      const body = JSON.stringify(fault);
      await Promise.all(
        NAMES.map((name) => fetch(this.url(name, folder, "fault"), { method: "POST", body })),
      );
    }
    return folder;
  }

  /** Runs a worker to its end, or to the boundary where it is killed. */
  async work(
    folder: string,
    scenario: Scenario,
    killAt: number | null,
  ): Promise<{ readonly wasKilled: boolean; readonly turns: unknown }> {
    const worker = this.spare.shift() ?? this.newWorker();
    worker.process.stdin.write(this.orderOf(folder, scenario, killAt));
    const line = await worker.lines.next();
    if (line.done !== true) {
      this.spare.unshift(worker);
      return { wasKilled: false, turns: JSON.parse(line.value) };
    }
    const { signal, stderr } = await worker.process;
    this.running.delete(worker.process);
    this.spare.push(this.newWorker());
    if (signal !== "SIGKILL") throw new Error(`the worker failed: ${stderr}`);
    return { wasKilled: true, turns: null };
  }

  /** What a worker of its own says whose files may not grow beyond a size, as on a full disk. */
  async workOnFullDisk(folder: string, scenario: Scenario, maxKib: number): Promise<string> {
    const limited = `trap '' XFSZ; ulimit -f ${maxKib}; exec "$0" "$1"`;
    const { all } = await execa("bash", ["-c", limited, process.execPath, join(BUNDLES, "worker.js")], {
      input: this.orderOf(folder, scenario, null),
      all: true,
      reject: false,
    });
    return all;
  }

  /** Leaves of the conversations only what a sync had put on the disk. */
  cutPower(folder: string): void {
    const file = conversationFile(folder);
    for (const end of ["", "-wal", "-shm"]) rmSync(`${file}${end}`, { force: true });
    const disk = join(folder, "disk");
    for (const name of readdirSync(folder).includes("disk") ? readdirSync(disk) : []) {
      copyFileSync(join(disk, name), join(folder, name));
    }
  }

  /** The boundaries that all workers of a folder have passed, in order. */
  boundaries(folder: string): readonly string[] {
    const file = join(folder, "boundaries.log");
    return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  }

  async observe(folder: string): Promise<Observed> {
    const facts = await Promise.all(
      NAMES.map(async (name) => (await fetch(this.url(name, folder, "state"))).json()),
    );
    const totals: Record<string, number> = {};
    for (const [fact, value] of facts.flatMap((one) => Object.entries(one as Facts))) {
      totals[fact] = (totals[fact] ?? 0) + (value ?? 0);
    }
    return { facts: totals, ...storedIn(conversationFile(folder)) };
  }

  private url(name: (typeof NAMES)[number], folder: string, area: string): string {
    return `http://127.0.0.1:${this.ports[name]}/${basename(folder)}/${area}`;
  }

  private orderOf(folder: string, scenario: Scenario, killAt: number | null): string {
    const order: WorkerOrder = {
      folder,
      run: basename(folder),
      ports: { ...this.ports, ...scenario.ports },
      asks: scenario.asks,
      killAt,
      says: scenario.says ?? null,
      canLookUp: scenario.canLookUp ?? true,
      settleMs: scenario.settleMs ?? 50,
      survives: scenario.survives ?? "power-cut",
    };
    return `${JSON.stringify(order)}\n`;
  }

  private newWorker(): Worker {
    const worker = startWorker();
    this.running.add(worker.process);
    return worker;
  }
}

/** Read without touching the file: opening it as its owner would already repair it. */
function storedIn(file: string): Pick<Observed, "messages" | "statuses"> {
  if (!existsSync(file)) return { messages: [], statuses: [] };
  const database = new Database(file, { readonly: true });
  try {
    const column = (table: string, name: string) => {
      const isThere = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?").get(table) !== undefined;
      return isThere
        ? database.prepare<[], string>(`SELECT ${name} FROM ${table} ORDER BY number`).pluck().all()
        : [];
    };
    const messages = column("messages", "body").map((body) => JSON.parse(body) as Message);
    return { messages, statuses: column("effects", "status") };
  } finally {
    database.close();
  }
}

function startWorker() {
  const started = execa(process.execPath, [join(BUNDLES, "worker.js")], { reject: false });
  return { process: started, lines: linesOf(started.stdout) };
}

function linesOf(input: NodeJS.ReadableStream): AsyncIterator<string> {
  const lines: Interface = createInterface({ input });
  return lines[Symbol.asyncIterator]();
}
