import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { retrievalSchema } from "../../config/agent/retrieval-schema.js";
import { parseAgentFile } from "../../config/parse-agent-file.js";
import type { RetrievalSearch } from "../../core/events.js";
import { contentHash } from "../../core/hash.js";
import { readDocuments } from "./documents/documents.js";
import { buildRetriever } from "./index/bm25-index.js";
import { type LoadedRetrieval, loadRetrieval } from "./load-retrieval.js";
import type { Passage } from "./retriever.js";
import { serve } from "./testing/loopback.js";
import { idsOf, searchNow, signal } from "./testing/make-retriever.js";

const root = join(import.meta.dirname, "..", "..", "..");
let folder: string;
const loaded: LoadedRetrieval[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "retrieval-"));
  mkdirSync(join(folder, "docs"));
  write("a", "Batteries are replaced within two years.");
  write("b", "Parcels take five days.");
});
afterEach(async () => {
  await Promise.all(loaded.splice(0).map((one) => one.close()));
  rmSync(folder, { recursive: true });
});

function write(id: string, body: string, head = ""): void {
  writeFileSync(join(folder, "docs", `${id}.md`), `---\nid: ${id}\ntitle: Page\n${head}---\n${body}\n`);
}

async function load(
  block: object,
  env: Record<string, string> = {},
  followsRebuilds = true,
): Promise<LoadedRetrieval> {
  const one = await loadRetrieval(retrievalSchema.parse({ documents: "docs", ...block }), {
    folder,
    file: "agents/a.yaml",
    indexRoot: join(folder, "index"),
    env,
    clock: { now: () => 0, monotonic: () => 0 },
    random: () => 0,
    signal,
    followsRebuilds,
  });
  loaded.push(one);
  return one;
}

