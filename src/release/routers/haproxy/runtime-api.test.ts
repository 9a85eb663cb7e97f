import { getEventListeners } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { temporaryFolder } from "../../../../test/run-cli.js";
import { runtimeCommand } from "./runtime-api.js";

const path = join(temporaryFolder(), "haproxy.sock");
let server: Server;
afterEach(() => new Promise((done) => server.close(done)));

function listen(answer: (socket: Socket) => void): Promise<void> {
  server = createServer((socket) => socket.once("data", () => answer(socket)));
  return new Promise((resolve) => server.listen(path, resolve));
}

it("leaves nothing behind at a signal that outlives its commands", async () => {
  await listen((socket) => socket.end("done\n"));
  const { signal } = new AbortController();
  for (let index = 0; index < 3; index += 1)
    expect(await runtimeCommand({ path }, "show map", signal)).toBe("done");
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

it("ends with the signal, before an answer", async () => {
  const interruption = new AbortController();
  await listen(() => interruption.abort());
  await expect(runtimeCommand({ path }, "show map", interruption.signal)).rejects.toThrow("aborted");
});
