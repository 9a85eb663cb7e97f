import { Pool } from "undici";

const BODY = JSON.stringify({
  model: "bench",
  messages: [{ role: "user", content: "How do I reset an expired API key? ".repeat(10) }],
});

const PATH = "/v1/chat/completions";

function request(index: number, headers: Record<string, string> = {}) {
  return {
    method: "POST" as const,
    path: PATH,
    headers: { "content-type": "application/json", "x-conversation-id": `c-${index % 5000}`, ...headers },
    body: BODY,
  };
}

/**
 * Sends requests at a rate, whatever becomes of those before.
 *
 * @returns times to the end of each answer in milliseconds; a lost request has none
 */
export async function openLoop(
  origin: string,
  ratePerSecond: number,
  seconds: number,
): Promise<readonly number[]> {
  const pool = new Pool(origin, { connections: 256 });
  const total = ratePerSecond * seconds;
  const latencies: number[] = [];
  const answers: Promise<void>[] = [];
  const startedAt = performance.now();
  const send = async (index: number) => {
    const sentAt = performance.now();
    const { body, statusCode } = await pool.request(request(index));
    await body.arrayBuffer();
    if (statusCode === 200) latencies.push(performance.now() - sentAt);
  };
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) * ratePerSecond) / 1000));
    for (; sent < due; sent += 1) answers.push(send(sent).catch(() => {}));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(answers);
  await pool.destroy();
  return latencies;
}

/** Requests a second that so many clients get, each asking again as soon as it is answered. */
export async function closedLoop(origin: string, clients: number, seconds: number): Promise<number> {
  const pool = new Pool(origin, { connections: clients });
  const until = performance.now() + seconds * 1000;
  let done = 0;
  const client = async () => {
    while (performance.now() < until) {
      const { body } = await pool.request(request(done));
      await body.dump();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  await pool.destroy();
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
    const { body } = await pool.request(request(index, { "x-bench-stream": "1" }));
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
