import { randomBytes } from "node:crypto";

/** What the two map files of the split hold, or the maps of a running HAProxy. */
export interface SplitMaps {
  readonly bps: number;
  readonly salt: string;
  /** Drawn anew by every change that agentctl makes, so that going back to an earlier share is a change too. */
  readonly revision: string;
}

export function newRevision(): string {
  return randomBytes(4).toString("hex");
}

/** Texts of the two files: one map cannot be read as numbers and as texts. */
export function mapFiles({ bps, salt, revision }: SplitMaps): {
  readonly bps: string;
  readonly salt: string;
} {
  const note = "# Written by agentctl, which takes what is changed here by hand as drift.\n";
  return { bps: `${note}bps ${bps}\n`, salt: `${note}salt ${salt}\nrevision ${revision}\n` };
}

/**
 * Reads map files, or the answers of `show map`, whose lines begin with an address.
 *
 * @returns `null` when the share is missing or none: HAProxy would send nothing to the canary
 */
export function parseMaps(bpsText: string, saltText: string): SplitMaps | null {
  const bps = Number(entryOf(bpsText, "bps") ?? Number.NaN);
  const salt = entryOf(saltText, "salt");
  if (!Number.isInteger(bps) || bps < 0 || salt === null) return null;
  return { bps, salt, revision: entryOf(saltText, "revision") ?? "none" };
}

/** The first entry counts, as in HAProxy. */
function entryOf(text: string, key: string): string | null {
  for (const line of text.split("\n")) {
    const words = line
      .replace(/^0x[0-9a-f]+ /, "")
      .trim()
      .split(/\s+/);
    if (words[0] === key && words[1] !== undefined) return words.slice(1).join(" ");
  }
  return null;
}

export function isSameSplit(a: SplitMaps, b: SplitMaps | null): boolean {
  return b !== null && a.bps === b.bps && a.salt === b.salt && a.revision === b.revision;
}

/** One word for what runs and what the files would make of a restart: another one when they disagree. */
export function versionOf(running: SplitMaps, files: SplitMaps | null): string {
  const word = ({ revision, bps, salt }: SplitMaps) => `${revision}:${bps}:${salt}`;
  if (isSameSplit(running, files)) return word(running);
  return `${word(running)}!files:${files === null ? "unreadable" : word(files)}`;
}
