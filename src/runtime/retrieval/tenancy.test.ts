import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError } from "../../core/errors.js";
import { parseDocuments, readDocuments } from "./documents/documents.js";
import { conversationRewriter } from "./query/conversation-rewriter.js";
import { endpointReranker } from "./ranking/endpoint-reranker.js";
import type { Reranker } from "./ranking/reranker.js";
import type { ContextRetriever, Passage } from "./retriever.js";
import { endpointAt, type Loopback, serve } from "./testing/loopback.js";
import { document, idsOf, retrieverOf, searchNow, signal } from "./testing/make-retriever.js";

const SECRET = "zanzibar";
const DOCUMENTS = [
  document("public", "Everybody may read of the shared refund rule."),
  document("acme-plan", `The secret plan of acme is ${SECRET} and a refund.`, { tenant: "acme" }),
  document("acme-user", `Only ann may read ${SECRET} in her refund letter.`, { tenant: "acme", user: "ann" }),
  document("globex-plan", "The secret plan of globex is honolulu and a refund.", { tenant: "globex" }),
  ...Array.from({ length: 5 }, (_, at) =>
    document(`big-${at}`, `Refund page ${at} of bigcorp.`, { tenant: "bigcorp" }),
  ),
];
/** Every way of searching, with `bigcorp` in a partition of its own. */
const BLOCKS = [
  { method: "bm25", tenancy: { dedicated_from: 3 } },
  { method: "vectors", tenancy: { dedicated_from: 3 } },
  { method: "hybrid", tenancy: { dedicated_from: 3 }, mmr: { lambda: 0.3 } },
  { method: "hybrid", tenancy: { dedicated_from: 1 } },
] as const;

/** Names that a caller might try in the hope of another tenant's documents; none of them is `acme`. */
const NAMES: readonly unknown[] = [
  null,
  "",
  "shared",
  "ACME",
  "Acme",
  " acme",
  "acme ",
  "acme\u0000",
  "\u0000acme",
  "acme%",
  "%",
  "_cme",
  "*",
  "acme*",
  "a[c]me",
  "acme' OR '1'='1",
  "' OR tenant = 'acme' --",
  '"acme"',
  "acme;DROP TABLE chunks",
  "@tenant",
  "аcme",
  "acme\u200b",
  "ａcme",
  "ac\u00adme",
  "acme\ud800",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "globex",
  "bigcorp",
  "acme,globex",
  "acme/globex",
  "../acme",
  "nosuchtenant",
  undefined,
  0,
  true,
  ["acme"],
  { name: "acme" },
  { toString: () => "acme" },
  { valueOf: () => "acme" },
  Object.create({ tenant: "acme" }),
  Symbol("acme"),
  Number.NaN,
];

/** Queries that speak FTS5, SQL, or ask for the document by name. */
const QUERIES = [
  SECRET,
  `"${SECRET}"`,
  `${SECRET} OR refund`,
  `text:${SECRET}`,
  `{title text}: ${SECRET}`,
  `${SECRET}*`,
  `^${SECRET}`,
  `NEAR(secret ${SECRET}, 5)`,
  `secret AND plan NOT globex`,
  `tenant:acme ${SECRET}`,
  "acme-plan",
  "[acme-plan]",
  "acme-plan#1",
  "secret plan of acme",
  `') UNION SELECT text FROM chunks --`,
  `x" OR rowid > 0 OR "`,
  "refund",
  "show me all documents of tenant acme, I am an administrator of acme",
];

/** The attempts counted over the whole file. */
let attempts = 0;

function expectNothingOf(passages: readonly Passage[], what: unknown): void {
  attempts += 1;
  const leaks = passages.filter(
    ({ documentId, text }) => documentId.startsWith("acme") || text.includes(SECRET),
  );
  expect(leaks, `asked as ${String(typeof what === "symbol" ? "symbol" : JSON.stringify(what))}`).toEqual([]);
}

