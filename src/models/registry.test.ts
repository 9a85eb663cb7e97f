import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelSchema } from "../config/agent/model-schema.js";
import { systemClock } from "../core/clock.js";
import type { ConfigError } from "../core/errors.js";
import { openCassette } from "./cassette-file.js";
import { createModel, type ModelContext, providerNames, providers } from "./registry.js";
import { baseUrlOf } from "./resolve-endpoint.js";

const context = (env: Record<string, string> = {}): ModelContext => ({
  env,
  file: "agents/support.yaml",
  clock: systemClock,
});
const config = (model: object) => modelSchema.parse({ name: "m", ...model });

async function configError(model: object, env: Record<string, string> = {}): Promise<ConfigError> {
  return createModel(config(model), context(env)).then(
    () => expect.unreachable("the model was made"),
    (error: unknown) => error as ConfigError,
  );
}

describe.each([
  ["openai", "OPENAI_API_KEY", "OPENAI_BASE_URL"],
  ["anthropic", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"],
])("%s", (provider, keyEnv, baseUrlEnv) => {
  test("wants a key for its own endpoint and names the variable", async () => {
    const error = await configError({ provider }, { [keyEnv]: "  " });
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.message).toContain("agents/support.yaml");
    expect(error.message).toContain(keyEnv);
    expect(error.nextStep).toContain(keyEnv);
  });

  test("wants the key that the agent file names", async () => {
    expect((await configError({ provider, api_key_env: "TEAM_KEY" }, { [keyEnv]: "k" })).message).toContain(
      "TEAM_KEY",
    );
  });

  test.each([
    ["the key", {}, { [keyEnv]: "test-key" }],
    ["a server on loopback", { base_url: "http://127.0.0.1:8000/v1" }, {}],
    ["a server on localhost", { base_url: "http://localhost:8000/v1", api_key_env: "TEAM_KEY" }, {}],
    ["an own server without a key", { base_url: "http://10.0.0.5:8000/v1" }, {}],
    ["a server from the environment", {}, { [baseUrlEnv]: "http://[::1]:8000" }],
  ])("is made with %s", async (_name, model, env) => {
    const made = await createModel(config({ provider, ...model }), context(env));
    expect({ provider: made.provider, name: made.name }).toEqual({ provider, name: "m" });
  });

  test("refuses a password in the base URL without repeating it", async () => {
    const error = await configError({ provider, base_url: "https://ana:hunter22@models.example/v1" });
    expect(error.message).toContain("base_url");
    expect(error.message).not.toContain("hunter22");
  });

  test("refuses a base URL of another protocol", async () => {
    expect((await configError({ provider, base_url: "ftp://127.0.0.1/v1" })).message).toContain("http");
  });
});

test("the embedded model needs neither key nor network", async () => {
  const model = await createModel(config({ provider: "embedded", name: "embedded-v1" }), context());
  expect(model.provider).toBe("embedded");
  expect((await configError({ provider: "embedded", name: "gpt-5" })).message).toContain("embedded-v1");
});

test("an unknown provider is named with the nearest one", async () => {
  const error = await configError({ provider: "opanai" });
  expect(error.message).toContain("did you mean `openai`");
  expect((await configError({ provider: "toString" })).code).toBe("CONFIG_INVALID");
  expect(Object.keys(providers)).toEqual(providerNames());
  expect(providerNames()).toEqual(
    expect.arrayContaining(["embedded", "openai", "anthropic", "replay", "scripted"]),
  );
});

describe("replay", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "agentctl-registry-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("reads the cassette that the agent file names, relative to itself", async () => {
    const sink = await openCassette(join(folder, "cassettes", "a.jsonl"), { append: false, secrets: [] });
    await sink.write({ caseId: "c", trial: 0, crash: "it broke" });
    await sink.close();
    const model = await createModel(config({ provider: "replay", name: "cassettes/a.jsonl" }), {
      ...context(),
      file: join(folder, "agent.yaml"),
    });
    const position = { caseId: "c", trial: 0, speaker: "agent", turn: 0 } as const;
    const call = model.complete(
      { messages: [], tools: [], parameters: {}, position },
      { signal: new AbortController().signal },
    );
    await expect(call).rejects.toMatchObject({ code: "RECORDING_CRASHED" });
  });
});

test("the base URL is the agent file's, else the environment's, else the provider's own", () => {
  const env = { OPENAI_BASE_URL: "http://env/v1" };
  expect(baseUrlOf(config({ provider: "openai", base_url: "http://file/v1" }), env)).toBe("http://file/v1");
  expect(baseUrlOf(config({ provider: "openai" }), env)).toBe("http://env/v1");
  expect(baseUrlOf(config({ provider: "openai" }), { OPENAI_BASE_URL: "" })).toBe(
    "https://api.openai.com/v1",
  );
  expect(baseUrlOf(config({ provider: "anthropic" }), env)).toBe("https://api.anthropic.com");
  expect(baseUrlOf(config({ provider: "embedded" }), env)).toBeNull();
});
