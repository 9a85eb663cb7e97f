import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { contentHash } from "../../core/hash.js";
import type { LoadedAgent } from "./load-agent.js";

/** Content hash of the facts that trials begin with; `null` without a seed, or when its file cannot be read. */
export function memorySeedHash({ config, folder }: Pick<LoadedAgent, "config" | "folder">): string | null {
  const seed = config.memory?.seed;
  if (seed === undefined) return null;
  try {
    return contentHash(readFileSync(resolve(folder, seed), "utf8").replaceAll("\r\n", "\n"));
  } catch {
    // The part reports it with what to do about it.
    return null;
  }
}
