import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LLMock } from "@copilotkit/aimock";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { modelSchema } from "../config/agent/model-schema.js";
import { systemClock } from "../core/clock.js";
import type { ProviderError } from "../core/errors.js";
import type { ModelReply } from "../core/message.js";
import type { RecordedSimulation, RecordedTurn } from "../core/recording.js";
import { openCassette, readCassette } from "./cassette-file.js";
import type { CallPosition, Model, ModelRequest } from "./model.js";
import { recordingModel } from "./record.js";
import { createModel } from "./registry.js";
import { createReplayModel } from "./replay.js";
import { replaySource } from "./replay-source.js";
import { requestHash } from "./request-hash.js";

function request(position: Partial<CallPosition>, text = "hi"): ModelRequest {
  return {
    messages: [{ role: "user", content: text }],
    tools: [],
    parameters: { temperature: 0 },
    position: { caseId: "refund-01", trial: 0, speaker: "agent", turn: 0, ...position },
  };
}

function ask(model: Model, asked: ModelRequest): Promise<ModelReply> {
  return model.complete(asked, { signal: new AbortController().signal });
}

async function failure(call: Promise<unknown>): Promise<ProviderError> {
  return call.then(
    () => expect.unreachable("the call succeeded"),
    (error: unknown) => error as ProviderError,
  );
}

const reply = (text: string): ModelReply => ({
  text,
  toolCalls: [],
  finishReason: "stop",
  usage: null,
  costUsd: null,
  model: "gpt-4o",
});

function simulation(
  caseId: string,
  trial: number,
  turns: readonly Partial<RecordedTurn>[],
  crash: string | null = null,
): RecordedSimulation {
  return {
    caseId,
    trial,
    turns: turns.map((fields, index) => ({
      caseId,
      trial,
      speaker: "agent",
      turn: index,
      requestHash: null,
      reply: reply(`${caseId}/${trial}/${index}`),
      durationMs: null,
      ...fields,
    })),
    reward: null,
    crash,
    toolResults: [],
  };
}

describe("a recording in memory", () => {
  test("answers an import by position, for both speakers", async () => {
    const simulations = Array.from({ length: 200 }, (_, index) =>
      simulation(`case-${index % 50}`, Math.floor(index / 50), [
        {},
        {},
        { speaker: "user", turn: 0, reply: reply("from the user") },
      ]),
    );
    const model = createReplayModel(replaySource(simulations, "airline.json"), "gpt-4o");
    expect(model).toMatchObject({ provider: "replay", name: "gpt-4o" });
    expect((await ask(model, request({ caseId: "case-49", trial: 3, turn: 1 }))).text).toBe("case-49/3/1");
    expect((await ask(model, request({ caseId: "case-7", speaker: "user" }))).text).toBe("from the user");
  });

  test.each<[string, Partial<CallPosition>, RegExp]>([
    ["a turn too many", { turn: 2 }, /case "refund-01", trial 0, agent turn 2; nearest is .*agent turn 1$/],
    ["another trial", { trial: 4 }, /trial 4, .*nearest is case "refund-01", trial 1, agent turn 0$/],
    ["another case", { caseId: "refund-02" }, /case "refund-02".*nearest is case "refund-01", trial 0/],
  ])("misses %s and names the nearest key", async (_name, position, message) => {
    const simulations = [
      simulation("refund-01", 0, [{}, {}]),
      simulation("refund-01", 1, [{}]),
      simulation("greeting", 0, [{}]),
    ];
    const error = await failure(
      ask(createReplayModel(replaySource(simulations, "a.jsonl")), request(position)),
    );
    expect(error).toMatchObject({ code: "REPLAY_MISS", isRetryable: false, exitCode: 3 });
    expect(error.message).toMatch(message);
    expect(error.message).toContain("a.jsonl");
    expect(error.nextStep).toContain("--record");
  });

  test("says so when it is empty", async () => {
    const error = await failure(ask(createReplayModel(replaySource([], "a.jsonl")), request({})));
    expect(error.message).toContain("the recording is empty");
  });

  test("raises a recorded crash at every call of its trial, however whole the conversation looks", async () => {
    const source = replaySource(
      [simulation("refund-01", 0, [{}, {}], "HTTP 500 from upstream"), simulation("refund-01", 1, [{}])],
      "a.jsonl",
    );
    const model = createReplayModel(source);
    for (const turn of [0, 1, 2]) {
      const error = await failure(ask(model, request({ turn })));
      expect(error).toMatchObject({ code: "RECORDING_CRASHED", isRetryable: false });
      expect(error.message).toContain("HTTP 500 from upstream");
    }
    expect((await ask(model, request({ trial: 1 }))).text).toBe("refund-01/1/0");
  });

  test.each(["", " \n"])("a crash without words (%j) is a crash", async (crash) => {
    const source = replaySource([simulation("refund-01", 0, [{}], crash)], "a.jsonl");
    const error = await failure(ask(createReplayModel(source), request({})));
    expect(error.code).toBe("RECORDING_CRASHED");
    expect(error.message).toMatch(/unknown failure$/);
  });

  test("answers a recorded request hash in its own trial alone", async () => {
    const asked = request({}, "the same question");
    const turns = [{ requestHash: requestHash(request({}, "first")) }, { requestHash: requestHash(asked) }];
    const model = createReplayModel(replaySource([simulation("refund-01", 0, turns)], "a.jsonl"));
    expect((await ask(model, { ...asked, position: { ...asked.position, turn: 5 } })).text).toBe(
      "refund-01/0/1",
    );
    expect((await failure(ask(model, { ...asked, position: { ...asked.position, trial: 1 } }))).code).toBe(
      "REPLAY_MISS",
    );
  });
});

