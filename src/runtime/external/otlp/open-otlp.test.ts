import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { otlpAgentSchema } from "../../../config/agent/external/otlp-schema.js";
import { systemClock } from "../../../core/clock.js";
import { ConfigError } from "../../../core/errors.js";
import { NOTHING_EXPECTED } from "../../../core/golden-case.js";
import { ANONYMOUS } from "../../../core/identity.js";
import type { ExternalReply } from "../external-agent.js";
import { agentAround, talk } from "../testing/puppet-agent.js";
import { openOtlp } from "./open-otlp.js";
import { startReceiver } from "./receiver.js";
import { exportRoot } from "./testing/export-root.js";

const CONTEXT = {
  file: "agents/mine.yaml",
  folder: import.meta.dirname,
  env: { PATH: process.env.PATH },
  clock: systemClock,
  secrets: [],
};

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Act = (endpoint: string, traceparent: string) => Promise<object>;

/** An agent over HTTP that does this with each message. */
async function agentThat(act: Act, settings: object = {}) {
  const server = createServer((request, response) => {
    const { traceparent, "x-otlp": endpoint } = request.headers;
    void act(String(endpoint), String(traceparent)).then((body) => response.end(JSON.stringify(body)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const config = otlpAgentSchema.parse({
    kind: "otlp",
    name: "mine",
    settle_ms: 20,
    wait_ms: 150,
    ...settings,
    trigger: {
      http: {
        url: `http://127.0.0.1:${port}/`,
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
        headers: { "X-Otlp": "${env:OTEL_EXPORTER_OTLP_ENDPOINT}" },
        request: { message: "{{message}}" },
        response: { text: "text", usage: "usage", cost_usd: "cost", model: "model" },
      },
    },
  });
  const agent = await openOtlp(config, CONTEXT);
  closers.push(
    () => agent.close(),
    () => new Promise((resolve) => server.close(resolve)),
  );
  return agent;
}

type Opened = Awaited<ReturnType<typeof openOtlp>>;

function ask(agent: Opened): Promise<ExternalReply> {
  const session = agent.open({
    conversationId: "case-1/0",
    caseId: "case-1",
    trial: 0,
    identity: ANONYMOUS,
    tools: [],
    note: null,
    setNote: () => {},
  });
  closers.unshift(() => session.close());
  return session.exchange(
    { kind: "message", text: "hello", results: [], messages: [{ role: "user", content: "hello" }] },
    { signal: new AbortController().signal, onText: () => {}, onRetry: () => {} },
  );
}

const CASE = {
  id: "case-1",
  expect: NOTHING_EXPECTED,
  environment: null,
  risk: null,
  tags: [],
  group: "case-1",
  split: "dev",
  review: null,
  line: 1,
  hash: "case-1",
} as const;

const text = (value: string) => ({ stringValue: value });
const CHAT = [
  ["gen_ai.operation.name", text("chat")],
  ["gen_ai.provider.name", text("openai")],
  ["gen_ai.request.model", text("gpt-4o")],
  ["gen_ai.usage.input_tokens", { intValue: 1000n }],
  ["gen_ai.usage.output_tokens", { intValue: 100n }],
] as const;

describe("an agent that sends spans", () => {
  it("is told of by its spans, and answers by its reply", async () => {
    const agent = await agentThat(async (endpoint, traceparent) => {
      await exportRoot(endpoint, traceparent, {}, [{ attributes: CHAT, start: 0n, end: 250_000_000n }]);
      return { text: "Hello", usage: { input_tokens: 1, output_tokens: 1 }, cost: 9 };
    });
    expect(agent.namesModelCalls).toBe(true);
    expect(await ask(agent)).toMatchObject({
      text: "Hello",
      // Those of the reply would count twice.
      usage: null,
      costUsd: null,
      steps: [{ kind: "model", durationMs: 250, costUsd: expect.closeTo(0.0035, 12) }],
      says: { tools: false, modelCalls: true },
    });
  });

  it("has the tokens of its reply where no span tells of a model call", async () => {
    const agent = await agentThat(async (endpoint, traceparent) => {
      await exportRoot(endpoint, traceparent);
      return { text: "Hello", usage: { input_tokens: 3, output_tokens: 2 }, cost: 0.25, model: "m" };
    });
    expect((await ask(agent)).steps).toMatchObject([
      { kind: "model", model: "m", usage: { inputTokens: 3, outputTokens: 2 }, costUsd: 0.25 },
    ]);
  });

  it("may answer by its root span, which may come after the reply", async () => {
    const output = JSON.stringify([{ role: "assistant", parts: [{ type: "text", content: "By span" }] }]);
    const agent = await agentThat((endpoint, traceparent) => {
      setTimeout(() => {
        void exportRoot(endpoint, traceparent, { attributes: [["gen_ai.output.messages", text(output)]] });
      }, 40);
      return Promise.resolve({ text: "" });
    });
    expect((await ask(agent)).text).toBe("By span");
  });

  it("is in error without its root span: nobody knows what the trace lacks", async () => {
    const agent = await agentThat(() => Promise.resolve({ text: "Hello" }));
    await expect(ask(agent)).rejects.toMatchObject({ code: "PROVIDER_TIMEOUT" });
  });

  it("is in error when it answers by nothing, with the words of its root span", async () => {
    const agent = await agentThat(async (endpoint, traceparent) => {
      await exportRoot(endpoint, traceparent, { status: { code: 2, message: "no quota" } });
      return { text: "" };
    });
    await expect(ask(agent)).rejects.toMatchObject({
      code: "AGENT_FAILED",
      message: "the root span of the agent ended in error: no quota",
    });
  });

  it("is not slower for what agentctl waits after the answer", async () => {
    const agent = await agentThat(
      async (endpoint, traceparent) => {
        await exportRoot(endpoint, traceparent);
        return { text: "Hello" };
      },
      { settle_ms: 600, wait_ms: 2_000 },
    );
    const trial = await talk(agentAround(agent), {
      ...CASE,
      input: { kind: "user", goal: "talk", script: ["hi"] },
    });
    expect(trial).toMatchObject({ status: "completed", stopReason: "answered" });
    expect(trial.durationMs).toBeLessThan(500);
  });

  it("gets fresh trace ids for each message", async () => {
    const seen: string[] = [];
    const agent = await agentThat(async (endpoint, traceparent) => {
      seen.push(traceparent);
      await exportRoot(endpoint, traceparent);
      return { text: "Hello" };
    });
    await ask(agent);
    await ask(agent);
    expect(seen.every((one) => /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/.test(one))).toBe(true);
    expect(new Set(seen).size).toBe(2);
  });

  it("may be a program, which finds the receiver in its environment", async () => {
    const config = otlpAgentSchema.parse({
      kind: "otlp",
      name: "mine",
      settle_ms: 20,
      trigger: { exec: { command: process.execPath, args: ["testing/traced-program.mjs"] } },
    });
    const agent = await openOtlp(config, CONTEXT);
    closers.push(() => agent.close());
    const reply = await ask(agent);
    expect(reply).toMatchObject({
      text: "heard hello",
      steps: [{ kind: "tool", name: "lookup", arguments: { id: 7 }, result: "found" }],
    });
    expect(agent.secrets.join()).not.toContain("127.0.0.1");
  });

  it("cannot be opened at an address that is taken", async () => {
    const taken = await startReceiver({ host: "127.0.0.1", port: 0, maxBytes: 1000, onSpans: () => [] });
    closers.push(() => taken.close());
    const opened = agentThat(() => Promise.resolve({}), {
      listen: { port: Number(new URL(taken.endpoint).port) },
    });
    await expect(opened).rejects.toThrow(ConfigError);
    await expect(opened).rejects.toThrow(
      /^agents\/mine.yaml cannot listen at 127.0.0.1:\d+ for spans: EADDRINUSE$/,
    );
  });
});
