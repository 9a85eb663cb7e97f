import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelSchema } from "../../config/agent/model-schema.js";
import { parseScriptFile } from "../../config/parse-script-file.js";
import { systemClock } from "../../core/clock.js";
import type { ConfigError, ProviderError } from "../../core/errors.js";
import type { Message } from "../../core/message.js";
import type { CallPosition, Model, ModelRequest } from "../model.js";
import { explicitPricer } from "../price.js";
import { createModel } from "../registry.js";
import { retryingModel } from "../retry.js";
import { createScriptedModel } from "./scripted-model.js";

function scripted(text: string, options: { price?: boolean; totalMs?: number } = {}): Model {
  return createScriptedModel({
    script: parseScriptFile(text, "replies.yaml"),
    file: "replies.yaml",
    name: "replies.yaml",
    deadlines: { totalMs: options.totalMs ?? 5_000, idleMs: 5_000 },
    priceOf: options.price ? explicitPricer({ input_usd_per_mtok: 2, output_usd_per_mtok: 10 }) : null,
  });
}

function ask(
  model: Model,
  text: string,
  position: Partial<CallPosition> = {},
  extra: Partial<ModelRequest> = {},
) {
  const request: ModelRequest = {
    messages: [
      { role: "system", content: "You serve ACME." },
      { role: "user", content: text },
    ],
    tools: [],
    parameters: {},
    position: { caseId: "refund-1", trial: 0, speaker: "agent", turn: 0, ...position },
    ...extra,
  };
  return model.complete(request, { signal: new AbortController().signal });
}

async function failure(call: Promise<unknown>): Promise<ProviderError> {
  return call.then(
    () => expect.unreachable("the call succeeded"),
    (error: unknown) => error as ProviderError,
  );
}

const script = (rules: string) => `version: 1\nrules:\n${rules}`;

describe("which rule answers", () => {
  const model = scripted(
    script(`
  - when: { case: "refund-*", turn: 1 }
    reply: { text: second turn }
  - when: { trial: 3 }
    reply: { text: fourth trial }
  - when: { speaker: user }
    reply: { text: a user }
  - when: { tool: get_order, last_matches: "order" }
    reply: { text: with a tool }
  - when: { wants_schema: true }
    reply: { text: "{}" }
  - when: { last_role: tool }
    reply: { text: after a tool }
  - when: { system_matches: "globex" }
    reply: { text: the other tenant }
  - when: { context_matches: "lookup\\\\{.*A-1" }
    reply: { text: looked up before }
  - when: { case: "refund.1" }
    reply: { text: never }
  - reply: { text: anything else }`),
  );
  const tool = { name: "get_order", description: "", parameters: {} };
  const toolResult: Message = { role: "tool", toolCallId: "c", name: "get_order", content: "ok" };
  const looked: readonly Message[] = [
    {
      role: "assistant",
      content: null,
      toolCalls: [{ id: "c", name: "lookup", arguments: { order: "A-1" } }],
    },
    { role: "user", content: "and now?" },
  ];

  test.each([
    ["a case pattern and a turn", "second turn", "hi", { turn: 1 }, {}],
    ["both must hold", "anything else", "hi", { turn: 1, caseId: "cancel-1" }, {}],
    ["a trial", "fourth trial", "hi", { trial: 3 }, {}],
    ["a speaker", "a user", "hi", { speaker: "user" as const }, {}],
    ["a tool and the last message", "with a tool", "my ORDER", {}, { tools: [tool] }],
    ["not without the tool", "anything else", "my order", {}, {}],
    ["a schema", "{}", "hi", {}, { responseSchema: { type: "object" } }],
    ["the role of the last message", "after a tool", "hi", {}, { messages: [toolResult] }],
    [
      "the system prompt",
      "the other tenant",
      "hi",
      {},
      { messages: [{ role: "system", content: "GLOBEX" }] as const },
    ],
    ["tool calls before", "looked up before", "hi", {}, { messages: looked }],
  ])("%s", async (_name, expected, text, position, extra) => {
    expect((await ask(model, text, position, extra)).text).toBe(expected);
  });
});

