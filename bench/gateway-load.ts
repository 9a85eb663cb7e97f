import { Pool } from "undici";
import { Connection } from "./gateway-connection.js";

const BODY = JSON.stringify({
  model: "bench",
  messages: [{ role: "user", content: "How do I reset an expired API key? ".repeat(10) }],
});

const PATH = "/v1/chat/completions";

function bytesOf(index: number): string {
  return [
    `POST ${PATH} HTTP/1.1`,
    "host: bench",
    "content-type: application/json",
    `x-conversation-id: c-${index % 5000}`,
    `content-length: ${BODY.length}`,
    "",
    BODY,
  ].join("\r\n");
}

/**
 * Sends requests at a rate, whatever becomes of those before.
 *
 * @returns times from sending to the end of each answer in milliseconds; a lost request has none
 */
export async function openLoop(
  origin: string,
  ratePerSecond: number,
  seconds: number,
): Promise<readonly number[]> {
  const free: Connection[] = [];
  const total = ratePerSecond * seconds;
  const latencies: number[] = [];
  let ended = 0;
  const send = (index: number) => {
    const connection = free.pop() ?? new Connection(origin);
    const sentAt = performance.now();
    connection.ask(bytesOf(index), (isOk) => {
      ended += 1;
      if (isOk) latencies.push(performance.now() - sentAt);
      if (connection.isOpen) free.push(connection);
    });
  };
  const startedAt = performance.now();
  for (let sent = 0; ended < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) * ratePerSecond) / 1000));
    for (; sent < due; sent += 1) send(sent);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  for (const connection of free) connection.close();
  return latencies;
}

/** Requests a second that so many clients get, each asking again as soon as it is answered. */
export async function closedLoop(origin: string, clients: number, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1000;
  let done = 0;
  const client = () =>
    new Promise<void>((resolve) => {
      const connection = new Connection(origin);
      const ask = () =>
        connection.ask(bytesOf(done), (isOk) => {
          if (isOk) done += 1;
          if (isOk && performance.now() < until) {
            ask();
            return;
          }
          connection.close();
          resolve();
        });
      ask();
    });
  await Promise.all(Array.from({ length: clients }, client));
  return done / seconds;
}

/** The same as a script of wrk. */
export const WRK_SCRIPT = `
local count = 0
request = function()
  count = count + 1
  return wrk.format("POST", "${PATH}", {
    ["content-type"] = "application/json", ["x-conversation-id"] = "c-" .. (count % 5000)
  }, ${JSON.stringify(BODY)})
end
`;

export interface StreamFigures {
  /** Streams that came to their end. */
  readonly whole: number;
  /** Milliseconds from when the backend sent an event to when it arrived. */
  readonly lagMs: readonly number[];
}

/** Reads streams at once. */
export async function readStreams(origin: string, count: number): Promise<StreamFigures> {
  const pool = new Pool(origin, { connections: count });
  const lagMs: number[] = [];
  let whole = 0;
  const read = async (index: number) => {
    const headers = {
      "content-type": "application/json",
      "x-conversation-id": `c-${index}`,
      "x-bench-stream": "1",
    };
    const { body } = await pool.request({ method: "POST", path: PATH, headers, body: BODY });
    for await (const piece of body) {
      const now = performance.timeOrigin + performance.now();
      const text = String(piece);
      for (const [, sentAt] of text.matchAll(/"content":"([\d.]+)"/g)) lagMs.push(now - Number(sentAt));
      if (text.includes("[DONE]")) whole += 1;
    }
  };
  await Promise.all(Array.from({ length: count }, (_, index) => read(index).catch(() => {})));
  await pool.destroy();
  return { whole, lagMs };
}
