import { spawn } from "node:child_process";
import { once } from "node:events";
import { secretRedactor } from "../../models/secret-redactor.js";
import type { RouterContext } from "./router-context.js";
import { routerFailed, routerRefused } from "./split-target.js";

const MAX_OUTPUT_BYTES = 1024 * 1024;
const SHOWN_STDERR = 400;
const SECRET_NAME = /key|token|secret|password|passwd|credential/i;

export interface CommandCall {
  /** Kind of the router that calls. */
  readonly kind: string;
  readonly command: readonly string[];
  readonly variables?: { readonly [name: string]: string };
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface CommandOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  /** The end of what it said to standard error, without secrets of the environment. */
  readonly complaint: string;
}

/**
 * Runs a command without a shell, in the folder of release.yaml, with all that it starts in one process group.
 *
 * @throws {RouterError} when it cannot be started, takes too long or prints too much; not for an exit code
 */
export async function runCommand(call: CommandCall, context: RouterContext): Promise<CommandOutcome> {
  const { kind, command, timeoutMs, signal } = call;
  signal?.throwIfAborted();
  const [file = "", ...args] = command;
  const child = spawn(file, args, {
    cwd: context.folder,
    env: { ...context.environment, ...call.variables },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let stopped: string | null = null;
  const stop = (why: string) => {
    stopped ??= why;
    killGroup(child.pid);
  };
  const stdout: Buffer[] = [];
  let bytes = 0;
  let stderr = "";
  child.stdout.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > MAX_OUTPUT_BYTES) stop(`printed more than ${MAX_OUTPUT_BYTES} bytes`);
    else stdout.push(piece);
  });
  child.stderr.on("data", (piece: Buffer) => {
    stderr = (stderr + piece.toString("utf8")).slice(-10 * SHOWN_STDERR);
  });
  const onAbort = () => stop("was interrupted");
  signal?.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(() => stop(`took longer than ${timeoutMs / 1_000} s`), timeoutMs);
  const complaint = () => redacted(stderr, context).trim().slice(-SHOWN_STDERR);
  try {
    const [code, endSignal] = (await once(child, "close")) as [number | null, string | null];
    signal?.throwIfAborted();
    if (stopped !== null || code === null) {
      const why = stopped ?? `ended by ${endSignal}`;
      throw routerFailed(
        kind,
        `\`${shown(command)}\` ${why}: ${complaint()}`,
        "run it by hand; see what it waits for",
      );
    }
    return { exitCode: code, stdout: Buffer.concat(stdout).toString("utf8"), complaint: complaint() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall?.startsWith("spawn") !== true) throw error;
    throw routerRefused(
      kind,
      `\`${shown(command)}\` cannot be started: ${(error as Error).message}`,
      "install it, or name its path in release.yaml",
    );
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

function shown(command: readonly string[]): string {
  const text = command.join(" ");
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

function redacted(text: string, { environment }: RouterContext): string {
  const secrets = Object.entries(environment).flatMap(([name, value]) =>
    SECRET_NAME.test(name) && value !== undefined ? [value] : [],
  );
  return secretRedactor(secrets)?.value(text) ?? text;
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
