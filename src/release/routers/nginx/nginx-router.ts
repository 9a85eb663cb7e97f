import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { RouterConfig } from "../../../config/release/release-schema.js";
import type { Arm } from "../../../core/traffic-split.js";
import { drainByShare } from "../drain-by-share.js";
import type { ArmCounts, Split, TrafficRouter } from "../router.js";
import type { RouterContext } from "../router-context.js";
import { runCommand } from "../run-command.js";
import {
  checkTarget,
  refuseConflict,
  routerFailed,
  routerRefused,
  type SplitTarget,
} from "../split-target.js";
import { writeDurably } from "../write-durably.js";
import { askNginx, type RunningSplit, untilNginxRuns } from "./running-split.js";
import { type NginxSplit, nginxArmOf, parseSplitFile, splitFile } from "./split-file.js";

type NginxConfig = Extract<RouterConfig, { type: "nginx" }>;

const COMMAND_TIMEOUT_MS = 30_000;

/** The file as it is, and what nginx says that it runs; `null`: it is not asked, for want of `status`. */
interface Found {
  readonly text: string | null;
  readonly file: NginxSplit | null;
  readonly running: RunningSplit | null;
}

/**
 * nginx, by a file with `split_clients` and a reload. Sticky, with buckets of its own (`armFor`). It counts nothing that
 * can be asked, and drains by the share alone. Every change is a reload: see docs/canary-routers.md for what that costs.
 */
export class NginxRouter implements TrafficRouter {
  readonly kind = "nginx";
  readonly isSticky = true;
  private readonly file: string;

  constructor(
    private readonly config: NginxConfig,
    private readonly context: RouterContext,
  ) {
    this.file = resolve(context.folder, config.split_file);
  }

  armFor({ bps, salt }: { readonly bps: number; readonly salt: string }, id: string): Arm {
    return nginxArmOf(salt, id, bps);
  }

  async get(signal?: AbortSignal): Promise<Split> {
    return splitOf(await this.found(signal), this.file);
  }

  async set(target: SplitTarget, signal?: AbortSignal): Promise<Split> {
    checkTarget(this.kind, target);
    signal?.throwIfAborted();
    const wanted = { bps: target.bps, salt: target.salt, revision: randomBytes(4).toString("hex") };
    const text = splitFile(wanted, {
      keyHeader: this.config.key_header,
      armVariable: this.config.arm_variable,
    });
    const before = await this.foundOrLowered(target, text, signal);
    if (before.text !== null) {
      const split = splitOf(before, this.file);
      refuseConflict(this.kind, target, split);
      const isDone = split.bps === target.bps && split.salt === target.salt && !isDrifted(before);
      if (isDone && before.file?.bps === target.bps && isOurs(before)) return split;
    }
    await this.write(text);
    try {
      if (this.config.test !== undefined) await this.run("test", this.config.test, signal);
      await this.run("reload", this.config.reload, signal);
    } catch (error) {
      const isLess = before.file === null || target.bps < before.file.bps;
      // What a later start of nginx reads must not be more of the canary than what was confirmed.
      if (!isLess && before.text !== null) await this.write(before.text);
      throw error;
    }
    if (this.config.status !== undefined) await untilNginxRuns(this.config.status, wanted.revision, signal);
    return this.get(signal);
  }

  async drain(arm: Arm, signal?: AbortSignal): Promise<void> {
    drainByShare(this.kind, arm, await this.get(signal));
  }

  async stats(): Promise<readonly ArmCounts[]> {
    return [];
  }

  async close(): Promise<void> {}

  private async found(signal?: AbortSignal): Promise<Found> {
    signal?.throwIfAborted();
    const running = this.config.status === undefined ? null : await askNginx(this.config.status, signal);
    const text = await readFile(this.file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw routerFailed(
        this.kind,
        `${this.file} cannot be read: ${error.message}`,
        "give read and write access",
        error,
      );
    });
    return { text, running, file: text === null ? null : parseSplitFile(text) };
  }

  /** A nginx that is down must not come back with more of the canary than is wanted now. */
  private async foundOrLowered(target: SplitTarget, text: string, signal?: AbortSignal): Promise<Found> {
    try {
      return await this.found(signal);
    } catch (error) {
      if (signal?.aborted === true) throw error;
      const file = await readFile(this.file, "utf8").then(parseSplitFile, () => null);
      if (target.ifVersion === undefined && file !== null && target.bps < file.bps) await this.write(text);
      throw error;
    }
  }

  private async write(text: string): Promise<void> {
    try {
      await writeDurably(this.file, text);
    } catch (error) {
      throw routerFailed(
        this.kind,
        `${this.file} could not be written: ${(error as Error).message}`,
        "make room or give write access to its folder",
        error,
      );
    }
  }

  private async run(
    name: "test" | "reload",
    command: readonly string[],
    signal?: AbortSignal,
  ): Promise<void> {
    const call = { kind: this.kind, command, timeoutMs: COMMAND_TIMEOUT_MS, signal };
    const { exitCode, complaint } = await runCommand(call, this.context);
    if (exitCode === 0) return;
    throw routerFailed(
      this.kind,
      `router.${name} \`${command.join(" ")}\` ended with code ${exitCode}; nginx serves as before: ${complaint}`,
      "run it by hand, and repair what it says",
    );
  }
}

/** Whether what runs is not what the file says. */
function isDrifted({ file, running }: Found): boolean {
  return running !== null && running.revision !== file?.revision;
}

/** Whether the file is as agentctl wrote it: an edit by hand leaves the figures that nginx tells behind. */
function isOurs({ running, file }: Found): boolean {
  return running === null || (running.bps === file?.bps && running.salt === file.salt);
}

function splitOf(found: Found, place: string): Split {
  const { file, running, text } = found;
  if (file === null || text === null) {
    throw text === null
      ? routerFailed(
          "nginx",
          `${place} is not there`,
          "set the split, which writes it; include it in nginx.conf",
        )
      : routerRefused(
          "nginx",
          `expected \`split_clients "SALT:$http_…"\` with arms canary and stable in ${place}`,
          "take the file of `agentctl canary render nginx`",
        );
  }
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  if (!isDrifted(found) || running === null) return { bps: file.bps, salt: file.salt, version: hash };
  return {
    bps: running.bps,
    salt: running.salt,
    version: `${hash}!running:${running.revision}:${running.bps}:${running.salt}`,
    ...(isOurs(found) ? {} : { afterRestart: { bps: file.bps, salt: file.salt } }),
  };
}
