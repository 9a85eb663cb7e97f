import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ModelReply } from "../../core/message.js";
import { nearestRows } from "./index/vector-scan.js";
import { conversationRewriter } from "./query/conversation-rewriter.js";
import { modelRewriter } from "./query/model-rewriter.js";
import { diversify } from "./ranking/diversify.js";
import { featureReranker } from "./ranking/feature-reranker.js";
import { fuseRankings } from "./ranking/fusion.js";
import { DEFAULT_RANKER, parseRankerFile } from "./ranking/ranker-file.js";
import { document, idsOf, retrieverOf, searchNow, signal } from "./testing/make-retriever.js";

describe("fuseRankings", () => {
  it("adds 1 / (k + rank), a key once for each ranking", () => {
    const fused = fuseRankings(
      [
        ["a", "b", "a"],
        ["b", "c"],
      ],
      60,
    );
    expect([...fused]).toEqual([
      ["b", 1 / 62 + 1 / 61],
      ["a", 1 / 61],
      ["c", 1 / 62],
    ]);
  });
});

describe("nearestRows", () => {
  it("finds what sorting all cosines finds, in the ranges alone", () => {
    const rows = fc.array(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 5, maxLength: 5 }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(
        rows,
        fc.nat(30),
        fc.nat(30),
        fc.integer({ min: 1, max: 8 }),
        (vectors, from, length, most) => {
          const matrix = Float32Array.from(vectors.flat());
          const query = Float32Array.from([1, -2, 3, 0, 1]);
          const range = {
            start: Math.min(from, vectors.length),
            end: Math.min(from + length, vectors.length),
          };
          const expected = vectors
            .map((vector, row) => ({
              row,
              score: vector.reduce((sum, value, at) => sum + value * query[at]!, 0),
            }))
            .filter(({ row, score }) => row >= range.start && row < range.end && score > 0 && row % 3 !== 0)
            .sort((a, b) => b.score - a.score || a.row - b.row)
            .slice(0, most);
          expect(nearestRows(matrix, query, [range], most, (row) => row % 3 !== 0)).toEqual(expected);
        },
      ),
    );
  });
});

describe("diversify", () => {
  it("keeps the order with λ = 1 and avoids twins below", () => {
    const items = ["a1", "a2", "b"];
    const options = {
      relevance: (item: string) => 1 - items.indexOf(item) / 10,
      likeness: (a: string, b: string) => (a[0] === b[0] ? 1 : 0),
      most: 3,
    };
    expect(diversify(items, { ...options, lambda: 1 })).toEqual(["a1", "a2", "b"]);
    expect(diversify(items, { ...options, lambda: 0.5 })).toEqual(["a1", "b", "a2"]);
    expect(diversify(items, { ...options, lambda: 0.5, most: 1 })).toEqual(["a1"]);
  });
});

describe("hybrid search", () => {
  const documents = [
    document("warranty", "A battery replacement is covered by the warranty for two years."),
    document("compound", "Batteriewechsel und Garantieverlängerung: was abgedeckt ist."),
    document("delivery", "Parcels are delivered within five working days."),
    document("billing", "Invoices are sent on the first of the month."),
  ];

  it("finds misspelt and compound words that BM25 misses", async () => {
    const bm25 = await retrieverOf(documents, { method: "bm25" });
    const hybrid = await retrieverOf(documents, { method: "hybrid" });
    for (const [query, id] of [
      ["baterry warrenty", "warranty"],
      ["Garantie", "compound"],
      ["delivry parcles", "delivery"],
    ] as const) {
      expect(idsOf(searchNow(bm25, query))).not.toContain(id);
      expect(idsOf(searchNow(hybrid, query))[0]).toBe(id);
    }
  });

  it("says what each method found", async () => {
    const [first] = searchNow(await retrieverOf(documents, { method: "hybrid" }), "battery warranty");
    expect(first).toMatchObject({ documentId: "warranty", ranks: { bm25: 1, vectors: 1 } });
    expect(first?.scores?.fused).toBeCloseTo(2 / 61, 12);
    expect(first?.score).toBe(first?.scores?.fused);
    expect(first?.scores?.similarity).toBeGreaterThan(0.5);
  });

  it("has no answer for a query without a word, and refuses a bad topK", async () => {
    const retriever = await retrieverOf(documents, { method: "hybrid" });
    expect(searchNow(retriever, "…!?")).toEqual([]);
    for (const topK of [0, -1, 1.5, Number.NaN]) {
      expect(() => searchNow(retriever, "battery", { topK })).toThrow(RangeError);
    }
  });

  it("has another hash for another setting, and the same for the same", async () => {
    const hashOf = async (block: object) => (await retrieverOf(documents, block)).hash;
    const hashes = await Promise.all(
      [{}, { method: "hybrid" }, { rrf_k: 10 }, { mmr: {} }, { candidates: 9 }].map((block) => hashOf(block)),
    );
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(await hashOf({ method: "hybrid" })).toBe(hashes[1]);
  });
});

