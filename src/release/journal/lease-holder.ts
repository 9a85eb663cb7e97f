import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Boot and process namespace, then when the process began, as Linux tells both. */
const MARK = /:(\d+)@([0-9a-f]{12})-(\d+)(?::|$)/;
/** Fields behind the name of the program, which may hold spaces and brackets. */
const STATE = 0;
const START = 19;
const ENDED: ReadonlySet<string> = new Set(["Z", "X", "x"]);

/**
 * A name of this process for a lease: `host:pid@place-start` on Linux, where another process of this machine can tell
 * whether it still runs, else `host:pid`.
 */
export function holderName(): string {
  const name = `${hostname()}:${process.pid}`;
  const place = placeHere();
  const began = lookUp(process.pid);
  return place === null || began === null ? name : `${name}@${place}-${began.start}`;
}

/**
 * Whether the process that a lease names has certainly ended: it ran on this machine since its last start, in the process
 * namespace of this process, and is no more. Of everybody else nobody can tell from here.
 *
 * @param holder - as `holderName` made it; more may follow after a colon
 */
export function hasHolderEnded(holder: string): boolean {
  const [, pid, place, start] = MARK.exec(holder) ?? [];
  if (pid === undefined || place !== placeHere()) return false;
  const found = lookUp(Number(pid));
  // A system may hide the processes of other users, and looks then as if they had ended.
  if (found === null) return !isThere(Number(pid));
  return found.start !== start || ENDED.has(found.state);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** `null` where the system does not tell. */
function placeHere(): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const namespace = readlinkSync("/proc/self/ns/pid");
    return createHash("sha256").update(`${boot} ${namespace}`).digest("hex").slice(0, 12);
  } catch {
    return null;
  }
}

/** `null` when it cannot be read. */
function lookUp(pid: number): { readonly state: string; readonly start: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[STATE] ?? "", start: fields[START] ?? "" };
  } catch {
    return null;
  }
}
