import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { retrievalSchema } from "../src/config/agent/retrieval-schema.js";
import { systemClock } from "../src/core/clock.js";
import { loadRetrieval } from "../src/runtime/retrieval/load-retrieval.js";
import { SeededRandom } from "../src/stats/random.js";

const PERIOD_MS = 250;
const BEFORE_QUERIES = 120;
const WORDS = 30_000;
/** Searches leave stop words out, so queries are without the commonest words. */
const QUERY_RANK = 100;

/**
 * Searches at a steady rate before and while an index of many documents is rebuilt and swapped, and prints failures and
 * p95 of both as JSON. A search counts from the moment at which it was due, so that a blocked event loop shows.
 */
const [count = "100000", dimensions = "256"] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "agentctl-bench-index-"));
const seeded = new SeededRandom(7);
const random = () => seeded.nextUnit();

/** Roughly Zipf: few words are in many documents, most in few. */
function word(lowestRank: number): string {
  const rank = Math.floor(lowestRank * (WORDS / lowestRank) ** random());
  return `w${rank.toString(36)}`;
}

function words(amount: number, lowestRank = 1): string {
  return Array.from({ length: amount }, () => word(lowestRank)).join(" ");
}

function writeDocuments(amount: number): string {
  const documents = join(folder, "documents");
  for (let index = 0; index < amount; index += 1) {
    const part = join(documents, String(Math.floor(index / 1000)));
    if (index % 1000 === 0) mkdirSync(part, { recursive: true });
    const text = `---\nid: d${index}\ntitle: ${words(4)}\n---\n## ${words(3)}\n\n${words(60)}\n`;
    writeFileSync(join(part, `d${index}.md`), text);
  }
  return documents;
}

interface Load {
  readonly latencies: number[];
  failures: number;
}

async function load(search: () => unknown, goesOn: (queries: number) => boolean): Promise<Load> {
  const result: Load = { latencies: [], failures: 0 };
  const started = performance.now();
  for (let query = 0; goesOn(query); query += 1) {
    const due = started + query * PERIOD_MS;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    try {
      const found = await search();
      if (!Array.isArray(found) || found.length === 0) result.failures += 1;
    } catch {
      result.failures += 1;
    }
    result.latencies.push(performance.now() - due);
  }
  return result;
}

function p95({ latencies }: Load): number {
  const sorted = [...latencies].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
}

try {
  const documents = writeDocuments(Number(count));
  const signal = new AbortController().signal;
  const config = retrievalSchema.parse({
    documents,
    method: "hybrid",
    embeddings: { dimensions: Number(dimensions) },
    index: { name: "bench" },
  });
  const { retriever, disk, close } = await loadRetrieval(
    { ...config, index: { name: "bench", duty: 1 } },
    { folder, file: "bench", indexRoot: join(folder, "index"), env: {}, clock: systemClock, random, signal },
  );
  const search = () => retriever.search({ query: words(8, QUERY_RANK), topK: 5, tenant: null, signal });
  await load(search, (queries) => queries < 10);
  const before = await load(search, (queries) => queries < BEFORE_QUERIES);
  let isBuilding = true;
  const started = performance.now();
  const rebuilt = disk?.index
    .rebuild({ kind: "folder", folder: documents, label: "documents", tenantFolders: false })
    .finally(() => {
      isBuilding = false;
    });
  const during = await load(search, () => isBuilding);
  const result = await rebuilt;
  await close();
  process.stdout.write(
    JSON.stringify({
      documents: Number(count),
      outcome: result?.outcome,
      rebuildMs: Math.round(performance.now() - started),
      queriesBefore: before.latencies.length,
      queriesDuring: during.latencies.length,
      failures: before.failures + during.failures,
      p95BeforeMs: p95(before),
      p95DuringMs: p95(during),
      maxDuringMs: Math.max(...during.latencies),
    }),
  );
} finally {
  rmSync(folder, { recursive: true });
}
