import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { routerFailed, routerRefused } from "../split-target.js";
import { writeDurably } from "../write-durably.js";
import { type RuntimeAddress, runtimeCommand } from "./runtime-api.js";
import { mapFiles, parseMaps, type SplitMaps } from "./split-map.js";

const FILES = { bps: "bps.map", salt: "salt.map" } as const;

/** The split in the two places where HAProxy has it: its memory, and the files that it reads at its start. */
export class HaproxyMaps {
  constructor(
    private readonly address: RuntimeAddress,
    private readonly folder: string,
  ) {}

  /** @throws {RouterError} when HAProxy cannot be asked */
  async command(command: string, signal?: AbortSignal): Promise<string> {
    try {
      return await runtimeCommand(this.address, command, signal);
    } catch (error) {
      if (signal?.aborted === true) throw error;
      const place = "path" in this.address ? this.address.path : `${this.address.host}:${this.address.port}`;
      throw routerFailed(
        "haproxy",
        `\`${command}\` got no answer from ${place}: ${(error as Error).message}`,
        "see that HAProxy runs with `stats socket … level admin` there",
        error,
      );
    }
  }

  /** The split by which HAProxy sends now. */
  async running(signal?: AbortSignal): Promise<SplitMaps> {
    const names = await this.names(signal);
    const [bps, salt] = [
      await this.command(`show map ${names.bps}`, signal),
      await this.command(`show map ${names.salt}`, signal),
    ];
    const maps = parseMaps(bps, salt);
    if (maps !== null) return maps;
    throw routerFailed(
      "haproxy",
      `expected keys \`bps\` and \`salt\` in its maps, found ${JSON.stringify(`${bps}\n${salt}`.slice(0, 200))}`,
      "set the split, which writes them",
    );
  }

  /** @returns `null` when HAProxy could not start with them */
  async inFiles(): Promise<SplitMaps | null> {
    try {
      return parseMaps(await this.file("bps"), await this.file("salt"));
    } catch {
      return null;
    }
  }

  async write(maps: SplitMaps): Promise<void> {
    const texts = mapFiles(maps);
    const before = await this.inFiles();
    try {
      // A crash between the two files must send nobody to the canary by the other's salt.
      if (before?.salt !== maps.salt) await this.replace("bps", mapFiles({ ...maps, bps: 0 }).bps);
      await this.replace("salt", texts.salt);
      await this.replace("bps", texts.bps);
    } catch (error) {
      throw routerFailed(
        "haproxy",
        `the map files in ${this.folder} could not be written: ${(error as Error).message}`,
        "make room or give write access; until then a restart of HAProxy goes back to what they hold",
        error,
      );
    }
  }

  /** Nobody changes arm by half of a change: the share is 0 while the salt changes. */
  async apply(maps: SplitMaps, before: SplitMaps | null, signal?: AbortSignal): Promise<void> {
    const names = await this.names(signal);
    if (before?.salt !== maps.salt) {
      await this.put(names.bps, "bps", "0", signal);
      await this.put(names.salt, "salt", maps.salt, signal);
    }
    await this.put(names.bps, "bps", String(maps.bps), signal);
    await this.put(names.salt, "revision", maps.revision, signal);
  }

  private async put(map: string, key: string, value: string, signal?: AbortSignal): Promise<void> {
    let answer = await this.command(`set map ${map} ${key} ${value}`, signal);
    if (/not found/i.test(answer)) answer = await this.command(`add map ${map} ${key} ${value}`, signal);
    if (answer === "") return;
    throw routerFailed(
      "haproxy",
      `\`set map ${map} ${key} ${value}\` was answered with ${answer}`,
      "see its log",
    );
  }

  /** As the configuration spells the two files, which is how the Runtime API names them. */
  private async names(signal?: AbortSignal): Promise<{ readonly bps: string; readonly salt: string }> {
    const listed = [...(await this.command("show map", signal)).matchAll(/^-?\d+ \((?<file>[^)]+)\)/gm)].map(
      (match) => match.groups?.file ?? "",
    );
    const named = (file: string) => {
      const path = join(this.folder, file);
      const found = listed.filter((entry) => basename(entry) === file);
      const name = found.find((entry) => entry === path) ?? (found.length === 1 ? found[0] : undefined);
      if (name !== undefined) return name;
      throw routerRefused(
        "haproxy",
        `expected one map ${path}, found ${listed.length === 0 ? "none" : listed.join(", ")}`,
        "take the configuration of `agentctl canary render haproxy`",
      );
    };
    return { bps: named(FILES.bps), salt: named(FILES.salt) };
  }

  private file(of: keyof typeof FILES): Promise<string> {
    return readFile(join(this.folder, FILES[of]), "utf8");
  }

  private replace(of: keyof typeof FILES, text: string): Promise<void> {
    return writeDurably(join(this.folder, FILES[of]), text);
  }
}
