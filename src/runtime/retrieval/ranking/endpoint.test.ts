import { afterEach, describe, expect, it } from "vitest";
import { ProviderError } from "../../../core/errors.js";
import type { ChunkRow } from "../index/index-reader.js";
import { type Answer, endpointAt, type Loopback, serve } from "../testing/loopback.js";
import { document, idsOf, retrieverOf, signal } from "../testing/make-retriever.js";
import { endpointEmbedder } from "./endpoint-embedder.js";
import { endpointReranker } from "./endpoint-reranker.js";

let server: Loopback;
afterEach(() => server.close());

/** A vector that tells which text it is of. */
function vectorsFor(body: Record<string, unknown>): unknown {
  const data = (body.input as string[]).map((text, index) => ({ index, embedding: [text.length, 1, 0] }));
  return { object: "list", data: data.reverse() };
}

async function failureOf(work: Promise<unknown> | unknown): Promise<ProviderError> {
  const error = await Promise.resolve(work).then(
    () => null,
    (cause: unknown) => cause,
  );
  if (error instanceof ProviderError) return error;
  throw new TypeError(`expected a ProviderError, found ${String(error)}`);
}

describe("endpointEmbedder", () => {
  const embedderAt = (more: object = {}) =>
    endpointEmbedder({
      endpoint: endpointAt(`${server.url}/embeddings`),
      dimensions: null,
      batchSize: 2,
      prefixes: { document: "passage: ", query: "query: " },
      ...more,
    });

  it("asks in batches and puts vectors into the order of the texts, with length 1", async () => {
    server = await serve((body) => ({ body: vectorsFor(body) }));
    const vectors = await embedderAt().embed(["a", "bbb", ""], "document", signal);
    expect(server.requests.map(({ body }) => body)).toEqual([
      { model: "test-model", input: ["passage: a", "passage: bbb"], encoding_format: "float" },
      { model: "test-model", input: ["passage: -"], encoding_format: "float" },
    ]);
    expect(vectors).toHaveLength(3);
    for (const [at, length] of [10, 12, 10].entries()) {
      expect(Math.hypot(...(vectors[at] ?? []))).toBeCloseTo(1, 6);
      expect((vectors[at]?.[0] ?? 0) / (vectors[at]?.[1] ?? 0)).toBeCloseTo(length, 4);
    }
  });

  it("sends the key and the dimensions, and names neither key nor text in an error", async () => {
    server = await serve(() => ({
      status: 401,
      body: { error: { message: "bad key sk-secret-123 for SECRET TEXT" } },
    }));
    const endpoint = endpointAt(`${server.url}/embeddings`, { apiKey: "sk-secret-123" });
    const error = await failureOf(
      embedderAt({ endpoint, dimensions: 3 }).embed(["SECRET TEXT"], "query", signal),
    );
    expect(server.requests[0]?.headers.authorization).toBe("Bearer sk-secret-123");
    expect(server.requests[0]?.body.dimensions).toBe(3);
    expect(error).toMatchObject({ code: "PROVIDER_AUTH", isRetryable: false });
    expect(`${error.message} ${error.nextStep} ${String(error.cause)}`).not.toMatch(/sk-secret|SECRET TEXT/);
    expect(error.nextStep).toContain("TEST_KEY");
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, Answer, string]>([
    ["429", { status: 429, headers: { "retry-after": "0" } }, "PROVIDER_RATE_LIMITED"],
    ["503", { status: 503 }, "PROVIDER_UNAVAILABLE"],
    ["no JSON", { text: "<html>" }, "PROVIDER_BAD_RESPONSE"],
    ["a missing vector", { body: { data: [] } }, "PROVIDER_BAD_RESPONSE"],
    ["an index not asked for", { body: { data: [{ index: 5, embedding: [1] }] } }, "PROVIDER_BAD_RESPONSE"],
    ["numbers that are none", { body: { data: [{ index: 0, embedding: ["1"] }] } }, "PROVIDER_BAD_RESPONSE"],
    ["NaN", { text: '{"data":[{"index":0,"embedding":[NaN,1]}]}' }, "PROVIDER_BAD_RESPONSE"],
    ["null for a number", { body: { data: [{ embedding: [null, 1] }] } }, "PROVIDER_BAD_RESPONSE"],
    ["infinity", { text: '{"data":[{"embedding":[1e999,1]}]}' }, "PROVIDER_BAD_RESPONSE"],
    ["what 32 bits cannot hold", { text: '{"data":[{"embedding":[1e300,1]}]}' }, "PROVIDER_BAD_RESPONSE"],
    ["a vector of zeros", { body: { data: [{ embedding: [0, 0, 0] }] } }, "PROVIDER_BAD_RESPONSE"],
  ])("tries again after %s, and gives up after two retries", async (_, bad, code) => {
    server = await serve((body, number) => (number < 2 ? bad : { body: vectorsFor(body) }));
    await expect(embedderAt().embed(["a"], "query", signal)).resolves.toHaveLength(1);
    expect(server.requests).toHaveLength(3);
    await server.close();
    server = await serve(() => bad);
    expect(await failureOf(embedderAt().embed(["a"], "query", signal))).toMatchObject({ code });
    expect(server.requests).toHaveLength(3);
  });

  it("says what is wrong with a reply, and what to lower when it is too much at once", async () => {
    server = await serve(() => ({ body: { data: [{ embedding: [1, 2] }] } }));
    const failure = async (texts: string[], more: object = {}) =>
      failureOf(embedderAt(more).embed(texts, "document", signal));
    expect((await failure(["a", "b"])).message).toContain("what was asked for: 1 vectors for 2 texts");
    expect((await failure(["a"], { dimensions: 3 })).message).toContain("a vector of 2 numbers instead of 3");
    await server.close();
    server = await serve(() => ({ status: 413 }));
    expect(await failure(["a"])).toMatchObject({
      code: "PROVIDER_REJECTED",
      nextStep: expect.stringContaining("lower embeddings.batch_size"),
    });
  });

  it("does not wait for a slow server, and refuses vectors of two lengths", async () => {
    server = await serve(() => ({ delayMs: 2000 }));
    const retry = { maxRetries: 0, random: () => 0, sleep: async () => {} };
    const endpoint = endpointAt(`${server.url}/embeddings`, { timeoutMs: 50, retry });
    const error = await failureOf(embedderAt({ endpoint }).embed(["a"], "query", signal));
    expect(error.code).toBe("PROVIDER_TIMEOUT");
    await server.close();
    server = await serve((_, number) => ({
      body: { data: [{ embedding: number === 0 ? [1, 0] : [1, 0, 0] }] },
    }));
    const mixed = embedderAt({ endpoint: endpointAt(`${server.url}/embeddings`, { retry }), batchSize: 1 });
    expect((await failureOf(mixed.embed(["a", "b"], "document", signal))).code).toBe("PROVIDER_BAD_RESPONSE");
  });

  it("stops when the caller does", async () => {
    server = await serve(() => ({ delayMs: 2000 }));
    const controller = new AbortController();
    const waiting = failureOf(embedderAt().embed(["a"], "query", controller.signal));
    controller.abort();
    expect((await waiting).code).toBe("PROVIDER_ABORTED");
  });
});

describe("endpointReranker", () => {
  const row = (documentId: string): ChunkRow => ({
    chunk: 0,
    chunkId: `${documentId}#1`,
    documentId,
    tenant: "shared",
    user: null,
    title: documentId,
    section: "",
    text: `text of ${documentId}`,
    updated: "",
    status: "current",
    segment: null,
    trust: 1,
  });
  const candidates = ["a", "b", "c"].map((id) => ({ row: row(id), similarity: 0.5 }));
  const rerank = () =>
    endpointReranker(endpointAt(`${server.url}/rerank`), "cohere").rerank({
      query: "q",
      candidates,
      segments: [],
      signal,
    });

  it("matches scores by index; what is left out is not scored", async () => {
    server = await serve(() => ({
      body: {
        results: [
          { index: 2, relevance_score: 0.9, document: { text: "c" } },
          { index: 0, relevance_score: -3 },
        ],
      },
    }));
    expect(await rerank()).toEqual([-3, null, 0.9]);
    expect(server.requests[0]?.body).toEqual({
      model: "test-model",
      query: "q",
      documents: ["a\n\ntext of a", "b\n\ntext of b", "c\n\ntext of c"],
      top_n: 3,
      return_documents: false,
    });
  });

  it("speaks as Text Embeddings Inference does", async () => {
    server = await serve((_, number) => ({
      body: number === 0 ? [{ index: 1, score: 0.9 }] : [{ index: 3, score: 1 }],
    }));
    const reranker = endpointReranker(endpointAt(server.url.replace("/v1", "/rerank")), "tei");
    const request = { query: "q", candidates, segments: [], signal };
    expect(await reranker.rerank(request)).toEqual([null, 0.9, null]);
    expect(server.requests[0]?.body).toEqual({
      query: "q",
      texts: ["a\n\ntext of a", "b\n\ntext of b", "c\n\ntext of c"],
      truncate: true,
    });
    expect((await failureOf(reranker.rerank(request))).message).toContain("came twice, 3");
  });

  it.each([
    ["beyond the list", [{ index: 3, relevance_score: 1 }]],
    ["negative", [{ index: -1, relevance_score: 1 }]],
    ["a name", [{ index: "__proto__", relevance_score: 1 }]],
    [
      "twice the same",
      [
        { index: 0, relevance_score: 1 },
        { index: 0, relevance_score: 2 },
      ],
    ],
    ["no number", [{ index: 0, relevance_score: "1" }]],
  ])("refuses an index or a score that is %s", async (_, results) => {
    server = await serve(() => ({ body: { results } }));
    expect((await failureOf(rerank())).code).toBe("PROVIDER_BAD_RESPONSE");
  });

  it("fails the search, or is left out of it and says so", async () => {
    server = await serve(() => ({ status: 500 }));
    const documents = [document("a", "apple pie"), document("b", "apple tart")];
    const reranker = endpointReranker(endpointAt(`${server.url}/rerank`), "cohere");
    const request = { query: "apple pie", topK: 5, tenant: null, signal };
    const strict = await retrieverOf(documents, {}, { reranker });
    expect((await failureOf(strict.search(request))).code).toBe("PROVIDER_UNAVAILABLE");
    const lenient = await retrieverOf(documents, { on_failure: "degrade" }, { reranker });
    const passages = await lenient.search(request);
    expect(idsOf(passages)).toEqual(["a", "b"]);
    expect(passages[0]?.degraded).toEqual(["rerank"]);
  });
});
