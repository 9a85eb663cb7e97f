import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { describe, expect, it } from "vitest";
import { armOf } from "../../core/traffic-split.js";
import { idIn, startTestGateway } from "./testing/test-gateway.js";
import { twoArms } from "./testing/two-arms.js";

const arms = twoArms();

/** Header values are bytes: each of UTF-8 as a character of its own. */
function asHeader(id: string): string {
  return Buffer.from(id).toString("latin1");
}

async function start(bps: number, settings: object = {}): Promise<void> {
  arms.test = await startTestGateway({
    stable: arms.stable.url,
    canary: arms.canary.url,
    bps,
    settings: { ...settings },
  });
}

async function ask(headers: Record<string, string>, body: object = {}, path = "/v1/chat/completions") {
  const answer = await fetch(arms.test.origin + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "m", messages: [], ...body }),
  });
  await answer.arrayBuffer();
  return { arm: answer.headers.get("x-agentctl-arm"), route: answer.headers.get("x-agentctl-route"), answer };
}

describe("the split", () => {
  it("sends every conversation where its bucket says, at every share, and tells so", async () => {
    await start(0);
    for (const bps of [0, 500, 5000, 10_000]) {
      arms.test.split.set({ bps, salt: "s2", release: "r-8" });
      for (let index = 0; index < 40; index += 1) {
        const { arm, route } = await ask({ "x-conversation-id": `c-${index}` });
        expect([arm, route]).toEqual([armOf("s2", `c-${index}`, bps), "bucket"]);
      }
    }
    const events = await arms.test.sink.count(160);
    expect(events.filter(({ payload }) => payload.arm === "canary")).toHaveLength(arms.canary.asked.length);
    expect(events.at(-1)?.payload).toMatchObject({ bps: 10_000, release: "r-8", arm: "canary", ok: true });
  });

  it("holds for a whole request, however long its body takes", async () => {
    await start(5000);
    const ids = Array.from({ length: 100 }, (_, index) => `c-${index}`);
    const moved = ids.find((id) => armOf("s1", id, 5000) === "canary" && armOf("s2", id, 5000) === "stable");
    const headers = { "x-conversation-id": moved, expect: "100-continue" };
    const sent = request(`${arms.test.origin}/v1/chat/completions`, { method: "POST", headers });
    sent.flushHeaders();
    await once(sent, "continue");
    arms.test.split.set({ bps: 5000, salt: "s2", release: "r-8" });
    const [answer] = (await once(sent.end("{}"), "response")) as [IncomingMessage];
    answer.resume();
    expect((await arms.test.sink.count(1))[0]?.payload).toMatchObject({ arm: "canary", release: "r-7" });
  });

  it.each([
    ["metadata.conversation_id", { metadata: { conversation_id: "ID" } }],
    ["conversation", { conversation: "ID" }],
    ["conversation.id", { conversation: { id: "ID" } }],
  ])("reads the id of a conversation from the body: %s", async (_, body) => {
    await start(5000);
    for (const arm of ["stable", "canary"] as const) {
      const id = idIn(arm, 5000);
      const named = JSON.parse(JSON.stringify(body).replace("ID", id)) as object;
      expect(await ask({}, named)).toMatchObject({ arm, route: "bucket" });
    }
    expect((await arms.test.sink.count(2)).map((event) => event.conversation_id)).toEqual([
      idIn("stable", 5000),
      idIn("canary", 5000),
    ]);
  });

  it("prefers the header to the body, and takes the name of the header from the configuration", async () => {
    await start(5000, { headers: { conversation: "x-session" } });
    const body = { metadata: { conversation_id: idIn("stable", 5000) } };
    expect(await ask({ "x-session": idIn("canary", 5000) }, body)).toMatchObject({ arm: "canary" });
  });

  it.each([
    ["header", { "x-user-id": "ID" }, {}],
    ["user", {}, { user: "ID" }],
    ["safety_identifier", {}, { safety_identifier: "ID" }],
    ["Anthropic's metadata.user_id", {}, { metadata: { user_id: "ID" } }],
  ])("splits by user when told to: %s", async (_, headers, body) => {
    await start(5000, { key: "user" });
    for (const arm of ["stable", "canary"] as const) {
      const fill = <Value>(value: Value) =>
        JSON.parse(JSON.stringify(value).replace("ID", idIn(arm, 5000))) as Value;
      expect(await ask(fill(headers) as Record<string, string>, fill(body))).toMatchObject({ arm });
    }
  });

  it("does not split by a user whom nobody asked to split by", async () => {
    await start(10_000);
    expect(await ask({ "x-user-id": "u" }, { user: "u" })).toMatchObject({ arm: "stable", route: "no-id" });
  });

  it("splits by the tenant of the access key, whatever the request says", async () => {
    await start(armOf("s1", "acme", 5000) === "canary" ? 5000 : 10_000, { key: "tenant" });
    expect(await ask({ "x-tenant-id": "other" })).toMatchObject({ arm: "canary", route: "bucket" });
  });

  it("sends requests without an id to stable, and counts them", async () => {
    await start(10_000);
    expect(await ask({})).toMatchObject({ arm: "stable", route: "no-id" });
    expect(await ask({ "x-conversation-id": " " })).toMatchObject({ arm: "stable", route: "no-id" });
    const [event] = await arms.test.sink.count(2);
    expect(event?.payload.key).toBeNull();
    expect(event?.conversation_id).toBe(event?.trace_id);
    expect(arms.test.gateway.counts()).toMatchObject({ requests: 2, withoutId: 2 });
  });

  it.each([
    ["sent twice with two ids", ["c-1", "c-2"], null],
    ["sent twice with one id", ["c-1", "c-1"], null],
    ["with a comma", ["c-1, c-2"], "c-1, c-2"],
    ["in UTF-8 that ends in a byte like a space", [asHeader("voilà")], "voilà"],
    ["in no UTF-8", ["caf\xe9"], "café"],
  ])("takes the id of a header %s as it was meant, or for none", async (_, values, id) => {
    await start(10_000);
    const sent = request(`${arms.test.origin}/v1/chat/completions`, { method: "POST" });
    sent.setHeader("x-conversation-id", values);
    const [answer] = (await once(sent.end(Buffer.from("{}")), "response")) as [IncomingMessage];
    answer.resume();
    expect(answer.headers["x-agentctl-route"]).toBe(id === null ? "no-id" : "bucket");
    expect((await arms.test.sink.count(1))[0]?.payload.key).toBe(id);
    expect(arms.test.gateway.counts().withoutId).toBe(id === null ? 1 : 0);
  });

  it("lets testers alone choose the arm", async () => {
    await start(0);
    const wanted = { "x-agentctl-arm": "canary", "x-conversation-id": "c" };
    expect(await ask(wanted)).toMatchObject({ arm: "stable", route: "bucket" });
    expect(await ask({ ...wanted, authorization: "Bearer tester" })).toMatchObject({
      arm: "canary",
      route: "override",
    });
    const strange = { ...wanted, "x-agentctl-arm": "blue", authorization: "Bearer tester" };
    expect(await ask(strange)).toMatchObject({ arm: "stable", route: "bucket" });
  });

  it("keeps checks of the router out of the figures", async () => {
    await start(10_000);
    expect(await ask({ "x-conversation-id": "agentctl-probe-1" })).toMatchObject({
      arm: "canary",
      route: "probe",
    });
  });

  it("works without a canary", async () => {
    arms.test = await startTestGateway({ stable: arms.stable.url, bps: 10_000 });
    expect(await ask({ "x-conversation-id": "c" })).toMatchObject({ arm: "stable", route: "fallback" });
  });
});

