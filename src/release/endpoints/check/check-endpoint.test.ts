import { LLMock } from "@copilotkit/aimock";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../../core/clock.js";
import { closeAfterTest, serve } from "../testing/serve.js";
import type { Gap } from "../testing/serving-server.js";
import { checkEndpoints } from "./check-endpoints.js";
import { declaredContext, limitInError } from "./probe-context.js";

async function check(url: string, flags: Partial<Parameters<typeof checkEndpoints>[1]> = {}) {
  const world = {
    env: { KEY: "secret-key-of-tests" },
    clock: systemClock,
    signal: new AbortController().signal,
  };
  const { report, exitCode } = await checkEndpoints(url, { probes: 2, ...flags }, world);
  const states = Object.fromEntries(report.capabilities.map(({ name, state }) => [name, state]));
  return { report, exitCode, states };
}

const LIKE_VLLM = {
  reachable: "pass",
  models: "pass",
  chat: "pass",
  streaming: "pass",
  "stream-usage": "pass",
  tools: "pass",
  "tools-streamed": "pass",
  "structured-output": "pass",
  "context-limit": "pass",
  logprobs: "pass",
  embeddings: "fail",
  responses: "fail",
  messages: "fail",
  ttft: "pass",
  metrics: "pass",
  identity: "pass",
};

describe("endpoint check", () => {
  it("tries each capability by itself", async () => {
    const { url } = await serve();
    const { report, exitCode, states } = await check(`${url}/v1/`);
    expect(states).toEqual(LIKE_VLLM);
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ verdict: "usable", model: "test-model", contextTokens: 4096, url });
    expect(report.server).toContain("vLLM, version 0.0.0-test");
    expect(report.metrics?.present).toContain("vllm:kv_cache_usage_perc");
    expect(report.metrics?.missing.map(({ name }) => name)).toContain("vllm:e2e_request_latency_seconds");
  });

  it.each<[Gap, string, "fail" | "unknown"]>([
    ["tools", "tools", "fail"],
    ["tools", "tools-streamed", "fail"],
    ["structured-output", "structured-output", "fail"],
    ["stream-usage", "stream-usage", "fail"],
    ["done", "streaming", "fail"],
    ["streaming", "streaming", "fail"],
    ["metrics", "metrics", "fail"],
    ["max-model-len", "context-limit", "unknown"],
    ["logprobs", "logprobs", "fail"],
  ])("without %s, %s is not passed and the rest stays", async (gap, name, state) => {
    const { url } = await serve({ gaps: [gap] });
    const { states, exitCode, report } = await check(url, { require: [name] });
    expect(states[name]).toBe(state);
    expect({ exitCode, verdict: report.verdict }).toEqual({ exitCode: 1, verdict: "lacking" });
    expect(states.chat).toBe("pass");
  });

  it("asks for the context limit when it may", async () => {
    const { url } = await serve({ gaps: ["max-model-len"], contextTokens: 1000 });
    expect((await check(url)).report.contextTokens).toBeNull();
    expect((await check(url, { probeContext: true })).report.contextTokens).toBe(1000);
  });

  it("takes a failing server for unknown, not for one that cannot", async () => {
    const { url } = await serve({ statusOf: () => 503 });
    const { states, exitCode } = await check(url);
    expect([states.chat, states.tools, states.streaming, states.ttft]).toEqual(Array(4).fill("unknown"));
    expect(exitCode).toBe(1);
  });

  it("says when nothing listens, and when a model is not there", async () => {
    const server = await serve();
    expect((await check(server.url, { model: "other" })).states.models).toBe("fail");
    await server.close();
    const { report, exitCode, states } = await check(server.url);
    expect({ exitCode, verdict: report.verdict }).toEqual({ exitCode: 3, verdict: "unreachable" });
    expect(Object.values(states).filter((state) => state === "pass")).toEqual([]);
  });

  it("puts two endpoints side by side", async () => {
    const [first, second] = [
      await serve(),
      await serve({ gaps: ["logprobs", "metrics"], contextTokens: 512 }),
    ];
    const { report, exitCode } = await check(first.url, { against: second.url });
    expect(exitCode).toBe(0);
    const named = report.differences.map(({ what }) => what);
    expect(named).toEqual(expect.arrayContaining(["logprobs", "metrics", "context tokens"]));
    expect(named).not.toContain("chat");
    expect((await check(first.url, { against: first.url })).report.differences).toEqual([]);
  });

  it("refuses what is no capability, no address and no key", async () => {
    await expect(check("http://127.0.0.1:1", { require: ["stream"] })).rejects.toThrow(/known: reachable/);
    await expect(check("localhost")).rejects.toThrow(/http or https/);
    await expect(check("http://u:p@h")).rejects.toThrow(/without user name/);
    await expect(check("http://127.0.0.1:1", { apiKeyEnv: "NONE" })).rejects.toThrow(/variable NONE/);
  });

  it("reads a server of another make", async () => {
    const mock = new LLMock({ port: 0, host: "127.0.0.1", logLevel: "silent" });
    mock.onMessage(/.*/, { content: "ready" });
    const url = await mock.start();
    closeAfterTest(() => mock.stop());
    const { states } = await check(url, { model: "gpt-4o" });
    expect(states).toMatchObject({
      chat: "pass",
      streaming: "pass",
      tools: "fail",
      "structured-output": "fail",
    });
    expect(states).toMatchObject({ embeddings: "pass", responses: "pass", messages: "pass" });
  });
});

it.each([
  ["This model's maximum context length is 4096 tokens. However", 4096],
  ["Requested token count exceeds the model's maximum context length of 8192 tokens.", 8192],
  ["Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2048. Given: 4000", 2048],
  ["the request exceeds the available context size (2048 tokens), try increasing it", 2048],
  ["max_model_len (1024) is less than", 1024],
  ["The maximum context length is 131,072 tokens, and you asked for 200,000", 131_072],
  ["the prompt has 99999 tokens", null],
])("reads the limit out of an error: %s", (text, tokens) => {
  expect(limitInError(text)).toBe(tokens);
});

it("knows no context where none is declared", () => {
  expect(declaredContext(undefined)).toBeNull();
});
