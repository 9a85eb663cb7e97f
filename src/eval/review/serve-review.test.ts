import { request } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { Clock } from "../../core/clock.js";
import type { ReviewState } from "../../report/review-page/review-view.js";
import { openJudgementStore } from "../../store/judgement-store.js";
import { hostInUrl, isFromOwnPage, isLoopback, isOwnHost } from "../serve/access.js";
import { type ReviewServer, serveReview } from "./serve-review.js";
import { helpfulness, plainItems, refund, sampleReview } from "./testing/serve-samples.js";

let nowMs = 0;
const clock: Clock = { now: () => 1_790_000_000_000 + nowMs, monotonic: () => nowMs };
const store = openJudgementStore(":memory:");
const open: ReviewServer[] = [];
const faults: unknown[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
  expect(faults).toEqual([]);
});

async function serve(
  over: { host?: string; allowRemote?: boolean; port?: number } = {},
): Promise<ReviewServer> {
  const review = sampleReview(store, helpfulness, [refund, ...plainItems(3)], { clock, perItem: 9 });
  const server = await serveReview(review, {
    host: "127.0.0.1",
    port: 0,
    allowRemote: false,
    clock,
    onFault: (error) => faults.push(error),
    ...over,
  });
  open.push(server);
  return server;
}

interface Reply {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly text: string;
}

/** `fetch` may set neither Host nor Origin. */
function ask(
  server: ReviewServer,
  path: string,
  options: { method?: string; headers?: { [name: string]: string }; body?: string } = {},
): Promise<Reply> {
  const { port, hostname } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: hostname, port, path, method: options.method ?? "GET", headers: options.headers ?? {} },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      },
    );
    sent.on("error", reject).end(options.body);
  });
}

async function cookieFrom(server: ReviewServer): Promise<string> {
  const { pathname, search } = new URL(server.url);
  const { headers } = await ask(server, `${pathname}${search}`);
  return String(headers["set-cookie"]).split(";")[0] ?? "";
}

async function post(server: ReviewServer, cookie: string, name: string, body: unknown) {
  const { status, text } = await ask(server, `/api/${name}`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status, reply: JSON.parse(text) as ReviewState & { readonly error?: string; reason?: string } };
}

