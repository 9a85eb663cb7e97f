import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import type { MemoryConfig } from "../../config/agent/memory-schema.js";
import { ConfigError } from "../../core/errors.js";
import type { PartContext, PartFactory } from "./agent-parts.js";

/** What is remembered of users: block `memory`. Deletions that a crash cut off are finished before anything is read. */
export const memoryPart: PartFactory = async ({ memory: config }, context) => {
  if (config === undefined) return null;
  const [{ memoryPart: partOf }, { openMemoryStore }, { memoryFile }, { readSeed }] = await Promise.all([
    import("../../runtime/memory/memory-part.js"),
    import("../../runtime/memory/memory-store.js"),
    import("../../runtime/memory/memory-database.js"),
    import("../../runtime/memory/seed.js"),
  ]);
  const { storage, clock, folder } = context;
  if (storage.kind === "folder") {
    const { finishDeletions } = await import("../forget/forget-user.js");
    await finishDeletions({ dataFolder: storage.path, clock });
  }
  const isTrial = storage.kind === "memory";
  return partOf({
    config,
    store: openMemoryStore(isTrial ? ":memory:" : memoryFile(storage.path), clock),
    newId: randomUUID,
    trialSeed: !isTrial
      ? null
      : config.seed === undefined
        ? []
        : readSeed(resolve(folder, config.seed), join(folder, config.seed)),
    embedder: await embedderOf(config, context),
  });
};

async function embedderOf({ embeddings }: MemoryConfig, { env, file, clock }: PartContext) {
  if (embeddings === undefined) return null;
  const keyEnv = embeddings.api_key_env;
  const apiKey = keyEnv === undefined ? null : (env[keyEnv]?.trim() ?? "");
  if (apiKey === "") {
    const message = `memory.embeddings: expected the key of the endpoint in the environment variable ${keyEnv}, found none`;
    throw new ConfigError([{ file, message }], { nextStep: `set ${keyEnv} in the environment or in .env` });
  }
  const [{ endpointEmbedder }, { sleepFor }] = await Promise.all([
    import("../../runtime/retrieval/ranking/endpoint-embedder.js"),
    import("../../models/retry.js"),
  ]);
  return endpointEmbedder({
    endpoint: {
      url: `${embeddings.base_url.replace(/\/+$/, "")}/embeddings`,
      model: embeddings.name,
      apiKey,
      keyEnv: keyEnv ?? "of `api_key_env`",
      timeoutMs: embeddings.timeout_ms,
      retry: { maxRetries: embeddings.max_retries, random: Math.random, sleep: sleepFor },
      now: clock.now,
    },
    dimensions: null,
    batchSize: 64,
    prefixes: { document: "", query: "" },
  });
}
