import { readFileSync } from "node:fs";
import type { KnowledgeDocument } from "../src/runtime/retrieval/documents/documents.js";
import { readDocuments } from "../src/runtime/retrieval/documents/documents.js";
import { assessGrounding, DEFAULT_GROUNDING_THRESHOLDS } from "../src/runtime/retrieval/grounding.js";
import { type BankingKb, bankingKb, qualityOf, WAYS } from "../src/runtime/retrieval/testing/banking-kb.js";
import { indexOf, retrieverOver, searchNow } from "../src/runtime/retrieval/testing/make-retriever.js";

/** Questions about documents, and whether these answer them. */
interface Group {
  readonly questions: string;
  readonly answerable: boolean;
  readonly asked: readonly { readonly text: string; readonly of: readonly KnowledgeDocument[] }[];
}

const handbook = readDocuments("datasets/handbook");
const kb = bankingKb();
const TOP_K = 5;
/** Thresholds that are tried beside the defaults. */
const LIMITS = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7];
const known = new Map<readonly KnowledgeDocument[], ReturnType<typeof indexOf>>();
const METHODS = {
  hybrid: DEFAULT_GROUNDING_THRESHOLDS.severalMethods,
  bm25: DEFAULT_GROUNDING_THRESHOLDS.oneMethod,
};

/** How well banking-kb is searched, and how often grounding is wrong, as docs/retrieval.md tells; JSON. */
const index = await indexOf(kb.documents, WAYS.reranked);
const quality = Object.fromEntries(
  (Object.keys(WAYS) as (keyof typeof WAYS)[]).map((way) => [way, qualityOf(way, index, kb)]),
);
const grounding = [];
const sweep: Record<string, Record<string, number>> = { hybrid: {}, bm25: {} };
for (const { questions, answerable, asked } of groupsOf(kb)) {
  const wrong: Record<string, number> = {};
  for (const [method, threshold] of Object.entries(METHODS)) {
    const confidences = await Promise.all(asked.map(({ text, of }) => confidenceOf(text, of, method)));
    const wrongAt = (limit: number) =>
      confidences.filter((confidence) => confidence >= limit !== answerable).length;
    wrong[method] = wrongAt(threshold);
    for (const limit of LIMITS) {
      const sums = sweep[method] ?? {};
      sums[limit] = (sums[limit] ?? 0) + wrongAt(limit);
    }
  }
  grounding.push({ questions, answerable, asked: asked.length, wrong });
}
process.stdout.write(`${JSON.stringify({ quality, grounding, wrongByThreshold: sweep }, null, 1)}\n`);

function groupsOf({ documents, queries, qrels }: BankingKb): Group[] {
  const starter = readFileSync("datasets/starter.jsonl", "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { input: unknown; tags?: string[]; expect?: { sources?: string[] } });
  const withSources = starter.filter(({ expect }) => (expect?.sources ?? []).length > 0);
  const unanswerable = starter.filter(({ tags }) => tags?.includes("unanswerable") === true);
  const titled = documents.filter((_, at) => at % 7 === 0).slice(0, 100);
  const of = (questions: readonly unknown[], held: readonly KnowledgeDocument[]) =>
    questions.flatMap((text) => (typeof text === "string" ? [{ text, of: held }] : []));
  const inputs = (cases: typeof starter) => cases.map(({ input }) => input);
  const titles = titled.map(({ title }) => title);
  const scenarios = queries.map(({ text }) => text);
  const group = (questions: string, answerable: boolean, asked: Group["asked"]) => ({
    questions,
    answerable,
    asked,
  });
  return [
    group("starter cases with sources, on the handbook", true, of(inputs(withSources), handbook)),
    group("titles of banking-kb on banking-kb", true, of(titles, documents)),
    group("scenarios of banking-kb on banking-kb", true, of(scenarios, documents)),
    group("starter cases tagged unanswerable, on the handbook", false, of(inputs(unanswerable), handbook)),
    group("titles of banking-kb on the handbook", false, of(titles, handbook)),
    group("starter cases with sources, on banking-kb", false, of(inputs(withSources), documents)),
    group("scenarios of banking-kb on the handbook", false, of(scenarios, handbook)),
    group(
      "scenarios without the documents that they need",
      false,
      queries
        .filter((_, at) => at % 6 === 0)
        .map(({ id, text }) => ({ text, of: documents.filter((one) => (qrels[id]?.[one.id] ?? 0) < 1) })),
    ),
    group(
      "titles whose document was removed",
      false,
      titled
        .filter((_, at) => at % 8 === 0)
        .map((gone) => ({ text: gone.title, of: documents.filter((one) => one !== gone) })),
    ),
  ];
}

async function confidenceOf(text: string, of: readonly KnowledgeDocument[], method: string): Promise<number> {
  const building = known.get(of) ?? indexOf(of, { method: "hybrid" });
  known.set(of, building);
  const passages = searchNow(retrieverOver(await building, { method }), text, { topK: TOP_K });
  return assessGrounding(passages, 0).confidence;
}
