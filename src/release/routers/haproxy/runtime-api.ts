import { connect, type Socket } from "node:net";
import { isAbsolute, join } from "node:path";

/** The Runtime API has no status codes: what went wrong stands in the body. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const TIMEOUT_MS = 5_000;

export type RuntimeAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** `HOST:PORT`, or the path of a socket, relative to a folder. */
export function runtimeAddress(socket: string, folder: string): RuntimeAddress {
  const tcp = /^(?<host>[^/]+):(?<port>\d+)$/.exec(socket)?.groups;
  if (tcp !== undefined) return { host: (tcp.host ?? "").replace(/^\[|\]$/g, ""), port: Number(tcp.port) };
  return { path: isAbsolute(socket) ? socket : join(folder, socket) };
}

/**
 * One command of HAProxy's Runtime API on a connection of its own, which HAProxy ends after the answer.
 *
 * @returns the answer without its empty last line
 * @throws {Error} when there is none within 5 s, or the signal aborts
 */
export async function runtimeCommand(
  address: RuntimeAddress,
  command: string,
  signal?: AbortSignal,
): Promise<string> {
  signal?.throwIfAborted();
  const socket = connect(address);
  // Given to `connect`, the signal would keep a listener of every command for as long as it lives.
  const abort = () => socket.destroy(signal?.reason as Error);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await answerTo(socket, command);
  } finally {
    signal?.removeEventListener("abort", abort);
    socket.destroy();
  }
}

function answerTo(socket: Socket, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    // Of the whole exchange: an idle timer starts anew with every byte.
    const timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS / 1_000} s`)), TIMEOUT_MS);
    socket.on("error", reject);
    socket.on("data", (piece) => {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > MAX_ANSWER_BYTES) reject(new Error(`an answer of more than ${MAX_ANSWER_BYTES} bytes`));
    });
    socket.on("end", () => resolve(Buffer.concat(pieces).toString("utf8").trimEnd()));
    socket.on("close", () => {
      clearTimeout(timer);
      reject(new Error("the connection was cut"));
    });
    socket.write(`${command}\n`);
  });
}