describe("rewriting", () => {
  const rewriter = conversationRewriter({
    shortWords: 2,
    mostCarried: 4,
    synonyms: new Map([
      ["2fa", ["two-factor authentication"]],
      ["c++", ["cpp"]],
    ]),
  });
  const history = [
    { role: "user" as const, content: "Is shipping to Norway free?" },
    { role: "assistant" as const, content: "Above 50 euros." },
    { role: "user" as const, content: "And the weather station?" },
  ];
  const rewritten = (query: string, said = history) => {
    const result = rewriter.rewrite({ query, history: said });
    return result instanceof Promise ? null : result.query;
  };

  it.each([
    [
      "How long does it take to arrive by lorry?",
      "How long does it take to arrive by lorry? weather station shipping Norway",
    ],
    ["how long?", "how long? weather station shipping Norway"],
    ["Which payment methods do you accept in Norway?", "Which payment methods do you accept in Norway?"],
    [
      "Please switch off my 2FA for payment methods",
      "Please switch off my 2FA for payment methods two-factor authentication",
    ],
    ["12fa payment methods accepted", "12fa payment methods accepted"],
  ])("%s", (query, expected) => {
    expect(rewritten(query)).toBe(expected);
  });

  it("takes phrases of the configuration as words, never as patterns", () => {
    expect(rewritten("compile my c++ program today please", [])).toBe(
      "compile my c++ program today please cpp",
    );
  });

  it("lets a follow-up find its document", async () => {
    const documents = [
      document("norway", "Shipping to Norway takes nine days."),
      document("spain", "Spain: it takes how long it takes, usually three days."),
    ];
    const request = { history: [{ role: "user" as const, content: "Do you ship to Norway?" }] };
    const query = "How long does it take?";
    expect(idsOf(searchNow(await retrieverOf(documents, {}, { rewriter }), query, request))[0]).toBe(
      "norway",
    );
    expect(idsOf(searchNow(await retrieverOf(documents), query, request))[0]).not.toBe("norway");
  });

  it("asks the model once, searches the message as well, and falls back on it", async () => {
    const documents = [
      document("norway", "Shipping to Norway takes nine days."),
      document("other", "Nothing else here."),
    ];
    const retriever = await retrieverOf(documents, {}, { rewriter: modelRewriter() });
    const replies = ["shipping time Norway\nand more", "", "nothing else"];
    const asked: string[] = [];
    const call = async ({
      messages,
    }: {
      readonly messages: readonly { readonly content: string | null }[];
    }) => {
      asked.push(messages.map(({ content }) => content).join("\n"));
      const reply = {
        text: replies[asked.length - 1] ?? "",
        toolCalls: [],
        finishReason: "stop",
        usage: null,
        costUsd: null,
      };
      return reply as unknown as ModelReply;
    };
    const search = (said = history) =>
      Promise.resolve(
        retriever.search({ query: "how long?", topK: 3, tenant: null, history: said, call, signal }),
      );
    expect(idsOf(await search())).toEqual(["norway"]);
    expect(asked[0]).toContain("user (last): how long?");
    expect(await search()).toEqual([]);
    expect(idsOf(await search())).toEqual(["other"]);
    await search([]);
    expect(asked).toHaveLength(3);
  });
});

describe("featureReranker", () => {
  const twin = (id: string, more = {}) => document(id, "refund rule", { title: "rule", ...more });
  const rerank = (ranker: object, documents = [twin("a"), twin("b")]) =>
    retrieverOf(
      documents,
      { rerank: { kind: "features" } },
      {
        reranker: featureReranker(
          parseRankerFile(JSON.stringify({ ...DEFAULT_RANKER, ...ranker }), "ranker.json"),
        ),
      },
    );

  it.each<[string, object, object]>([
    ["recency", { updated: "2020-01-01" }, { updated: "2026-01-01" }],
    ["safety", { trust: 0.2 }, { trust: 1 }],
    ["segment", { segment: "consumer" }, { segment: "enterprise" }],
  ])("prefers by %s among equals", async (_, worse, better) => {
    const documents = [twin("a", worse), twin("b", better)];
    const retriever = await rerank({}, documents);
    expect(idsOf(searchNow(retriever, "refund rule", { segments: ["enterprise"] }))).toEqual(["b", "a"]);
  });

  it("prefers what helped before, by document id, whatever the id", async () => {
    expect(idsOf(searchNow(await rerank({ usefulness: { b: 0.9 } }), "refund"))).toEqual(["b", "a"]);
    expect(idsOf(searchNow(await rerank({ usefulness: { constructor: 0.9 } }), "refund"))).toEqual([
      "a",
      "b",
    ]);
  });

  it("refuses a weights file with every problem", () => {
    expect(() => parseRankerFile("{", "r.json")).toThrow("r.json is not JSON");
    expect(() => parseRankerFile('{"schema":"agentctl/ranker","version":2,"weights":{}}', "r.json")).toThrow(
      /version[\s\S]*weights\.similarity[\s\S]*weights\.length/,
    );
  });
});
