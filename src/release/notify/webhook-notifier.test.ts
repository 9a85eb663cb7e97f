import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type Webhook, webhookNotifier } from "./webhook-notifier.js";

interface Received {
  readonly key: string;
  readonly body: Record<string, string>;
}

const open: Server[] = [];

/** A receiver that answers with these codes, then with 204. */
async function receiver(...codes: number[]) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    received.push({
      key: String(request.headers["idempotency-key"]),
      body: (text === "" ? {} : JSON.parse(text)) as Received["body"],
    });
    response.writeHead(codes.shift() ?? 204, { location: "/moved" }).end();
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/t0ken-of-hook` };
}

const notifierOf = (...webhooks: Webhook[]) =>
  webhookNotifier(webhooks, { service: "support", secrets: ["sk-secret-key"], waitMs: 1, timeoutMs: 300 });
const NOTICE = {
  key: "rel-1:7",
  releaseId: "rel-1",
  urgency: "info",
  text: "ABORTING: key sk-secret-key leaked",
} as const;

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

describe("webhookNotifier", () => {
  it("tells who wants to know, with a key against doubles and without secrets", async () => {
    const all = await receiver();
    const pager = await receiver();
    const notifier = notifierOf({ url: all.url, on: "all" }, { url: pager.url, on: "page" });
    await notifier.notify(NOTICE);
    await notifier.notify({ ...NOTICE, key: "rel-1:8", urgency: "page" });
    expect(all.received.map(({ key }) => key)).toEqual(["rel-1:7", "rel-1:8"]);
    expect(pager.received.map(({ key }) => key)).toEqual(["rel-1:8"]);
    expect(all.received[0]?.body).toEqual({
      key: "rel-1:7",
      release: "rel-1",
      service: "support",
      urgency: "info",
      text: "ABORTING: key [redacted] leaked",
    });
  });

  it("tries again what may pass, and not what was refused", async () => {
    const busy = await receiver(503, 429);
    await notifierOf({ url: busy.url, on: "all" }).notify(NOTICE);
    expect(busy.received).toHaveLength(3);
    const strict = await receiver(400);
    await expect(notifierOf({ url: strict.url, on: "all" }).notify(NOTICE)).rejects.toThrow(/HTTP 400$/);
    expect(strict.received).toHaveLength(1);
  });

  it("takes no redirect for a receipt: what follows it gets no notice", async () => {
    const moved = await receiver(302);
    await expect(notifierOf({ url: moved.url, on: "all" }).notify(NOTICE)).rejects.toThrow(/HTTP 302$/);
    expect(moved.received).toHaveLength(1);
  });

  it("says so when a secret holds no address, and tells the others all the same", async () => {
    const up = await receiver();
    const notifier = notifierOf({ url: "t0ken-of-hook", on: "all" }, { url: up.url, on: "all" });
    const failure = await notifier.notify(NOTICE).catch((error: Error) => error.message);
    expect(failure).toMatch(/^a webhook is no URL: correct the secret/);
    expect(up.received).toHaveLength(1);
  });

  it("names the host alone, and tells again only those that do not know yet", async () => {
    const up = await receiver();
    const down = { url: "http://127.0.0.1:9/t0ken-of-hook", on: "all" } as const;
    const notifier = notifierOf({ url: up.url, on: "all" }, down);
    const failure = await notifier.notify(NOTICE).catch((error: Error) => error.message);
    expect(failure).toMatch(/^webhook at 127\.0\.0\.1:9: \w+( \w+)*$/);
    await expect(notifier.notify(NOTICE)).rejects.toThrow();
    expect(up.received).toHaveLength(1);
  });
});