describe.each(BLOCKS)("4,160 attempts of readers to read across tenants: 0 read, with $method", (block) => {
  let retriever: ContextRetriever;
  beforeAll(async () => {
    retriever = await retrieverOf(DOCUMENTS, { ...block, candidates: 100 });
  });

  it("finds nothing of acme under any other name, whatever the query", () => {
    for (const tenant of NAMES) {
      for (const query of QUERIES) {
        const search = () => searchNow(retriever, query, { tenant: tenant as string, topK: 50 });
        if (tenant === null || typeof tenant === "string") expectNothingOf(search(), tenant);
        else {
          // Whatever is no name at all is refused outright.
          attempts += 1;
          expect(search).toThrow(TypeError);
        }
      }
    }
  });

  it("finds its own and the shared documents: the filter is no empty answer", () => {
    const asAcme = idsOf(searchNow(retriever, `${SECRET} refund`, { tenant: "acme", topK: 50 }));
    expect([...asAcme].sort()).toEqual(["acme-plan", "public"]);
    const asBig = idsOf(searchNow(retriever, "refund page bigcorp", { tenant: "bigcorp", topK: 50 }));
    expect([...asBig].sort()).toEqual(["big-0", "big-1", "big-2", "big-3", "big-4", "public"]);
    expect(idsOf(searchNow(retriever, "refund", { tenant: null }))).toEqual(["public"]);
  });

  it("shows a user's documents to that user of that tenant alone", () => {
    const find = (tenant: string | null, user: string | null) =>
      idsOf(searchNow(retriever, "ann letter refund", { tenant, user, topK: 50 })).includes("acme-user");
    expect(find("acme", "ann")).toBe(true);
    for (const user of [null, "", "ANN", "ann ", "bob", "%", "__proto__"]) {
      attempts += 1;
      expect(find("acme", user)).toBe(false);
    }
    attempts += 2;
    expect(find("globex", "ann")).toBe(false);
    expect(find(null, "ann")).toBe(false);
  });

  it("finds nothing of acme under random names and queries", () => {
    const name = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(..."acmeACME%_*'\" ") }),
    );
    fc.assert(
      fc.property(name, fc.string(), (tenant, query) => {
        fc.pre(tenant !== "acme");
        expectNothingOf(searchNow(retriever, `${query} ${SECRET}`, { tenant, topK: 50 }), tenant);
      }),
      { numRuns: 200 },
    );
  });
});

describe("4,160 attempts, the parts that work on what was found: 0 read", () => {
  it("cannot be led across by a conversation or by synonyms", async () => {
    const rewriter = conversationRewriter({
      shortWords: 9,
      mostCarried: 20,
      synonyms: new Map([["plan", [SECRET, "tenant acme", "acme-plan"]]]),
    });
    const retriever = await retrieverOf(DOCUMENTS, { method: "hybrid" }, { rewriter });
    const history = [
      { role: "user" as const, content: `I am acme. tenant: acme. ${SECRET}` },
      { role: "assistant" as const, content: `Yes: ${SECRET} of acme-plan` },
    ];
    for (const tenant of [null, "globex"]) {
      expectNothingOf(searchNow(retriever, "and the plan of it?", { tenant, history, topK: 50 }), tenant);
    }
  });

  it("rerankers see the reader's candidates only, whatever they answer", async () => {
    const seen: string[] = [];
    const nosy: Reranker = {
      name: "nosy",
      identity: null,
      rerank: ({ candidates }) => {
        seen.push(...candidates.map(({ row }) => row.tenant));
        return [...candidates.map(() => 1), 99, 99, 99, 99];
      },
    };
    const retriever = await retrieverOf(DOCUMENTS, { method: "hybrid" }, { reranker: nosy });
    expectNothingOf(searchNow(retriever, `refund ${SECRET}`, { tenant: "globex", topK: 50 }), "globex");
    expect(new Set(seen)).toEqual(new Set(["shared", "globex"]));
  });

  it("a rerank endpoint cannot name what it was not sent", async () => {
    const server: Loopback = await serve((_, number) => ({
      body: {
        results: [{ index: [1, 7, 2 ** 31][number % 3], relevance_score: 1, document: { text: SECRET } }],
      },
    }));
    const retry = { maxRetries: 3, random: () => 0, sleep: async () => {} };
    const reranker = endpointReranker(endpointAt(`${server.url}/rerank`, { retry }), "cohere");
    const retriever = await retrieverOf(DOCUMENTS.slice(0, 4), { on_failure: "degrade" }, { reranker });
    for (let number = 0; number < 3; number += 1) {
      const request = { query: `refund ${SECRET}`, topK: 50, tenant: "globex", signal };
      expectNothingOf(await retriever.search(request), "globex");
    }
    expect(JSON.stringify(server.requests.map(({ body }) => body.documents))).not.toContain(SECRET);
    await server.close();
  });

  it("keeps no answer of one tenant for the next", async () => {
    const retriever = await retrieverOf(DOCUMENTS, { method: "hybrid" });
    for (let round = 0; round < 3; round += 1) {
      expect(idsOf(searchNow(retriever, SECRET, { tenant: "acme" }))).toContain("acme-plan");
      expectNothingOf(searchNow(retriever, SECRET, { tenant: "globex" }), "globex");
      expectNothingOf(searchNow(retriever, SECRET, { tenant: null }), null);
    }
  });

  it("gives a tenant's replacement of a shared document to that tenant alone", async () => {
    const documents = [
      document("rule-1", "The shared rule is thirty days.", { status: "superseded", supersededBy: "rule-2" }),
      document("rule-2", `The rule for acme is ${SECRET} days.`, { tenant: "acme" }),
    ];
    const retriever = await retrieverOf(documents, { method: "hybrid" });
    expect(idsOf(searchNow(retriever, "rule days", { tenant: "acme" }))).toEqual(["rule-2"]);
    expect(idsOf(searchNow(retriever, "rule days", { tenant: "globex" }))).toEqual(["rule-1"]);
  });
});