function problemsOf(block: string): string {
  const text = `name: a\nprompt: { version: "1", text: x }\nmodel: { provider: embedded, name: e }\nretrieval:\n${block}`;
  try {
    parseAgentFile(text, "a.yaml");
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("plain retrieval", () => {
  it("is what it was before there was more, bit for bit", async () => {
    const documents = readDocuments(join(root, "datasets", "handbook"), "handbook");
    const retriever = buildRetriever(documents, { chunkWords: 120 });
    const small = buildRetriever(documents, { chunkWords: 20 });
    const cases = readFileSync(join(root, "datasets", "starter.jsonl"), "utf8")
      .split("\n")
      .filter((line) => line !== "");
    const queries = cases
      .map((line) => (JSON.parse(line) as { input: unknown }).input)
      .filter((input) => typeof input === "string");
    // Of the commit before hybrid search; a change here changes every agent version.
    expect(retriever.hash).toBe("2e89b8d58d2e237dd22ec287d215fba464a5a9c5cb356b4a94fc28d4824eedcd");
    expect(
      contentHash([
        ...queries.map((query) => retriever.search(query, 5)),
        ...queries.map((query) => small.search(query, 9)),
      ]),
    ).toBe("c3567422b2ae600b9db502e628cc836ae4cc23fa827a28ec4c6e4cf45c35137c");
  });

  it("needs no promise and has the hash and the passages of BM25 alone", async () => {
    const { retriever, disk, grounding } = await load({});
    const plain = buildRetriever(readDocuments(join(folder, "docs")), { chunkWords: 120 });
    expect(retriever.hash).toBe(plain.hash);
    expect(searchNow(retriever, "battery replaced")).toEqual(plain.search("battery replaced", 5));
    expect([disk, grounding]).toEqual([null, null]);
  });

  it("keeps tenants apart even where the block says nothing of them", async () => {
    write("c", "Secret battery plan.", "tenant: acme\n");
    const { retriever } = await load({});
    expect(idsOf(searchNow(retriever, "secret battery plan"))).not.toContain("c");
    expect(idsOf(searchNow(retriever, "secret battery plan", { tenant: "acme" }))[0]).toBe("c");
  });
});

describe("loadRetrieval", () => {
  it("keeps an index on disk, and rebuilds it when documents or settings have changed", async () => {
    const block = { method: "hybrid", index: { name: "docs" } };
    const first = await load(block);
    expect(idsOf(searchNow(first.retriever, "parcles"))[0]).toBe("b");
    const generation = () =>
      JSON.parse(readFileSync(join(folder, "index", "docs", "current.json"), "utf8")).generation;
    expect(generation()).toBe("00000001");
    expect((await load(block)).retriever.hash).toBe(first.retriever.hash);
    expect(generation()).toBe("00000001");
    write("c", "Invoices are monthly.");
    expect(idsOf(searchNow((await load(block)).retriever, "invoice"))[0]).toBe("c");
    await load({ ...block, chunk_words: 60 });
    expect(generation()).toBe("00000003");
  });

  it("waits for another opening that builds, and builds once", async () => {
    const block = { method: "hybrid", index: { name: "docs" } };
    const both = await Promise.all([load(block), load(block)]);
    for (const { retriever } of both) expect(idsOf(searchNow(retriever, "parcels"))[0]).toBe("b");
    expect(readdirSync(join(folder, "index", "docs"))).toContain("00000001.db");
  });

  it("serves a rebuild by others of the same documents, in a run of none", async () => {
    const block = { method: "hybrid", index: { name: "docs" } };
    const chat = await load(block);
    const run = await load(block, {}, false);
    const hash = run.retriever.hash;
    write("c", "Invoices are monthly.");
    await load(block);
    await expect.poll(() => idsOf(searchNow(chat.retriever, "invoices"))).toContain("c");
    expect(idsOf(searchNow(run.retriever, "invoices"))).not.toContain("c");
    expect(idsOf(searchNow(run.retriever, "parcels"))[0]).toBe("b");
    expect(run.retriever.hash).toBe(hash);
  });

  it("never serves what another agent has put into an index of the same name", async () => {
    const block = { method: "hybrid", index: { name: "docs" } };
    const own = await load(block);
    mkdirSync(join(folder, "other"));
    writeFileSync(join(folder, "other", "x.md"), "---\nid: x\ntitle: X\n---\nParcels of a stranger.\n");
    const other = await load({ ...block, documents: "other" });
    for (let round = 0; round < 5; round += 1) {
      expect(idsOf(searchNow(own.retriever, "parcels"))).toEqual(["b"]);
      expect(idsOf(searchNow(other.retriever, "parcels"))).toEqual(["x"]);
      await sleep(60);
    }
  });

  it("says how it searched: the baseline by its name, what failed with the reason", async () => {
    const told: RetrievalSearch[] = [];
    const search = async (block: object) => {
      const { retriever } = await load(block);
      await retriever.search({
        query: "parcels",
        topK: 2,
        tenant: null,
        signal,
        onSearch: (one) => told.push(one),
      });
    };
    await search({ method: "hybrid", rerank: { kind: "features" } });
    await search({ top_k: 3 });
    let width = 3;
    const vector = () => Array.from({ length: width }, () => 1);
    const server = await serve((body) => ({
      body: { data: (body.input as string[]).map(() => ({ embedding: vector() })) },
    }));
    const embeddings = { provider: "openai", name: "m", base_url: server.url };
    const { retriever } = await load({ embeddings, on_failure: "degrade" });
    width = 4;
    const request = { query: "nothing known", topK: 2, tenant: null, signal };
    expect(await retriever.search({ ...request, onSearch: (one) => told.push(one) })).toEqual([]);
    const strict = await load({ embeddings });
    width = 5;
    await expect(strict.retriever.search(request)).rejects.toThrow(
      'model "m" gave a query 5 numbers; the index holds vectors of 4',
    );
    await server.close();
    expect(told).toEqual([
      {
        queries: ["parcels"],
        methods: ["bm25", "vectors"],
        embeddings: "hashed-ngram",
        reranker: "features",
        degraded: [],
      },
      {
        queries: ["nothing known"],
        methods: ["bm25"],
        embeddings: null,
        reranker: null,
        degraded: [{ step: "vectors", reason: expect.stringContaining("gave a query 4 numbers") }],
      },
    ]);
  });

  it("searches by an endpoint's vectors, in memory and on disk, and degrades when told to", async () => {
    let isUp = true;
    const vectorOf = (text: string) => [
      text.includes("Parcels") || text.includes("query: ship") ? 1 : 0,
      0.2,
    ];
    const server = await serve((body) =>
      isUp
        ? { body: { data: (body.input as string[]).map((text) => ({ embedding: vectorOf(text) })) } }
        : { status: 400 },
    );
    const embeddings = {
      provider: "openai",
      name: "m",
      base_url: server.url,
      query_prefix: "query: ",
      api_key_env: "KEY",
    };
    const search = async ({ retriever }: LoadedRetrieval): Promise<readonly Passage[]> =>
      retriever.search({ query: "shipment", topK: 2, tenant: null, signal });
    for (const more of [{}, { index: { name: "vectors" } }]) {
      isUp = true;
      const one = await load({ embeddings, on_failure: "degrade", ...more }, { KEY: "sk-1" });
      const [found] = await search(one);
      expect(found).toMatchObject({ documentId: "b", ranks: { bm25: null, vectors: 1 } });
      expect(found?.scores?.similarity).toBe(1);
      isUp = false;
      expect(await search(one)).toEqual([]);
      const [lexical] = await one.retriever.search({ query: "parcels", topK: 2, tenant: null, signal });
      expect(lexical).toMatchObject({ documentId: "b", degraded: ["vectors"] });
    }
    expect(new Set(server.requests.map(({ headers }) => headers.authorization))).toEqual(
      new Set(["Bearer sk-1"]),
    );
    await server.close();
    await expect(load({ embeddings })).rejects.toThrow("in the environment variable KEY, found none");
  });

  it("starts without vectors when their endpoint is down, if told to, and says so with each search", async () => {
    const server = await serve(() => ({ status: 503 }));
    const embeddings = { provider: "openai", name: "m", base_url: server.url, max_retries: 0 };
    await expect(load({ embeddings })).rejects.toThrow('embeddings model "m" at 127.0.0.1');
    for (const more of [{}, { method: "vectors" }, { index: { name: "down" } }]) {
      const { retriever } = await load({ embeddings, on_failure: "degrade", ...more });
      const told: RetrievalSearch[] = [];
      const [found] = await retriever.search({
        query: "parcels",
        topK: 2,
        tenant: null,
        signal,
        onSearch: (one) => told.push(one),
      });
      expect(found?.documentId).toBe("b");
      expect(told).toMatchObject([
        {
          methods: ["bm25"],
          embeddings: null,
          degraded: [{ step: "vectors", reason: expect.stringContaining("answered HTTP 503") }],
        },
      ]);
    }
    await server.close();
  });

  it("reads a weights file, and says which one is missing", async () => {
    await expect(load({ rerank: { kind: "features", weights: "none.json" } })).rejects.toThrow(
      "agents/a.yaml retrieval.rerank.weights: none.json cannot be read",
    );
    writeFileSync(join(folder, "bad.json"), "{}");
    await expect(load({ rerank: { kind: "features", weights: "bad.json" } })).rejects.toThrow(
      "bad.json schema",
    );
  });

  it("gives grounding its threshold by the number of methods", async () => {
    const thresholdOf = async (block: object) => (await load(block)).grounding?.threshold;
    expect(await thresholdOf({ grounding: {} })).toBe(0.45);
    expect(await thresholdOf({ grounding: {}, method: "hybrid" })).toBe(0.6);
    expect(await thresholdOf({ grounding: { threshold: 0.3 } })).toBe(0.3);
  });
});

describe("the retrieval block", () => {
  it.each([
    ["  documents: d\n  method: hybird", /a\.yaml:6 `retrieval\.method`.*did you mean `hybrid`/],
    [
      "  documents: d\n  top_k: 3\n  chunk_overlap_words: 61",
      /a\.yaml:7 `retrieval\.chunk_overlap_words` wants at most half/,
    ],
    ["  documents: d\n  embeddings: { provider: openai }", /a\.yaml:6 `retrieval\.embeddings` wants `name`/],
    [
      "  documents: d\n  rerank: { kind: endpoint, name: m }",
      /a\.yaml:6 `retrieval\.rerank` wants `name` and `base_url`/,
    ],
    [
      "  documents: d\n  method: bm25\n  embeddings: {}",
      /a\.yaml:7 `retrieval\.embeddings` means nothing with method bm25/,
    ],
    ["  documents: d\n  grounding: { similarity: { low: 0.5, high: 0.5 } }", /wants `low` below `high`/],
    ["  documents: d\n  index: { name: ../x }", /a\.yaml:6 `retrieval\.index\.name` wants lower-case/],
    [
      "  documents: d\n  mmr: { lambda: 2 }",
      /a\.yaml:6 `retrieval\.mmr\.lambda`: expected at most 1, found number 2/,
    ],
    ["  documents: d\n  embeddings: { api_key_env: sk-123 }", /wants the name of a variable/],
  ])("%s", (block, message) => {
    expect(problemsOf(block)).toMatch(message);
  });
});
