import { describe, expect, test } from "vitest";
import type { Message, ModelReply } from "../core/message.js";
import { anthropicRequestBody } from "./anthropic-request.js";
import { completeStructured, structuredReply } from "./complete-structured.js";
import type { ModelRequest } from "./model.js";
import { openaiRequestBody } from "./openai-request.js";

const SCHEMA = {
  type: "object",
  properties: { city: { type: "string" }, degrees: { type: "number" } },
  required: ["city", "degrees"],
  additionalProperties: false,
};
const ASKED = { messages: [{ role: "user", content: "weather" }] as const, tools: [] };

function reply(text: string | null, more: Partial<ModelReply> = {}): ModelReply {
  return { text, toolCalls: [], finishReason: "stop", usage: null, costUsd: null, model: "m", ...more };
}

/** Answers in turn, and keeps what it was asked. */
function answering(...replies: ModelReply[]) {
  const asked: (readonly Message[])[] = [];
  const call = async ({ messages }: { readonly messages: readonly Message[] }) => {
    asked.push(messages);
    return replies[asked.length - 1] ?? expect.unreachable("asked too often");
  };
  return { call, asked };
}

const GOOD = '{"city":"Bern","degrees":4.5}';

test.each([GOOD, `\`\`\`json\n${GOOD}\n\`\`\``, `\n ${GOOD} \n`])("accepts %j", async (text) => {
  const { call, asked } = answering(reply(text));
  const { value, isRepaired } = await completeStructured(call, ASKED, SCHEMA);
  expect(value).toEqual({ city: "Bern", degrees: 4.5 });
  expect(isRepaired).toBe(false);
  expect(asked).toHaveLength(1);
});

test.each([
  ["no JSON", reply("It is cold."), "it is no JSON"],
  ["no text", reply(null), "it holds no text"],
  ["a missing key", reply('{"city":"Bern"}'), "must have required property 'degrees'"],
  ["a wrong type", reply('{"city":"Bern","degrees":"4"}'), "/degrees must be number"],
  ["a cut reply", reply('{"city":"Be', { finishReason: "length" }), "cut at the length limit"],
])("%s is asked for once more, with what was wrong", async (_name, wrong, fault) => {
  const { call, asked } = answering(wrong, reply(GOOD));
  const faults: string[] = [];
  const result = await completeStructured(call, ASKED, SCHEMA, { onInvalid: (found) => faults.push(found) });
  expect(result).toMatchObject({ value: { city: "Bern", degrees: 4.5 }, isRepaired: true });
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(fault);
  const repair = asked[1]?.at(-1);
  expect(repair).toMatchObject({ role: "user", content: expect.stringContaining(fault) });
  expect(repair?.content).toContain('"degrees":{"type":"number"}');
});

test("a second wrong reply is an error that repeats none of it", async () => {
  const { call, asked } = answering(reply("secret words"), reply("more secret words"));
  const failed = completeStructured(call, ASKED, SCHEMA);
  await expect(failed).rejects.toMatchObject({ code: "PROVIDER_BAD_RESPONSE", isRetryable: true });
  await expect(failed).rejects.toThrow(/^(?!.*secret)/);
  expect(asked).toHaveLength(2);
});

test("without repair the first wrong reply is the error", async () => {
  const { call, asked } = answering(reply("no"));
  await expect(completeStructured(call, ASKED, SCHEMA, { repair: false })).rejects.toThrow("no JSON");
  expect(asked).toHaveLength(1);
});

test("a schema that cannot be used is no fault of the model", async () => {
  const { call } = answering(reply("{}"));
  await expect(completeStructured(call, ASKED, { type: "objekt" })).rejects.toMatchObject({
    code: "PROVIDER_REJECTED",
    isRetryable: false,
  });
});

test("tool calls of an agent are passed on unchecked", async () => {
  const toolCalls = [{ id: "1", name: "look", arguments: {} }];
  const { call } = answering(reply(null, { toolCalls, finishReason: "tool_calls" }));
  expect((await structuredReply(call, ASKED, SCHEMA)).toolCalls).toEqual(toolCalls);
});

describe("on the wire", () => {
  const request: ModelRequest = {
    messages: [{ role: "user", content: "weather" }],
    tools: [],
    parameters: {},
    position: { caseId: "c", trial: 0, speaker: "agent", turn: 0 },
    responseSchema: SCHEMA,
  };

  test("OpenAI takes it as response_format, Anthropic as output_config", () => {
    expect(openaiRequestBody("m", "http://127.0.0.1/v1", request).response_format).toEqual({
      type: "json_schema",
      json_schema: { name: "reply", schema: SCHEMA },
    });
    expect(anthropicRequestBody("m", request).output_config).toEqual({
      format: { type: "json_schema", schema: SCHEMA },
    });
  });

  test("without a schema neither is sent", () => {
    const { responseSchema: _none, ...plain } = request;
    expect(openaiRequestBody("m", "http://127.0.0.1/v1", plain)).not.toHaveProperty("response_format");
    expect(anthropicRequestBody("m", plain)).not.toHaveProperty("output_config");
  });
});