describe("record and replay through the wire", () => {
  const KEY = "test-key-0123456789";
  let mock: LLMock;
  let folder: string;
  let file: string;
  beforeEach(async () => {
    mock = await LLMock.create({ port: 0, host: "127.0.0.1" });
    folder = await mkdtemp(join(tmpdir(), "agentctl-replay-"));
    file = join(folder, "run.jsonl");
  });
  afterEach(async () => {
    await mock.stop();
    await rm(folder, { recursive: true });
  });

  async function recorder(provider: string, path: string): Promise<Model & { close(): Promise<void> }> {
    const config = modelSchema.parse({
      provider,
      name: "m",
      base_url: `${mock.url}${path}`,
      price: { input_usd_per_mtok: 1, output_usd_per_mtok: 1 },
    });
    const context = {
      env: { OPENAI_API_KEY: KEY, ANTHROPIC_API_KEY: KEY },
      file: "a.yaml",
      clock: systemClock,
    };
    const sink = await openCassette(file, { append: false, secrets: [KEY] });
    const model = recordingModel(await createModel(config, context), sink, systemClock);
    return { ...model, close: () => sink.close() };
  }

  test.each([
    ["openai", "/v1"],
    ["anthropic", ""],
  ])("%s: the replay equals the recording, without a request", async (provider, path) => {
    mock.on({}, ({ messages }) => {
      const text = String(messages.at(-1)?.content);
      if (text.includes("fail")) return { error: { message: "broken" }, status: 500 };
      if (text.includes("tool")) return { toolCalls: [{ id: "t1", name: "look", arguments: '{"q":1}' }] };
      return { content: `echo ${text} ${KEY}`, usage: { input_tokens: 3, output_tokens: 4 } };
    });
    const asked = Array.from({ length: 30 }, (_, index) =>
      request({ caseId: `case-${index}` }, index % 3 === 0 ? `tool ${index}` : `text ${index}`),
    );
    const failing = request({ caseId: "case-fails" }, "fail please");
    const model = await recorder(provider, path);
    const answers = await Promise.all(asked.map((one) => ask(model, one)));
    expect((await failure(ask(model, failing))).code).toBe("PROVIDER_UNAVAILABLE");
    await failure(model.complete(asked[0]!, { signal: AbortSignal.abort() }));
    await model.close();
    mock.clearRequests();

    const text = await readFile(file, "utf8");
    expect(text).not.toContain(KEY);
    expect(text.trimEnd().split("\n")).toHaveLength(32);
    const replay = createReplayModel(replaySource(await readCassette(file), file));
    const replayed = await Promise.all(asked.map((one) => ask(replay, one)));
    const blackedOut = JSON.parse(JSON.stringify(answers).replaceAll(KEY, "[redacted]")) as ModelReply[];
    expect(replayed).toEqual(blackedOut);
    expect(replayed[0]?.toolCalls).toEqual([{ id: "t1", name: "look", arguments: { q: 1 } }]);
    const crash = await failure(ask(replay, failing));
    expect(crash.code).toBe("RECORDING_CRASHED");
    expect(crash.message).toContain("PROVIDER_UNAVAILABLE");

    const changed = await failure(ask(replay, request({ caseId: "case-1" }, "another prompt")));
    expect(changed.code).toBe("REPLAY_MISS");
    expect(changed.message).toContain('the request of case "case-1", trial 0, agent turn 0 changed');
    expect(changed.message).not.toContain("another prompt");
    expect(changed.nextStep).toContain(`--record ${file}`);
    expect(mock.getRequests()).toHaveLength(0);
  });
});
