import { readFileSync } from "node:fs";
import { retrievalMetrics } from "../src/stats/retrieval-metrics.js";
import { chunkDocument } from "../src/runtime/retrieval/chunk.js";
import { buildRetriever } from "../src/runtime/retrieval/bm25-index.js";
import { ngramFeatures } from "../src/runtime/retrieval/ngram-features.js";
import { DocumentFrequencies } from "../src/runtime/retrieval/term-weights.js";
import { vectorOf } from "../src/runtime/retrieval/hashed-ngram.js";
import { nearestRows } from "../src/runtime/retrieval/vector-scan.js";
import { fuseRankings } from "../src/runtime/retrieval/fusion.js";
const D = "/work/shared/data/banking-kb/";
const lines = (f: string) => readFileSync(D + f, "utf8").split("\n").filter(Boolean).map((l) => JSON.parse(l));
const docs = lines("documents.jsonl").map((d) => ({ id: d.id, title: d.title, body: d.text, updated: "", status: "current" as const, supersededBy: null }));
const queries = lines("queries.jsonl");
const qrels: Record<string, Record<string, number>> = {};
for (const l of readFileSync(D + "qrels.tsv", "utf8").split("\n").slice(1).filter(Boolean)) { const p = l.split(/\s+/); if (p.length<4) {(qrels[p[0]!] ??= {})[p[1]!] = Number(p[2]);} else (qrels[p[0]!] ??= {})[p[2]!] = Number(p[3]); }
for (const chunkWords of [120, 250]) {
  const bm = buildRetriever(docs, { chunkWords });
  const chunks = docs.flatMap((d) => chunkDocument(d, chunkWords));
  const text = chunks.map((c) => `${c.title}\n${c.headings.join(" > ")}\n${c.text}`);
  const df = new DocumentFrequencies(); const feats = text.map(ngramFeatures); feats.forEach((f) => df.add(f)); const w = df.weights();
  const uniq = (ids: string[]) => [...new Set(ids)].slice(0, 100);
  const bmRank = Object.fromEntries(queries.map((q) => [q.id, uniq(bm.search(q.text, 400).map((p) => p.documentId))]));
  const toRun = (r: Record<string, string[]>) => Object.fromEntries(Object.entries(r).map(([q, ids]) => [q, Object.fromEntries(ids.map((id, i) => [id, 1000 - i]))]));
  const show = (n: string, r: Record<string, string[]>) => { const m = retrievalMetrics(qrels, toRun(r), { cutoffs: [1, 5, 10, 100] }).mean!; console.log(chunkWords, n, "ndcg10", m.ndcg_cut_10!.toFixed(4), "hit1", m.success_1!.toFixed(3), "hit5", m.success_5!.toFixed(3), "r10", m.recall_10!.toFixed(4), "r100", m.recall_100!.toFixed(4)); };
  show("bm25", bmRank);
  for (const dims of [256, 512, 1024, 4096]) {
    const M = new Float32Array(chunks.length * dims); feats.forEach((f, i) => M.set(vectorOf(f, w, dims), i * dims));
    const vr = Object.fromEntries(queries.map((q) => { const v = vectorOf(ngramFeatures(q.text), w, dims); return [q.id, uniq(nearestRows(M, v, [{ start: 0, end: chunks.length }], 400, () => true).map((h) => chunks[h.row]!.documentId))]; }));
    show("vec" + dims, vr);
    show("rrf" + dims, Object.fromEntries(queries.map((q) => [q.id, [...fuseRankings([bmRank[q.id]!, vr[q.id]!], 60).keys()].slice(0, 100)])));
  }
}