describe("events", () => {
  it("hash ids that look like personal data; the split takes them as they came", async () => {
    await start(5000);
    const id = ["ana@example.com", "bob@example.com", "eve@example.org", "joe@example.net"].find(
      (address) => armOf("s1", address, 5000) === "canary",
    );
    expect(await ask({ "x-conversation-id": String(id) })).toMatchObject({ arm: "canary" });
    const [event] = await arms.test.sink.count(1);
    expect(event?.conversation_id).toMatch(/^sha256:[0-9a-f]{16}$/);
    expect(event?.payload.key).toBe(event?.conversation_id);
    expect(JSON.stringify(event)).not.toContain("example");
  });

  it("hold no text of question or answer", async () => {
    await start(0);
    await ask({ "x-conversation-id": "c" }, { messages: [{ role: "user", content: "MY SECRET" }] });
    const [event] = await arms.test.sink.count(1);
    expect(JSON.stringify(event)).not.toMatch(/MY SECRET|"stable"\}|hello/);
    expect(event?.tenant_id).toBe("acme");
  });

  it("are written for what was refused", async () => {
    await start(10_000, { limits: { request_bytes: 100 } });
    expect((await ask({ authorization: "Bearer bad" })).answer.status).toBe(401);
    expect((await ask({ authorization: "Bearer busy" })).answer.headers.get("retry-after")).toBe("2");
    expect((await ask({}, {}, "/v1/images")).answer.status).toBe(404);
    expect((await ask({}, { input: "x".repeat(100) })).answer.status).toBe(413);
    const events = await arms.test.sink.count(4);
    expect(events.map(({ payload }) => [payload.status, payload.ok, payload.failure])).toEqual([
      [401, true, "invalid_api_key"],
      [429, true, "rate_limit_exceeded"],
      [404, true, "not_found"],
      [413, true, "request_too_large"],
    ]);
    expect(arms.stable.asked).toEqual([]);
    expect(arms.test.gateway.counts().withoutId).toBe(0);
  });
});
