import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createServer } from "node:net";
import { setTimeout } from "node:timers/promises";
import { request } from "undici";

/** Processes of one rollout, ended together, the last one first. */
export class Processes {
  private readonly running: ChildProcess[] = [];

  constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** @param output - file that its standard output is appended to */
  start(command: string, args: readonly string[], output: string): ChildProcess {
    const child = spawn(command, args, {
      cwd: this.folder,
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const file = createWriteStream(output, { flags: "a" });
    child.stdout?.pipe(file);
    child.stderr?.resume();
    this.running.push(child);
    return child;
  }

  async end(): Promise<void> {
    for (const child of this.running.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      if ((await Promise.race([gone, setTimeout(5000, "hangs")])) === "hangs") {
        child.kill("SIGKILL");
        await gone;
      }
    }
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Until the address answers. */
export async function answering(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      const { body } = await request(url);
      await body.dump();
      return;
    } catch {
      await setTimeout(50);
    }
  }
  throw new Error(`${url}: expected an answer within 10 s, found none`);
}
