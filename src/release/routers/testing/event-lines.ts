import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { LiveEvent, LiveEventOf } from "../../../core/live-event.js";
import type { TrafficRouter } from "../router.js";
import { sendIds, until } from "./arm-servers.js";
import type { ProxyBench } from "./proxy-bench.js";

type Served = LiveEventOf<"request_served">;

const id = z.string().min(1);
const servedLine = z.strictObject({
  event_id: id,
  event_type: z.literal("request_served"),
  timestamp: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  conversation_id: id,
  tenant_id: id,
  trace_id: z.string().regex(/^[0-9a-f]{32}$/),
  payload: z.strictObject({
    service: z.literal("support"),
    arm: z.enum(["stable", "canary"]),
    release: z.null(),
    bps: z.int().min(0).max(10_000),
    route: z.enum(["bucket", "no-id", "fallback"]),
    key: id.nullable(),
    model: z.null(),
    status: z.int(),
    ok: z.boolean(),
    failure: z.string().nullable(),
    streamed: z.boolean(),
    latencyMs: z.number().min(0),
    firstTokenMs: z.null(),
    usage: z.null(),
    costUsd: z.null(),
    finishReason: z.null(),
  }),
});

const HOSTILE = ['"', "\\", '\\"}', '","arm":"canary', "a\tb", "%[uuid()]", "$host", "é ☃ 𝄞"];
const LONG = '"'.repeat(4_096);

export interface EventLineAbilities {
  /** Whether the proxy notices that a stream without a length was cut. */
  readonly seesCuts: boolean;
}

/** What the lines have in common that proxies write by rendered configuration. */
export function describeEventLines(
  name: string,
  open: () => Promise<{ readonly bench: ProxyBench; readonly router: TrafficRouter }>,
  { seesCuts }: EventLineAbilities,
): void {
  describe(`${name} writes live events`, { timeout: 30_000 }, () => {
    let bench: ProxyBench;
    let router: TrafficRouter;

    beforeAll(async () => {
      ({ bench, router } = await open());
      await router.set({ bps: 5_000, salt: "rel-1" });
    });
    afterAll(async () => bench?.close());

    /** The lines that something leaves, waited for. */
    async function linesOf(count: number, work: () => Promise<unknown>): Promise<readonly Served[]> {
      const before = bench.events().length;
      await work();
      await until(`${count} lines of ${name}`, () => bench.events().length >= before + count);
      return bench.events().slice(before).map(checked);
    }

    it("names the arm that answered, of every id", async () => {
      const ids = Array.from({ length: 100 }, (_, index) => `c-${index}`);
      let arms: readonly string[] = [];
      const lines = await linesOf(ids.length, async () => {
        arms = await sendIds(bench.url, ids);
      });
      const armOf = new Map(lines.map((line) => [line.conversation_id, line.payload.arm]));
      expect(ids.map((each) => armOf.get(each))).toEqual(arms);
      expect(new Set(lines.map((line) => line.event_id)).size).toBe(ids.length);
      for (const { payload, timestamp } of lines) {
        expect(payload).toMatchObject({ bps: 5_000, route: "bucket", status: 200, ok: true, failure: null });
        expect(Math.abs(Date.parse(timestamp) - Date.now())).toBeLessThan(60_000);
      }
    });

    it("keeps hostile ids what they are", async () => {
      const lines = await linesOf(HOSTILE.length, async () => {
        for (const each of HOSTILE) await rawRequest(bench.url, "/", each);
      });
      expect(lines.map((line) => line.payload.key)).toEqual(HOSTILE);
      expect(lines.map((line) => line.conversation_id)).toEqual(HOSTILE);
      const { bps, salt } = await router.get();
      if (router.armFor !== undefined) {
        const computed = HOSTILE.map((each) => router.armFor?.({ bps, salt: salt ?? "" }, each));
        expect(lines.map((line) => line.payload.arm)).toEqual(computed);
      }
    });

    it("keeps an id of 4 KB that doubles when it is escaped", async () => {
      const [line] = await linesOf(1, () => rawRequest(bench.url, "/", LONG));
      expect(line?.payload.key === LONG && line.conversation_id === LONG).toBe(true);
    });

    it("sends what names no id to stable", async () => {
      const lines = await linesOf(2, async () => {
        await rawRequest(bench.url, "/", null);
        await rawRequest(bench.url, "/", "");
      });
      for (const { payload, conversation_id, trace_id } of lines) {
        expect(payload).toMatchObject({ arm: "stable", route: "no-id", key: null });
        expect(conversation_id).toBe(trace_id);
      }
    });

    it.each([
      ["/fail", { status: 500, ok: false, failure: "server_error", streamed: false }],
      ["/empty", { status: 204, ok: true, failure: null, streamed: false }],
      ["/stream", { status: 200, ok: true, failure: null, streamed: true }],
      ["/cut", { status: 200, ok: !seesCuts, failure: seesCuts ? "cut" : null, streamed: true }],
    ])("says how %s went", async (path, expected) => {
      const [line] = await linesOf(1, () => rawRequest(bench.url, path, "c-1"));
      expect(line?.payload).toMatchObject(expected);
    });

    it("does not blame the arm for a client that goes", async () => {
      const [line] = await linesOf(1, () =>
        rawRequest(bench.url, "/endless", "c-1", { leaveAtFirstByte: true }),
      );
      expect(line?.payload).toMatchObject({ ok: true, failure: "client_gone", status: 200 });
    });

    it("sends to stable what a dead canary cannot take, and says so", async () => {
      await router.set({ bps: 10_000, salt: "rel-1" });
      await bench.servers.stop("canary");
      const ids = Array.from({ length: 20 }, (_, index) => `d-${index}`);
      let arms: readonly string[] = [];
      const lines = await linesOf(ids.length, async () => {
        arms = await sendIds(bench.url, ids);
      });
      expect(new Set(arms)).toEqual(new Set(["stable"]));
      for (const { payload } of lines)
        expect(payload).toMatchObject({ arm: "stable", route: "fallback", ok: true });
      const [, canary] = await router.stats();
      if (canary !== undefined) expect(canary.redispatched).toBeGreaterThanOrEqual(ids.length);
    });
  });
}

function checked(event: LiveEvent): Served {
  return servedLine.parse(event) satisfies Served;
}

/** Bytes as they are: HTTP clients refuse some ids that proxies let through. */
async function rawRequest(
  url: string,
  path: string,
  key: string | null,
  { leaveAtFirstByte = false } = {},
): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const header = key === null ? "" : `x-conversation-id: ${key}\r\n`;
  socket.on("error", () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${header}\r\n`);
  const ended = once(socket, "close");
  socket.on("data", () => {
    if (leaveAtFirstByte) socket.resetAndDestroy();
  });
  await ended;
}
