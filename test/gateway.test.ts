import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { LiveEvent } from "../src/core/live-event.js";
import { GatewayRouter } from "../src/release/routers/gateway/gateway-router.js";
import type { Split, TrafficRouter } from "../src/release/routers/router.js";
import { type OpenaiServer, startOpenaiServer } from "./openai-server.js";
import { runCli, startCli, temporaryFolder } from "./run-cli.js";

const TOKEN = "control-token-of-the-test";

let folder: string;
let stable: OpenaiServer;
let canary: OpenaiServer;
let key: string;
let router: TrafficRouter;
let child: ReturnType<typeof startCli> | undefined;

beforeAll(async () => {
  folder = temporaryFolder();
  stable = await startOpenaiServer({ delayMs: 0, text: "stable" });
  canary = await startOpenaiServer({ delayMs: 0, text: "canary" });
  writeFileSync(
    join(folder, "gateway.yaml"),
    `version: 1
service: support
listen: { port: 0 }
arms:
  stable: { url: "${stable.baseUrl}" }
  canary: { url: "${canary.baseUrl}" }
keys: keys.yaml
control: { listen: "unix:control.sock", token: env:GATEWAY_TOKEN }
lease: { grace: 2s }
health: { interval: 0s }
`,
  );
  const added = await runCli(["gateway", "key", "add", "shop", "--tenant", "acme", "--json"], {
    cwd: folder,
  });
  key = (JSON.parse(added.stdout) as { key: string }).key;
  const control = { type: "gateway", control: "unix:control.sock", token: "env:GATEWAY_TOKEN" } as const;
  router = new GatewayRouter(control, { folder, readSecret: () => TOKEN });
});

afterEach(async () => {
  child?.kill("SIGKILL");
  await child;
});

afterAll(async () => {
  await Promise.all([stable.close(), canary.close()]);
  await rm(folder, { recursive: true });
});

/** Starts the program: where clients send their requests. */
async function startGateway(): Promise<string> {
  child = startCli(["gateway", "--json"], { cwd: folder, env: { GATEWAY_TOKEN: TOKEN } });
  let text = "";
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.endsWith("}\n")) break;
  }
  return (JSON.parse(text) as { url: string }).url;
}

async function armOf(url: string, conversation: string): Promise<string | null | undefined> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
  const answer = await client.chat.completions.create(
    { model: "m", messages: [{ role: "user", content: "hello" }] },
    { headers: { "x-conversation-id": conversation } },
  );
  return answer.choices[0]?.message.content;
}

function eventsOnDisk(): LiveEvent[] {
  const events = join(folder, ".agentctl", "events");
  return readdirSync(events)
    .flatMap((name) => readFileSync(join(events, name), "utf8").trimEnd().split("\n"))
    .map((line) => JSON.parse(line) as LiveEvent);
}

describe("agentctl gateway", () => {
  it("splits what OpenAI's client sends, and has every event on disk when SIGTERM ended it", async () => {
    const url = await startGateway();
    expect(await armOf(url, "c-1")).toBe("stable");
    await router.set({ bps: 10_000, salt: "rel-1" });
    await router.renewLease?.(60_000);
    expect(await armOf(url, "c-1")).toBe("canary");
    const told = await fetch(`${url}/v1/feedback`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ conversation_id: "c-1", kind: "thumb", value: true, id: "f-1" }),
    });
    expect(told.status).toBe(202);
    child?.kill("SIGTERM");
    expect(await child).toMatchObject({ exitCode: 0 });
    const events = eventsOnDisk();
    expect(events.map((event) => [event.event_type, event.conversation_id, event.tenant_id])).toEqual([
      ["request_served", "c-1", "acme"],
      ["request_served", "c-1", "acme"],
      ["feedback", "c-1", "acme"],
    ]);
    expect(events[1]?.payload).toMatchObject({ arm: "canary", bps: 10_000, release: "rel-1", status: 200 });
    expect(events[2]?.trace_id).toBe(events[1]?.trace_id);
  });

  it("keeps the split over kill -9, and falls to 0 when no controller comes back", async () => {
    await startGateway();
    const set = await router.set({ bps: 2_500, salt: "rel-2" });
    await router.renewLease?.(60_000);
    child?.kill("SIGKILL");
    await child;
    const url = await startGateway();
    const restarted: Split = await router.get();
    expect(restarted).toEqual(set);
    await expect.poll(() => router.get(), { interval: 50, timeout: 15_000 }).toMatchObject({ bps: 0 });
    expect(await armOf(url, "c-1")).toBe("stable");
    child?.kill("SIGTERM");
    expect((await child)?.stderr).toContain("the canary's share fell from 2500 bp to 0");
  });

  it("checks its file and its arms", async () => {
    const options = { cwd: folder, env: { GATEWAY_TOKEN: TOKEN } };
    expect(await runCli(["gateway", "check"], options)).toMatchObject({ exitCode: 0 });
    const { port } = new URL(canary.baseUrl);
    const dead = readFileSync(join(folder, "gateway.yaml"), "utf8").replace(`:${port}`, ":1");
    writeFileSync(join(folder, "dead.yaml"), dead);
    const check = await runCli(["gateway", "check", "--config", "dead.yaml"], options);
    expect(check.exitCode).toBe(3);
    expect(check.stdout).toMatch(/ok {3}stable.*\n.*FAIL canary.*ECONNREFUSED/);
    const without = await runCli(["gateway"], { cwd: folder });
    expect(without).toMatchObject({ exitCode: 2, stdout: "" });
    expect(without.stderr).toContain("GATEWAY_TOKEN");
  });
});
