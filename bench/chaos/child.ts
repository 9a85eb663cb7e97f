import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Reply } from "./child-calls.js";

/** The call was not answered: the process was killed. */
export class Killed extends Error {}

/** The process refused a call; `code` of its error. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

/** A process of a chaos run that is called, stopped and killed. */
export class Child {
  readonly #process: ChildProcess;
  readonly #open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #calls = 0;

  /** @param program - bundled; a file that grows too large is an error to it, and no signal */
  constructor(program: string) {
    this.#process = spawn("/bin/sh", ["-c", `trap '' XFSZ; exec "$0" "$1"`, process.execPath, program], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#process.on("message", (reply: Reply) => {
      const call = this.#open.get(reply.id);
      this.#open.delete(reply.id);
      if ("error" in reply) call?.reject(new Refused(reply.error, reply.code));
      else call?.resolve(reply.value);
    });
    this.#process.on("exit", () => {
      for (const { reject } of this.#open.values()) reject(new Killed("the process was killed"));
      this.#open.clear();
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /**
   * @throws {Killed} when the process dies before it answers
   * @throws {Refused} when it answers with an error
   */
  ask<Value>(name: string, value: unknown = null): Promise<Value> {
    if (!this.isAlive) return Promise.reject(new Killed("the process is dead"));
    this.#calls += 1;
    const id = this.#calls;
    const answer = new Promise<unknown>((resolve, reject) => this.#open.set(id, { resolve, reject }));
    this.#process.send({ id, name, value }, () => {});
    return answer as Promise<Value>;
  }

  signal(name: "SIGSTOP" | "SIGCONT"): void {
    this.#process.kill(name);
  }

  /** kill -9; resolves when the process is gone. */
  async kill(): Promise<void> {
    if (!this.isAlive) return;
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }
}
