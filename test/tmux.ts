import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const BIN = join(import.meta.dirname, "..", "bin", "agentctl.js");
const LOOK_MS = 20;
/** A machine that runs all tests at once starts a program slowly. */
const PATIENCE_MS = 15_000;

/** agentctl in a real terminal of its own. */
export class Tmux {
  private static count = 0;
  private readonly socket = `agentctl-test-${process.pid}-${Tmux.count++}`;

  /** @param args - of agentctl; the screen shows `exit code N` when it has ended */
  constructor(args: readonly string[], { cwd, columns = 90, rows = 24, env = "" }: TmuxOptions) {
    const command = `env -u CI ${env} ${process.execPath} ${BIN} ${args.join(" ")}; echo exit code $?; exec cat`;
    const size = ["-x", String(columns), "-y", String(rows)];
    this.tmux("-f", "/dev/null", "new-session", "-d", ...size, "-c", cwd, command);
  }

  press(...keys: readonly string[]): void {
    this.tmux("send-keys", ...keys);
  }

  resize(columns: number, rows: number): void {
    this.tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  /** What a person sees, without colours. */
  screen(): string {
    return this.tmux("capture-pane", "-p").trimEnd();
  }

  /** What scrolled away, and what a person sees. */
  history(): string {
    return this.tmux("capture-pane", "-p", "-S", "-").trimEnd();
  }

  /** @returns the first screen that shows a text */
  async until(text: RegExp): Promise<string> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const screen = this.screen();
      if (text.test(screen)) return screen;
      if (performance.now() > end) throw new Error(`expected ${text} on the screen, found\n${screen}`);
      await wait(LOOK_MS);
    }
  }

  close(): void {
    this.tmux("kill-server");
  }

  private tmux(...args: readonly string[]): string {
    return execFileSync("tmux", ["-L", this.socket, ...args], {
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: process.env.HOME, TERM: "xterm-256color", LANG: "C.UTF-8" },
    });
  }
}

export interface TmuxOptions {
  readonly cwd: string;
  readonly columns?: number;
  readonly rows?: number;
  /** e.g. `CI=true`. */
  readonly env?: string;
}
