import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { SessionOwner } from "./session-store.js";

const ours = new Set<string>();

/** A new hold of this process. Give it back with {@link forgetOwner}, or later holds take it for alive. */
export function newOwner(): SessionOwner {
  const token = randomUUID();
  ours.add(token);
  return { host: hostname(), pid: process.pid, token };
}

export function forgetOwner(owner: SessionOwner): void {
  ours.delete(owner.token);
}

/**
 * Whether the process that holds a session is there. One of another machine is taken for alive until its lease ends; a
 * process with our number and a token that is not ours is gone.
 */
export function isOwnerAlive({ host, pid, token }: SessionOwner): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return ours.has(token);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