describe("tenants of documents", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "tenants-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
    // As the names of the suites say; a number that falls means that attempts were lost.
    expect(attempts).toBe(4160);
  });

  function write(path: string, head: string): void {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), `---\n${head}\n---\nText.\n`);
  }

  it("come from folders, with everybody's at the top and in shared", () => {
    write("top.md", "id: top\ntitle: Top");
    write("shared/all.md", "id: all\ntitle: All");
    write("acme/own.md", "id: own\ntitle: Own");
    write("acme/deep/er.md", "id: deeper\ntitle: Deeper\ntenant: acme");
    write("globex/own.md", "id: own\ntitle: Own");
    const tenants = readDocuments(folder, "docs", { tenantFolders: true }).map(({ id, tenant }) => [
      id,
      tenant,
    ]);
    expect(tenants).toEqual([
      ["deeper", "acme"],
      ["own", "acme"],
      ["own", "globex"],
      ["all", undefined],
      ["top", undefined],
    ]);
    write("globex/wrong.md", "id: wrong\ntitle: Wrong\ntenant: acme");
    expect(() => readDocuments(folder, "docs", { tenantFolders: true })).toThrow(
      'docs/globex/wrong.md:4 "tenant" is "acme", but the document lies in the folder of "globex"',
    );
  });

  it.each([
    "tenant:",
    'tenant: ""',
    "tenant: 5",
    "tenant: [acme]",
    "tenant: 'a b'",
    "tenant: '%'",
    "tenant: ../acme",
    "tenant: acme/../globex",
    'tenant: "acme\\0"',
    'tenant: "ac\\u00adme"',
    'tenant: "a\\u0301cme"',
    "tennant: acme",
  ])("refuses %s rather than making the document public", (line) => {
    const parse = () => parseDocuments([{ file: "a.md", text: `---\nid: a\ntitle: A\n${line}\n---\nText` }]);
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow("a.md:4");
  });

  it("lets two tenants use one id, but no tenant that of a shared document", () => {
    const source = (file: string, tenant: string) => ({
      file,
      text: `---\nid: same\ntitle: Same\n${tenant}---\nText`,
    });
    expect(parseDocuments([source("a.md", "tenant: a\n"), source("b.md", "tenant: b\n")])).toHaveLength(2);
    expect(() => parseDocuments([source("a.md", "tenant: a\n"), source("b.md", "")])).toThrow(
      '"same" is also in a.md',
    );
  });
});
