import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../core/clock.js";
import type { Wire } from "../proxy/api-routes.js";
import { CaptureLog, type RawExchange, readExchange } from "./capture-log.js";

function raw(wire: Wire, request: object, answer: object | readonly object[]): RawExchange {
  const isStream = Array.isArray(answer);
  const text = isStream
    ? answer.map((event: object) => `data: ${JSON.stringify(event)}\n\n`).join("")
    : JSON.stringify(answer);
  return {
    wire,
    conversationId: "c-1",
    tenantId: "acme",
    traceId: "t-1",
    arm: "canary",
    release: "rel-1",
    model: "m",
    request: Buffer.from(JSON.stringify(request)),
    answer: Buffer.from(text),
    isStream,
    latencyMs: 12,
  };
}

function said(wire: Wire, request: object, answer: object | readonly object[]) {
  const exchange = readExchange(raw(wire, request, answer), systemClock);
  return exchange === null
    ? null
    : { messages: exchange.messages.map(({ role, text }) => `${role}: ${text}`), answer: exchange.answer };
}

const HELLO = { role: "agent", text: "Grüß dich", toolCalls: [] };
const CALL = { role: "agent", text: "", toolCalls: [{ name: "refund", arguments: { id: 7 } }] };
const chat = {
  messages: [
    { role: "system", content: "be kind" },
    { role: "user", content: [{ type: "text", text: "hi" }] },
  ],
};
const CHAT_SAID = ["system: be kind", "user: hi"];

describe("what was said", () => {
  it.each<[string, Wire, object, object | readonly object[], string[], object]>([
    [
      "chat",
      "chat",
      chat,
      { choices: [{ message: { role: "assistant", content: "Grüß dich" } }] },
      CHAT_SAID,
      HELLO,
    ],
    [
      "a chat stream",
      "chat",
      chat,
      [{ choices: [{ delta: { content: "Grüß " } }] }, { choices: [{ delta: { content: "dich" } }] }],
      CHAT_SAID,
      HELLO,
    ],
    [
      "calls in a chat stream",
      "chat",
      chat,
      [
        {
          choices: [
            { delta: { tool_calls: [{ index: 0, function: { name: "refund", arguments: '{"id"' } }] } },
          ],
        },
        { choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: ":7}" } }] } }] },
      ],
      CHAT_SAID,
      CALL,
    ],
    [
      "Anthropic messages",
      "messages",
      { system: "be kind", messages: [{ role: "user", content: "hi" }] },
      { content: [{ type: "text", text: "Grüß dich" }] },
      CHAT_SAID,
      HELLO,
    ],
    [
      "an Anthropic stream with a call",
      "messages",
      {
        system: "be kind",
        messages: [
          {
            role: "user",
            content: [
              { type: "tool_result", content: "ok" },
              { type: "text", text: "hi" },
            ],
          },
        ],
      },
      [
        { type: "content_block_start", index: 0, content_block: { type: "tool_use", name: "refund" } },
        {
          type: "content_block_delta",
          index: 0,
          delta: { type: "input_json_delta", partial_json: '{"id":7}' },
        },
      ],
      ["system: be kind", "tool: ok", "user: hi"],
      CALL,
    ],
    [
      "responses",
      "responses",
      { instructions: "be kind", input: "hi" },
      {
        output: [
          { type: "message", role: "assistant", content: [{ type: "output_text", text: "Grüß dich" }] },
        ],
      },
      CHAT_SAID,
      HELLO,
    ],
    [
      "a responses stream",
      "responses",
      { instructions: "be kind", input: [{ role: "user", content: "hi" }] },
      [
        { type: "response.output_text.delta", delta: "Grüß " },
        { type: "response.output_text.delta", delta: "dich" },
      ],
      CHAT_SAID,
      HELLO,
    ],
    [
      "completions",
      "completions",
      { prompt: "hi" },
      { choices: [{ text: "Grüß dich" }] },
      ["user: hi"],
      HELLO,
    ],
  ])("is read of %s", (_, wire, request, answer, messages, wanted) => {
    expect(said(wire, request, answer)).toEqual({ messages, answer: wanted });
  });

  it.each([
    ["embeddings", raw("embeddings", { input: "hi" }, { data: [] })],
    ["a request that is no JSON", { ...raw("chat", chat, {}), request: Buffer.from("{") }],
    ["an answer without words", raw("chat", chat, { choices: [] })],
  ])("is nothing of %s", (_, exchange) => {
    expect(readExchange(exchange, systemClock)).toBeNull();
  });

  it("loses secrets and personal data before it is kept, and says which kinds the answer held", () => {
    const request = { messages: [{ role: "user", content: "I am ana@example.com" }] };
    const content = "Your card 4111 1111 1111 1111 and again 4111 1111 1111 1111.";
    const exchange = readExchange(
      raw("chat", request, { choices: [{ message: { role: "assistant", content } }] }),
      systemClock,
    );
    expect(exchange?.messages[0]?.text).toBe("I am [redacted e-mail address]");
    expect(exchange?.answer.text).toBe("Your card [redacted card number] and again [redacted card number].");
    expect(exchange?.answerHeld).toEqual(["card number"]);
  });
});

it("keeps whole conversations of a sample, the same ones in every gateway", async () => {
  const folder = mkdtempSync(join(tmpdir(), "agentctl-capture-"));
  const onProblem = (error: Error) => {
    throw error;
  };
  const log = new CaptureLog({ folder, percent: 20, maxBytes: 65_536, clock: systemClock, onProblem });
  const ids = Array.from({ length: 2000 }, (_, index) => `c-${index}`);
  const wanted = ids.filter((id) => log.wants(id));
  expect(wanted.length).toBeGreaterThan(320);
  expect(wanted.length).toBeLessThan(480);
  const answer = { choices: [{ message: { role: "assistant", content: "hi" } }] };
  for (const id of wanted.slice(0, 3)) log.add({ ...raw("chat", chat, answer), conversationId: id });
  await log.close();
  const lines = readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), "utf8").trim().split("\n"),
  );
  expect(lines.map((line) => JSON.parse(line).conversation_id)).toEqual(wanted.slice(0, 3));
  rmSync(folder, { recursive: true });
});