describe("what a rule answers", () => {
  test("groups fill text and arguments, as numbers where asked", async () => {
    const model = scripted(
      script(`
  - when: { last_matches: 'refund \\$(?<amount>[0-9.]+) of (\\S+)( now)?' }
    reply:
      text: "Refunding {{ match.2 }}{{match.3}}."
      tool_calls:
        - name: refund
          arguments: { order: "{{ match.2 }}", amount: "{{ match.amount | number }}", tags: ["x {{ match.1 }}"] }`),
    );
    const reply = await ask(model, "Refund $12.50 of A-1");
    expect(reply).toEqual({
      text: "Refunding A-1.",
      toolCalls: [
        { id: "call_1", name: "refund", arguments: { order: "A-1", amount: 12.5, tags: ["x 12.50"] } },
      ],
      finishReason: "tool_calls",
      usage: null,
      costUsd: 0,
      model: "replies.yaml",
    });
  });

  test("usage, reasoning and cost are those of the file", async () => {
    const model = scripted(
      script(`
  - when: { turn: 0 }
    reply:
      text: hello
      usage: { input_tokens: 100, output_tokens: 10, reasoning_tokens: 4 }
      reasoning: { thought: easy, confidence: 0.9, alternatives: [wait] }
  - reply: { text: no usage }`),
      { price: true },
    );
    const reply = await ask(model, "hi");
    expect(reply.usage).toEqual({ inputTokens: 100, outputTokens: 10, reasoningTokens: 4 });
    expect(reply.costUsd).toBeCloseTo((100 * 2 + 10 * 10) / 1e6, 12);
    expect(reply.reasoning).toEqual({ thought: "easy", confidence: 0.9, alternatives: ["wait"] });
    expect((await ask(model, "hi", { turn: 1 })).costUsd).toBeNull();
  });

  test("a first piece comes before the rest", async () => {
    const model = scripted(script("  - reply: { text: abcdef, first_token_ms: 20, delay_ms: 80 }"));
    const pieces: [string, number][] = [];
    const startedAt = performance.now();
    await model.complete(
      {
        messages: [],
        tools: [],
        parameters: {},
        position: { caseId: "c", trial: 0, speaker: "agent", turn: 0 },
      },
      {
        signal: new AbortController().signal,
        onText: (piece) => pieces.push([piece, performance.now() - startedAt]),
      },
    );
    expect(pieces.map(([piece]) => piece)).toEqual(["abc", "def"]);
    expect(pieces[0]?.[1]).toBeLessThan(pieces[1]?.[1] ?? 0);
  });
});

