import { resolve } from "node:path";
import type { RouterConfig } from "../../../config/release/release-schema.js";
import type { RouterError } from "../../../core/errors.js";
import { ALL_BPS, type Arm } from "../../../core/traffic-split.js";
import type { ArmCounts, Split, TrafficRouter } from "../router.js";
import type { RouterContext } from "../router-context.js";
import {
  checkTarget,
  refuseConflict,
  routerFailed,
  routerRefused,
  type SplitTarget,
} from "../split-target.js";
import { HaproxyMaps } from "./haproxy-maps.js";
import { runtimeAddress } from "./runtime-api.js";
import { armCounts, FALLBACK_SERVER, parseShowStat, serversOf } from "./show-stat.js";
import { isSameSplit, newRevision, type SplitMaps, versionOf } from "./split-map.js";

type HaproxyConfig = Extract<RouterConfig, { type: "haproxy" }>;

/** As in `show servers state`: drained by a command, and by nothing else out of use. */
const FORCED_DRAIN = "8";
/** A reload in the middle of a change starts a worker that has read the files before it. */
const ATTEMPTS = 3;

/**
 * HAProxy, by its Runtime API and the map files that it reads at its start. Sticky by `bucketOf`. There is no compare
 * and swap in HAProxy: the split is read before it is written, and read back after.
 *
 * `promote` is absent: an address that is set at run time is gone after a reload, so the new stable address belongs into
 * the configuration.
 */
export class HaproxyRouter implements TrafficRouter {
  readonly kind = "haproxy";
  readonly isSticky = true;
  private readonly maps: HaproxyMaps;

  constructor(
    private readonly config: HaproxyConfig,
    { folder }: RouterContext,
  ) {
    this.maps = new HaproxyMaps(runtimeAddress(config.socket, folder), resolve(folder, config.map_folder));
  }

  async get(signal?: AbortSignal): Promise<Split> {
    return splitOf(await this.maps.running(signal), await this.maps.inFiles());
  }

  async set(target: SplitTarget, signal?: AbortSignal): Promise<Split> {
    checkTarget(this.kind, target);
    signal?.throwIfAborted();
    for (let attempt = 1; ; attempt += 1) {
      const wanted: SplitMaps = { bps: target.bps, salt: target.salt, revision: newRevision() };
      const files = await this.maps.inFiles();
      const running = await this.runningOrLowered(target, wanted, files, signal);
      // Its own first attempt is not what it would call somebody else's change.
      if (attempt === 1) refuseConflict(this.kind, target, splitOf(running, files));
      if (target.bps > 0) await this.fill(signal);
      const isDone =
        isSameSplit({ ...wanted, revision: running.revision }, running) && isSameSplit(running, files);
      if (isDone) return splitOf(running, files);
      await this.change(wanted, running, signal);
      const now = await this.maps.running(signal);
      if (isSameSplit(wanted, now)) return splitOf(now, await this.maps.inFiles());
      if (attempt < ATTEMPTS) continue;
      throw routerFailed(
        this.kind,
        `set ${target.bps} basis points, read back ${now.bps} in ${ATTEMPTS} attempts`,
        "see whether something else writes the maps, or reloads HAProxy all the time",
      );
    }
  }

  async drain(arm: Arm, signal?: AbortSignal): Promise<void> {
    for (const server of await this.servers(arm, signal))
      await this.serverState(arm, server, "drain", signal);
  }

  async stats(signal?: AbortSignal): Promise<readonly ArmCounts[]> {
    const rows = parseShowStat(await this.maps.command("show stat", signal));
    return (["stable", "canary"] as const).map((arm) => {
      const counts = armCounts(rows, this.backend(arm), arm);
      if (counts !== null) return counts;
      throw this.missingBackend(arm);
    });
  }

  async close(): Promise<void> {}

  /**
   * What runs. A HAProxy that is down cannot be asked, but must not come back with more of the canary than is wanted
   * now: its files are lowered all the same.
   */
  private async runningOrLowered(
    target: SplitTarget,
    wanted: SplitMaps,
    files: SplitMaps | null,
    signal?: AbortSignal,
  ): Promise<SplitMaps> {
    try {
      return await this.maps.running(signal);
    } catch (error) {
      const isLess = target.ifVersion === undefined && (files === null || target.bps < files.bps);
      if (signal?.aborted !== true && (error as RouterError).code === "ROUTER_FAILED" && isLess) {
        await this.maps.write(wanted);
      }
      throw error;
    }
  }

  /** The files first, so that no restart undoes what was confirmed; going down does not wait for a full disk. */
  private async change(wanted: SplitMaps, running: SplitMaps, signal?: AbortSignal): Promise<void> {
    let unwritten: unknown = null;
    await this.maps.write(wanted).catch((error: unknown) => {
      unwritten = error;
    });
    if (unwritten !== null && wanted.bps >= running.bps) throw unwritten;
    await this.maps.apply(wanted, running, signal);
    if (unwritten !== null) throw unwritten;
  }

  private async fill(signal?: AbortSignal): Promise<void> {
    const answer = await this.maps.command(`show servers state ${this.backend("canary")}`, signal);
    for (const line of answer.split("\n")) {
      const [, backend, , server = "", , , admin] = line.split(" ");
      if (backend === this.backend("canary") && server !== FALLBACK_SERVER && admin === FORCED_DRAIN) {
        await this.serverState("canary", server, "ready", signal);
      }
    }
  }

  private async serverState(
    arm: Arm,
    server: string,
    state: "drain" | "ready",
    signal?: AbortSignal,
  ): Promise<void> {
    const command = `set server ${this.backend(arm)}/${server} state ${state}`;
    const answer = await this.maps.command(command, signal);
    if (answer !== "")
      throw routerFailed(this.kind, `\`${command}\` was answered with ${answer}`, "see its log");
  }

  private async servers(arm: Arm, signal?: AbortSignal): Promise<readonly string[]> {
    const rows = parseShowStat(await this.maps.command("show stat", signal));
    const names = serversOf(rows, this.backend(arm)).map((row) => row.svname ?? "");
    if (names.length === 0) throw this.missingBackend(arm);
    return names;
  }

  private backend(arm: Arm): string {
    return arm === "canary" ? this.config.canary_backend : this.config.stable_backend;
  }

  private missingBackend(arm: Arm): RouterError {
    return routerRefused(
      this.kind,
      `it has no backend ${this.backend(arm)} with a server`,
      `name it in release.yaml, router: ${arm}_backend`,
    );
  }
}

function splitOf(running: SplitMaps, files: SplitMaps | null): Split {
  const split = {
    bps: Math.min(running.bps, ALL_BPS),
    salt: running.salt,
    version: versionOf(running, files),
  };
  if (files === null) return { ...split, afterRestart: null };
  const isKept = files.bps === running.bps && files.salt === running.salt;
  return isKept ? split : { ...split, afterRestart: { bps: files.bps, salt: files.salt } };
}
