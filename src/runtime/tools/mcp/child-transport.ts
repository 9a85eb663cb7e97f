import { type ChildProcess, spawn } from "node:child_process";
import {
  type JSONRPCMessage,
  ReadBuffer,
  serializeMessage,
  type Transport,
} from "@modelcontextprotocol/client";

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** All that the process gets. */
  readonly env: { readonly [name: string]: string };
  readonly folder: string;
}

/** How long a server may take to end by itself, and then on a signal. */
const PATIENCE_MS = 1000;
/** How long the last output of a server that has ended is waited for: others may hold its pipes open. */
const DRAIN_MS = 200;
const MOST_STDERR_CHARS = 2000;
const MOST_SHOWN_CHARS = 300;
/** A shorter value stands in too many texts by chance. */
const LEAST_SECRET_CHARS = 4;
/** Elsewhere a process has no group that can be signalled as a whole. */
const HAS_GROUPS = process.platform !== "win32";

const running = new Set<ChildTransport>();
let isWatchingExit = false;

/**
 * MCP over stdin and stdout of a process. Unlike the transport of the client package it gives the process no variable
 * that was not asked for, ends whatever the process started in turn, and does not keep ours alive: a command that ends
 * on an error ends.
 *
 * Lines that are no JSON are passed over; a message that is no JSON-RPC, or has no end, ends the process.
 */
export class ChildTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  private child: ChildProcess | null = null;
  private gone: Promise<void> = Promise.resolve();
  private closing: Promise<void> | null = null;
  private stderr = "";
  /** Whether the line that comes next lacks its beginning. */
  private isCut = false;
  private readonly buffer = new ReadBuffer();

  constructor(private readonly options: ChildOptions) {}

  /** Of the process, while it runs. */
  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  /**
   * The last line that it wrote to stderr: most servers say there why they do not start. Values of its variables are not
   * in it. Empty when there was none.
   */
  get lastWords(): string {
    const line = this.stderr.split(/\r?\n/).findLast((one) => one.trim() !== "") ?? "";
    return Object.values(this.options.env)
      .filter((value) => value.length >= LEAST_SECRET_CHARS)
      .reduce((text, value) => text.replaceAll(value, "***"), line)
      .replace(/[\p{Cc}\p{Cf}]/gu, "")
      .trim()
      .slice(0, MOST_SHOWN_CHARS);
  }

  start(): Promise<void> {
    const { command, args, env, folder } = this.options;
    const child = spawn(command, args, {
      env,
      cwd: folder,
      stdio: "pipe",
      windowsHide: true,
      // The leader of a group of its own: an interrupt at the terminal is ours to pass on.
      detached: HAS_GROUPS,
    });
    this.child = child;
    this.gone = new Promise((resolve) => child.once("close", () => resolve()));
    void this.gone.then(() => this.ended());
    child.once("exit", () => {
      this.signal("SIGKILL");
      const timer = setTimeout(() => pipesOf(child).map((pipe) => pipe.destroy()), DRAIN_MS);
      void this.gone.then(() => clearTimeout(timer));
    });
    child.stdout.on("data", (chunk: Buffer) => this.read(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      this.keepWords(chunk.toString("utf8"));
    });
    child.stdin.on("error", (error) => this.onerror?.(error));
    return new Promise((resolve, reject) => {
      child.once("spawn", () => {
        endWithUs(this);
        hold(child, false);
        resolve();
      });
      child.once("error", (error) => {
        if (child.pid === undefined) this.child = null;
        reject(error);
        this.onerror?.(error);
      });
    });
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.child?.stdin;
    if (stdin === undefined || stdin === null || !stdin.writable)
      return Promise.reject(new Error("the process has ended"));
    return new Promise((resolve, reject) => {
      stdin.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Ends the process: by the end of its input, then by a signal, then by one that it cannot ignore. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  /** To the process and all of its group. */
  signal(signal: NodeJS.Signals): void {
    const pid = this.child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(HAS_GROUPS ? -pid : pid, signal);
    } catch {
      // Nobody is left.
    }
  }

  private async end(): Promise<void> {
    const { child, gone } = this;
    if (child === null) return;
    hold(child, true);
    child.stdin?.end();
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      if (await settlesWithin(gone, PATIENCE_MS)) return;
      this.signal(signal);
    }
    await gone;
  }

  private ended(): void {
    if (this.child === null) return;
    this.child = null;
    running.delete(this);
    this.onclose?.();
  }

  /** A line is kept or dropped as a whole: nobody would know the second half of a secret for one. */
  private keepWords(text: string): void {
    const whole = this.stderr + text;
    const isLong = whole.length > MOST_STDERR_CHARS;
    const last = isLong ? whole.slice(-MOST_STDERR_CHARS) : whole;
    if (!isLong && !this.isCut) {
      this.stderr = whole;
      return;
    }
    const end = last.indexOf("\n");
    this.isCut = end === -1;
    this.stderr = this.isCut ? "" : last.slice(end + 1);
  }

  private read(chunk: Buffer): void {
    try {
      this.buffer.append(chunk);
      for (let message = this.buffer.readMessage(); message !== null; message = this.buffer.readMessage()) {
        this.onmessage?.(message);
      }
    } catch (error) {
      // Whoever waits for that message would wait for good.
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
      this.signal("SIGKILL");
    }
  }
}

function endWithUs(transport: ChildTransport): void {
  running.add(transport);
  if (isWatchingExit) return;
  isWatchingExit = true;
  process.once("exit", () => {
    for (const one of running) one.signal("SIGKILL");
  });
}

/** Whether our process waits for the child. */
function hold(child: ChildProcess, isHeld: boolean): void {
  for (const one of [child, ...pipesOf(child)] as { ref?: () => void; unref?: () => void }[]) {
    if (isHeld) one.ref?.();
    else one.unref?.();
  }
}

function pipesOf({ stdin, stdout, stderr }: ChildProcess) {
  return [stdin, stdout, stderr].filter((pipe) => pipe !== null);
}

async function settlesWithin(promise: Promise<unknown>, durationMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), durationMs);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
