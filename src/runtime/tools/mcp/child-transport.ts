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

/**
 * MCP over stdin and stdout of a process. Unlike the transport of the client package it gives the process no variable
 * that was not asked for, and the process does not keep ours alive: a command that ends on an error ends.
 */
export class ChildTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  private child: ChildProcess | null = null;
  private readonly buffer = new ReadBuffer();
  private readonly kill = () => void this.child?.kill("SIGKILL");

  constructor(private readonly options: ChildOptions) {}

  /** Of the process, while it runs. */
  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  start(): Promise<void> {
    const { command, args, env, folder } = this.options;
    const child = spawn(command, args, {
      env,
      cwd: folder,
      stdio: ["pipe", "pipe", "ignore"],
      windowsHide: true,
    });
    this.child = child;
    process.once("exit", this.kill);
    child.once("close", () => {
      this.child = null;
      process.off("exit", this.kill);
      this.onclose?.();
    });
    child.stdout.on("data", (chunk: Buffer) => this.read(chunk));
    child.stdin.on("error", (error) => this.onerror?.(error));
    return new Promise((resolve, reject) => {
      child.once("spawn", () => {
        child.unref();
        for (const pipe of [child.stdin, child.stdout]) (pipe as { unref?: () => void }).unref?.();
        resolve();
      });
      child.once("error", (error) => {
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

  async close(): Promise<void> {
    const { child } = this;
    if (child === null) return;
    const closed = new Promise<boolean>((resolve) => child.once("close", () => resolve(true)));
    child.stdin?.end();
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      if (await Promise.race([closed, afterPatience()])) return;
      child.kill(signal);
    }
    await closed;
  }

  private read(chunk: Buffer): void {
    try {
      this.buffer.append(chunk);
      for (let message = this.buffer.readMessage(); message !== null; message = this.buffer.readMessage()) {
        this.onmessage?.(message);
      }
    } catch (error) {
      // What is no message cannot be answered, and what follows cannot be trusted to begin where it should.
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
      this.kill();
    }
  }
}

function afterPatience(): Promise<boolean> {
  return new Promise((resolve) => setTimeout(() => resolve(false), PATIENCE_MS));
}