describe("who is let in", () => {
  it("wants the whole link once, and a cookie that scripts and other sites cannot send afterwards", async () => {
    const server = await serve();
    const { pathname, search, port } = new URL(server.url);
    expect((await ask(server, "/")).status).toBe(403);
    expect((await ask(server, "/?token=wrong")).status).toBe(403);
    expect((await ask(server, "/api/item")).status).toBe(401);
    const page = await ask(server, `${pathname}${search}`);
    expect(page.status).toBe(200);
    const cookie = String(page.headers["set-cookie"]);
    expect(cookie).toMatch(
      new RegExp(`^agentctl_review_${port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    );
    const again = await ask(server, "/", { headers: { cookie: cookie.split(";")[0] ?? "" } });
    expect(again.status).toBe(200);
    expect(again.headers["set-cookie"]).toBeUndefined();
    const policy = String(again.headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(again.headers["cache-control"]).toBe("no-store");
    expect(again.headers["referrer-policy"]).toBe("no-referrer");
  });

  it("each server has a secret of its own", async () => {
    const [first, second] = [await serve(), await serve()];
    const cookie = await cookieFrom(first);
    expect((await ask(second, `/${new URL(first.url).search}`)).status).toBe(403);
    expect((await ask(second, "/api/item", { headers: { cookie } })).status).toBe(401);
  });

  it.each([
    ["a name that points here", { host: "evil.example" }, 421],
    ["a name with this port", { host: "evil.example:PORT" }, 421],
    ["another port", { host: "127.0.0.1:1" }, 421],
    ["a page of another site", { origin: "http://evil.example" }, 403],
    ["a page of another port", { origin: "http://127.0.0.1:1" }, 403],
    ["a page without an origin", { origin: "null" }, 403],
    ["a request across sites", { "sec-fetch-site": "cross-site" }, 403],
    ["a request across ports", { "sec-fetch-site": "same-site" }, 403],
  ])("refuses %s, with the right cookie", async (_name, headers, status) => {
    const server = await serve();
    const cookie = await cookieFrom(server);
    const { port } = new URL(server.url);
    const filled = Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, v.replace("PORT", port)]));
    const { status: found } = await ask(server, "/api/sign-in", {
      method: "POST",
      headers: { cookie, "content-type": "application/json", ...filled },
      body: '{"name":"Mallory"}',
    });
    expect(found).toBe(status);
  });

  it("listens for others only when that is said twice", async () => {
    await expect(serve({ host: "0.0.0.0" })).rejects.toThrow("--host 0.0.0.0: expected an address of this");
    const server = await serve({ host: "0.0.0.0", allowRemote: true });
    expect(server.warnings).toEqual([expect.stringContaining("nothing is encrypted")]);
    expect((await serve()).warnings).toEqual([]);
  });

  it("says when the port is taken", async () => {
    const { port } = new URL((await serve()).url);
    await expect(serve({ port: Number(port) })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: EADDRINUSE`,
    );
  });

  it("tells names of this machine from those that may be pointed at it", () => {
    expect(
      ["127.0.0.1:80", "localhost:80", "[::1]:80"].map((one) => isOwnHost(one, "127.0.0.1", 80)),
    ).toEqual([true, true, true]);
    expect(isOwnHost("192.168.1.4:80", "127.0.0.1", 80)).toBe(false);
    expect(isOwnHost("192.168.1.4:80", "0.0.0.0", 80)).toBe(true);
    expect(isOwnHost("[fe80::1]:80", "::", 80)).toBe(true);
    expect(isOwnHost("evil.example:80", "0.0.0.0", 80)).toBe(false);
    expect(isOwnHost("box.lan:8080", "box.lan", 8080)).toBe(true);
    expect(isOwnHost(undefined, "127.0.0.1", 80)).toBe(false);
    expect(isFromOwnPage({ host: "127.0.0.1:80", origin: "http://127.0.0.1:80" })).toBe(true);
    expect(["127.0.0.1", "127.9.9.9", "localhost", "::1"].every(isLoopback)).toBe(true);
    expect(["127.0.0.1.evil.example", "0.0.0.0", "::"].some(isLoopback)).toBe(false);
    expect(hostInUrl("::1")).toBe("[::1]");
  });
});

describe("requests", () => {
  it.each([
    ["what is no JSON", "{", 400],
    ["another shape", '{"name":1}', 400],
    ["a field that is not known", '{"name":"Ada","admin":true}', 400],
    ["an empty name", '{"name":"  "}', 400],
    ["a name with control characters", '{"name":"A\\u0007"}', 400],
    ["more than 64 KiB", `{"name":"${"a".repeat(70_000)}"}`, 413],
  ])("refuses %s", async (_name, body, status) => {
    const server = await serve();
    const answer = await post(server, await cookieFrom(server), "sign-in", body);
    expect(answer).toEqual({ status, reply: { error: expect.any(String) } });
  });

  it("refuses other types, methods and paths", async () => {
    const server = await serve();
    const cookie = await cookieFrom(server);
    const form = { cookie, "content-type": "application/x-www-form-urlencoded" };
    const status = async (path: string, method: string, headers: { [name: string]: string } = { cookie }) =>
      (await ask(server, path, { method, headers, ...(method === "POST" ? { body: "{}" } : {}) })).status;
    expect(await status("/api/sign-in", "POST", form)).toBe(415);
    expect(await status("/api/label", "GET")).toBe(405);
    expect(await status("/api/item", "POST")).toBe(405);
    expect(await status("/", "POST")).toBe(405);
    expect(await status("/api/verdicts", "GET")).toBe(404);
    expect(await status("/../package.json", "GET")).toBe(404);
    expect(await status("//[", "GET")).toBe(404);
    expect((await post(server, cookie, "label", { item: "x", value: "4" })).reply.error).toBe(
      "Sign in first.",
    );
  });
});

describe("labelling", () => {
  async function signedIn(name: string) {
    const server = await serve();
    const cookie = await cookieFrom(server);
    const { reply } = await post(server, cookie, "sign-in", { name });
    return { server, cookie, reply };
  }

  it("writes a label with its comment before it answers, and takes it back", async () => {
    const { server, cookie, reply } = await signedIn("Ada");
    expect(reply).toMatchObject({ annotator: "Ada", rubric: "helpfulness", progress: { done: 0, total: 4 } });
    const item = reply.item?.item ?? "";
    const labelled = await post(server, cookie, "label", { item, value: "4", comment: "near" });
    expect(labelled.reply).toMatchObject({ note: "Saved 4; u takes it back.", progress: { done: 1 } });
    expect(labelled.reply.item?.item).not.toBe(item);
    const mine = () => store.labels("helpfulness").filter(({ author }) => author === "Ada");
    expect(mine().map(({ action, value, comment, source }) => ({ action, value, comment, source }))).toEqual([
      { action: "comment", value: null, comment: "near", source: "review serve" },
      { action: "label", value: "4", comment: null, source: "review serve" },
    ]);
    const undone = await post(server, cookie, "undo", {});
    expect(undone.reply).toMatchObject({ note: "Took back: label.", item: { item }, progress: { done: 0 } });
    expect(mine().at(-1)).toMatchObject({ action: "undo", item });
  });

  it("never tells what a judge, a model or somebody else said", async () => {
    const item = refund.item;
    store.addLabels([
      {
        id: "by-zoe",
        rubric: "helpfulness",
        item,
        author: "Zoe-the-other",
        action: "label",
        value: "1",
        comment: "hidden words",
        at: "2026-11-21T10:00:00.000Z",
        source: "review",
      },
    ]);
    const { server, cookie } = await signedIn("Bea");
    const seen = [];
    for (let turn = 0; turn < 4; turn += 1) {
      seen.push((await ask(server, "/api/item", { headers: { cookie } })).text);
      await post(server, cookie, "move", { to: "next" });
    }
    expect(seen.join("\n")).toContain(item);
    expect(seen.join("\n")).not.toMatch(/secret-model-name|Zoe-the-other|hidden words/);
  });

  it("refuses a label that the scale has not, and writes nothing of it", async () => {
    const { server, cookie, reply } = await signedIn("Cid");
    const before = store.labels().length;
    const answer = await post(server, cookie, "label", { item: reply.item?.item, value: "6", comment: "x" });
    expect(answer.status).toBe(400);
    expect(store.labels()).toHaveLength(before);
  });

  it("refuses what was meant for another item, and shows the current one", async () => {
    const { server, cookie, reply } = await signedIn("Dan");
    const item = reply.item?.item ?? "";
    await post(server, cookie, "skip", { item });
    const late = await post(server, cookie, "label", { item, value: "1" });
    expect(late).toMatchObject({ status: 409, reply: { reason: "other-item" } });
    const labels = store.labels().filter(({ author }) => author === "Dan");
    expect(labels.map(({ action }) => action)).toEqual(["skip"]);
  });

  it("asks before two browsers share a name, and lets a silent one go", async () => {
    const { server } = await signedIn("Eve");
    const other = await cookieFrom(server);
    const taken = await post(server, other, "sign-in", { name: " Eve " });
    expect(taken).toMatchObject({ status: 409, reply: { reason: "name-in-use" } });
    expect((await post(server, other, "sign-in", { name: "Eve", isSure: true })).status).toBe(200);
    await post(server, other, "sign-out", {});
    nowMs += 151_000;
    expect((await post(server, other, "sign-in", { name: "Eve" })).status).toBe(200);
  });

  it("remembers the name for the next time, outside the reach of scripts", async () => {
    const server = await serve();
    const cookie = await cookieFrom(server);
    const answer = await ask(server, "/api/sign-in", {
      method: "POST",
      headers: { cookie, "content-type": "application/json" },
      body: '{"name":"Zoë; Path=/x"}',
    });
    const kept = String(answer.headers["set-cookie"]);
    expect(kept).toMatch(/^agentctl_annotator=Zo%C3%AB%3B%20Path%3D%2Fx; HttpOnly; SameSite=Strict/);
    const next = await serve();
    const both = `${await cookieFrom(next)}; ${kept.split(";")[0]}`;
    const { text } = await ask(next, "/api/item", { headers: { cookie: both } });
    expect(JSON.parse(text)).toMatchObject({ annotator: null, suggestedName: "Zoë; Path=/x", item: null });
  });
});
