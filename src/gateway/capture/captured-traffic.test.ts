import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { gatewaySchema } from "../../config/gateway/gateway-schema.js";
import { systemClock } from "../../core/clock.js";
import { readCaptures } from "../../datasets/import/read-captures.js";
import { chatAnswer, Upstream } from "../proxy/testing/upstream.js";
import { serveGateway } from "../serve-gateway.js";

it("keeps what clients and arms said, streamed and whole, without secrets; other conversations are not kept", async () => {
  const folder = mkdtempSync(join(tmpdir(), "agentctl-captured-"));
  const stable = await Upstream.start(chatAnswer("hello ana@example.com"));
  const config = gatewaySchema.parse({
    version: 1,
    service: "support",
    listen: { port: 0 },
    health: { interval: "0s" },
    arms: { stable: { url: stable.url } },
    capture: { percent: 100, max_bytes: 2000 },
  });
  const notices: string[] = [];
  const gateway = await serveGateway({
    config,
    file: join(folder, "gateway.yaml"),
    secrets: { armKeys: { stable: null, canary: null }, tls: null, controlToken: null },
    clock: systemClock,
    onNotice: (text) => notices.push(text),
  });
  const post = async (conversation: string | null, body: object) => {
    const headers: Record<string, string> =
      conversation === null ? {} : { "x-conversation-id": conversation };
    const url = `${gateway.origin}/v1/chat/completions`;
    await (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).text();
  };
  const messages = [{ role: "user", content: "my key is sk-abcdefghijklmnopqrstuvwxyz" }];
  await post("c-1", { messages });
  await post(null, { messages });
  await post("c-2", { messages: [{ role: "user", content: "x".repeat(3000) }] });
  stable.answer = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(
      'data: {"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
    );
  };
  await post("c-3", { stream: true, messages });
  await gateway.close(1000);
  await stable.close();
  const { exchanges, unreadable } = await readCaptures(join(folder, ".agentctl", "captures"));
  expect(
    exchanges.map((one) => [one.conversation_id, one.messages[0]?.text, one.answer.text, one.arm]),
  ).toEqual([
    ["c-1", "my key is [redacted API key]", "hello [redacted e-mail address]", "stable"],
    ["c-3", "my key is [redacted API key]", "hi", "stable"],
  ]);
  expect({ unreadable, notices }).toEqual({ unreadable: 0, notices: [] });
  rmSync(folder, { recursive: true });
});