describe("failures", () => {
  const flaky = () =>
    scripted(
      script("  - error: { status: 503, times: 2, retry_after_ms: 7 }\n  - reply: { text: here I am }"),
    );

  test("a rule fails the first calls at each position, then no longer holds", async () => {
    const model = flaky();
    for (const turn of [0, 1]) {
      for (let call = 0; call < 2; call += 1) {
        expect(await failure(ask(model, "hi", { turn }))).toMatchObject({
          code: "PROVIDER_UNAVAILABLE",
          status: 503,
          retryAfterMs: 7,
          isRetryable: true,
        });
      }
      expect((await ask(model, "hi", { turn })).text).toBe("here I am");
    }
  });

  test("retries get over it", async () => {
    const retrying = (maxRetries: number) =>
      retryingModel(flaky(), { maxRetries, random: () => 0, sleep: async () => undefined });
    expect((await ask(retrying(2), "hi")).text).toBe("here I am");
    expect((await failure(ask(retrying(1), "hi"))).status).toBe(503);
  });

  test("without `times` every call fails", async () => {
    const model = scripted(script("  - error: { status: 400 }"));
    for (let call = 0; call < 3; call += 1) {
      expect(await failure(ask(model, "hi"))).toMatchObject({
        code: "PROVIDER_REJECTED",
        isRetryable: false,
      });
    }
  });

  test("a call that no rule answers names the place", async () => {
    const error = await failure(
      ask(scripted(script("  - when: { turn: 4 }\n    reply: { text: x }")), "secret words"),
    );
    expect(error.code).toBe("REPLAY_MISS");
    expect(error.message).toBe(
      'replies.yaml: no rule of the script holds for case "refund-1", trial 0, agent turn 0, last message: user',
    );
    expect(error.nextStep).toContain("replies.yaml");
  });

  test("the deadline holds, and an abort ends the wait", async () => {
    const model = scripted(script("  - reply: { text: late, delay_ms: 60000 }"), { totalMs: 30 });
    expect((await failure(ask(model, "hi"))).code).toBe("PROVIDER_TIMEOUT");
    const controller = new AbortController();
    const call = scripted(script("  - reply: { text: late, delay_ms: 60000 }")).complete(
      {
        messages: [],
        tools: [],
        parameters: {},
        position: { caseId: "c", trial: 0, speaker: "agent", turn: 0 },
      },
      { signal: controller.signal },
    );
    controller.abort();
    expect((await failure(call)).code).toBe("PROVIDER_ABORTED");
  });
});

describe("mistakes in a script", () => {
  const problems = (text: string) => {
    try {
      parseScriptFile(text, "s.yaml");
    } catch (error) {
      return (error as ConfigError).problems.map(({ line, message }) => `${line} ${message}`);
    }
    return [];
  };

  test.each([
    [
      "an unknown key",
      script("  - when: { last_mathces: x }\n    reply: { text: x }"),
      /3 .*last_mathces.*last_matches/,
    ],
    [
      "a bad pattern",
      script('  - when: { last_matches: "(" }\n    reply: { text: x }'),
      /3 .*regular expression/,
    ],
    ["both reply and error", script("  - reply: { text: x }\n    error: { status: 500 }"), /exactly one/],
    ["neither", script("  - when: { turn: 0 }"), /exactly one/],
    ["an empty reply", script("  - reply: { delay_ms: 5 }"), /`text`, `tool_calls` or both/],
    [
      "times in the wrong order",
      script("  - reply: { text: x, first_token_ms: 9, delay_ms: 5 }"),
      /not above/,
    ],
    ["a group without a pattern", script('  - reply: { text: "{{ match.1 }}" }'), /needs a pattern/],
    [
      "a group that the pattern lacks",
      script('  - when: { last_matches: "(a)" }\n    reply: { text: "{{ match.2 }}" }'),
      /4 .*match\.2.*match\.0, match\.1/,
    ],
    ["another version", "version: 2\nrules: []", /version/],
  ])("%s has its line", (_name, text, expected) => {
    expect(problems(text).join("\n")).toMatch(expected);
  });
});

describe("from an agent file", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "agentctl-script-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const create = (name: string) =>
    createModel(modelSchema.parse({ provider: "scripted", name }), {
      env: {},
      file: join(folder, "agent.yaml"),
      clock: systemClock,
    });

  test("the name is a path relative to it", async () => {
    await writeFile(join(folder, "replies.yaml"), script("  - reply: { text: from the file }"));
    const model = await create("replies.yaml");
    expect({ provider: model.provider, name: model.name }).toEqual({
      provider: "scripted",
      name: "replies.yaml",
    });
    expect((await ask(model, "hi")).text).toBe("from the file");
  });

  test("a script that is not there is a problem of the agent file", async () => {
    const error = (await failure(create("missing.yaml"))) as unknown as ConfigError;
    expect(error).toMatchObject({ code: "CONFIG_INVALID", nextStep: expect.stringContaining("model.name") });
    expect(error.message).toContain("agent.yaml");
    expect(error.message).toContain("missing.yaml");
  });
});
