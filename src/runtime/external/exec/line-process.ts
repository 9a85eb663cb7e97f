import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

export interface LineProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** All that the process gets. */
  readonly env: { readonly [name: string]: string };
  readonly cwd: string;
  /** Bytes of one line of stdout. */
  readonly maxLineBytes: number;
}

/** What a process does next: a line of stdout, its end, or something that makes the rest of no use. */
export type ProcessNews =
  | { readonly kind: "line"; readonly line: string }
  | { readonly kind: "broken"; readonly what: string }
  /** `how`, such as `exit code 1`. */
  | { readonly kind: "ended"; readonly how: string }
  /** It never ran. `why`, such as `ENOENT`. */
  | { readonly kind: "unstarted"; readonly why: string };

const STDERR_CHARS = 4000;
/** How long the last output of a process that has ended is waited for: others may hold its pipes open. */
const DRAIN_MS = 200;
/** How long a process may take to end by itself once its input has ended. */
const PATIENCE_MS = 500;
/** Elsewhere a process has no group that can be signalled as a whole. */
const HAS_GROUPS = process.platform !== "win32";
const NEWLINE = 10;

const running = new Set<LineProcess>();
let isWatchingExit = false;

/** A process that writes lines. It leads a group of its own, and all of that group ends with it. */
export class LineProcess {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly gone: Promise<void>;
  private readonly queue: ProcessNews[] = [];
  private queuedBytes = 0;
  private partial: Buffer[] = [];
  private partialBytes = 0;
  private wake: (() => void) | null = null;
  private isOver = false;
  private stderr = "";

  constructor(private readonly options: LineProcessOptions) {
    const { command, args, env, cwd } = options;
    const child = spawn(command, args, { env, cwd, stdio: "pipe", windowsHide: true, detached: HAS_GROUPS });
    this.child = child;
    this.gone = new Promise((resolve) => child.once("close", () => resolve()));
    endWithUs(this);
    child.once("error", (error) =>
      this.over({ kind: "unstarted", why: "code" in error ? String(error.code) : error.message }),
    );
    child.once("exit", (code, signal) => {
      this.kill();
      const timer = setTimeout(() => this.destroyPipes(), DRAIN_MS);
      child.once("close", () => {
        clearTimeout(timer);
        running.delete(this);
        this.over({ kind: "ended", how: signal === null ? `exit code ${code}` : `signal ${signal}` });
      });
    });
    child.stdout.on("data", (chunk: Buffer) => this.read(chunk));
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (text: string) => {
      const whole = this.stderr + text;
      // A line is kept or dropped as a whole: nobody would know the second half of a secret for one.
      this.stderr =
        whole.length <= STDERR_CHARS ? whole : whole.slice(-STDERR_CHARS).replace(/^[^\n]*\n/, "");
    });
    // A process that has ended takes no more input; its end is told as such.
    child.stdin.on("error", () => {});
  }

  /** The end of what it wrote to stderr. */
  get lastWords(): string {
    return this.stderr;
  }

  /** Whether something came that nobody has taken. */
  get hasUnread(): boolean {
    return this.queue.length > 0;
  }

  write(line: string): void {
    if (this.child.stdin.writable) this.child.stdin.write(`${line}\n`);
  }

  /** What comes next; rejects with the signal's reason when that is aborted. */
  async next(signal: AbortSignal): Promise<ProcessNews> {
    for (;;) {
      signal.throwIfAborted();
      const news = this.queue[0];
      if (news !== undefined) {
        if (news.kind === "line") this.take(news.line);
        return news;
      }
      await new Promise<void>((resolve) => {
        const done = () => {
          signal.removeEventListener("abort", done);
          this.wake = null;
          resolve();
        };
        this.wake = done;
        signal.addEventListener("abort", done, { once: true });
      });
    }
  }

  /** Ends its input, waits a moment for it, and ends what is left of its group. */
  async close(): Promise<void> {
    if (this.child.pid === undefined) return;
    this.child.stdin.end();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    await Promise.race([this.gone, late]);
    clearTimeout(timer);
    await this.end();
  }

  /** Ends it and its group at once. */
  async end(): Promise<void> {
    this.kill();
    if (this.child.pid !== undefined) await this.gone;
    running.delete(this);
  }

  kill(): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      process.kill(HAS_GROUPS ? -pid : pid, "SIGKILL");
    } catch {
      // Nobody is left.
    }
  }

  private take(line: string): void {
    this.queue.shift();
    this.queuedBytes -= line.length;
    if (this.queuedBytes < this.options.maxLineBytes) this.child.stdout.resume();
  }

  private read(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      this.partial.push(chunk.subarray(from, end));
      this.line(Buffer.concat(this.partial));
      this.partial = [];
      this.partialBytes = 0;
      from = end + 1;
    }
    this.partial.push(chunk.subarray(from));
    this.partialBytes += chunk.length - from;
    if (this.partialBytes > this.options.maxLineBytes) this.tooLong();
    if (this.queuedBytes >= this.options.maxLineBytes) this.child.stdout.pause();
  }

  private line(bytes: Buffer): void {
    if (bytes.length > this.options.maxLineBytes) {
      this.tooLong();
      return;
    }
    const line = decoded(bytes);
    if (line === null) this.over({ kind: "broken", what: "wrote a line that is not UTF-8" });
    if (line === null || this.isOver || line.trim() === "") return;
    this.queuedBytes += line.length;
    this.queue.push({ kind: "line", line });
    this.wake?.();
  }

  private tooLong(): void {
    this.partial = [];
    this.partialBytes = 0;
    this.over({ kind: "broken", what: `wrote a line of more than ${this.options.maxLineBytes} bytes` });
    this.kill();
  }

  /** The last news there is. */
  private over(news: ProcessNews): void {
    if (this.isOver) return;
    this.isOver = true;
    this.queue.push(news);
    this.wake?.();
  }

  private destroyPipes(): void {
    for (const pipe of [this.child.stdin, this.child.stdout, this.child.stderr]) pipe.destroy();
  }
}

/** `null` for what is not UTF-8. */
function decoded(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function endWithUs(process_: LineProcess): void {
  running.add(process_);
  if (isWatchingExit) return;
  isWatchingExit = true;
  process.once("exit", () => {
    for (const one of running) one.kill();
  });
}
