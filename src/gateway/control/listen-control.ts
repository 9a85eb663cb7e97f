import { chmodSync, rmSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import type { Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { dirname } from "node:path";
import { UsageError } from "../../core/errors.js";

/** The longest path of a Unix socket, in bytes; longer ones are cut by the system without a word. */
const MOST_SOCKET_BYTES = 103;

/**
 * Makes a server listen on a Unix socket of mode 0600 or on a loopback address.
 *
 * @param place - `unix:PATH` with an absolute path, or HOST:PORT
 * @returns where it listens: `unix:PATH` or a URL
 * @throws {UsageError} when the place is not of this machine alone, or taken
 */
export async function listenControl(server: Server, place: string): Promise<string> {
  return place.startsWith("unix:") ? listenSocket(server, place.slice(5)) : listenPort(server, place);
}

async function listenSocket(server: Server, path: string): Promise<string> {
  if (Buffer.byteLength(path) > MOST_SOCKET_BYTES) {
    throw new UsageError(
      `control.listen: expected a path of at most ${MOST_SOCKET_BYTES} bytes, found ${path}`,
      {
        nextStep: "choose a shorter path, such as unix:/run/agentctl.sock",
      },
    );
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await removeLeftSocket(path);
  // Between listening and chmod the socket would be open to whom the usual mask lets in.
  const mask = process.umask(0o177);
  const listening = listen(server, () => server.listen(path), `unix:${path}`);
  process.umask(mask);
  await listening;
  chmodSync(path, 0o600);
  return `unix:${path}`;
}

/** A killed gateway leaves its socket behind; one that somebody listens on stays. */
async function removeLeftSocket(path: string): Promise<void> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isSocket()) {
    throw new UsageError(`control.listen: expected a socket or nothing at ${path}, found something else`, {
      nextStep: "choose another path",
    });
  }
  if (await isAnswered(path)) throw taken(`unix:${path}`, "another process listens there");
  rmSync(path, { force: true });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

async function listenPort(server: Server, place: string): Promise<string> {
  const [, host, port] = /^(127(?:\.\d{1,3}){3}|localhost|\[::1\]):(\d{1,5})$/.exec(place) ?? [];
  if (host === undefined || port === undefined) {
    throw new UsageError(`control.listen: expected unix:PATH or a loopback address, found ${place}`, {
      nextStep: "the control API moves traffic: reach it from other machines through SSH",
    });
  }
  // `localhost` may be another machine by /etc/hosts.
  const address = host === "[::1]" ? "::1" : host === "localhost" ? "127.0.0.1" : host;
  await listen(server, () => server.listen(Number(port), address), place);
  const bound = (server.address() as AddressInfo).port;
  return `http://${host === "localhost" ? "127.0.0.1" : host}:${bound}`;
}

function listen(server: Server, start: () => void, place: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(taken(place, error.code ?? error.message)));
    server.once("listening", resolve);
    start();
  });
}

function taken(place: string, why: string): UsageError {
  return new UsageError(`control.listen: cannot listen on ${place}: ${why}`, {
    nextStep: "stop the other gateway, or choose another place",
  });
}
