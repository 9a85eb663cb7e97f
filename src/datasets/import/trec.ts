import { DatasetError } from "../../core/errors.js";
import { NOTHING_EXPECTED } from "../../core/golden-case.js";
import { listNames } from "../../core/nearest.js";
import type { CaseContent } from "../case-hash.js";
import { gradedSources } from "../normalise-case.js";
import type { ImportedRun, ImportedTrial } from "./imported-run.js";
import { type Qrels, readQrels } from "./trec-qrels.js";
import { readQueryTexts } from "./trec-queries.js";
import { readTrecRun } from "./trec-run.js";

/** Ranking metrics only: a run of TREC holds no texts. */
const METRICS = [
  "retrieval.hit_rate",
  "retrieval.context_precision",
  "retrieval.mrr",
  "retrieval.*_at_*",
  "retrieval.precision",
  "retrieval.recall",
  "retrieval.map",
  "retrieval.r_precision",
  "retrieval.ndcg",
];
const NAMES_SHOWN = 5;

/**
 * A run of TREC and its judgements as a run: a case for each query of the judgements, in their order, and a trial with
 * one retrieval. As in `trec_eval -c` a query without results has an empty retrieval and scores 0, a query without a
 * relevant document scores 0, and a query that nothing is judged for is left out; notes say how many there are.
 *
 * @param path - the run; messages repeat it
 * @param files.queries - texts of the queries; `null`: a query's text is its id
 * @throws {DatasetError} with every problem of a file at once, or when the files have no query in common
 */
export async function readTrecResults(
  path: string,
  files: { readonly qrels: string; readonly queries: string | null },
): Promise<ImportedRun> {
  const qrels = await readQrels(files.qrels);
  const texts = files.queries === null ? new Map<string, string>() : await readQueryTexts(files.queries);
  const run = await readTrecRun(path, (query) => qrels.has(query));
  if (run.retrieved.size === 0) {
    const message = `has no query that ${files.qrels} judges: is it the run of another query set?`;
    throw new DatasetError([{ file: path, message }]);
  }
  const cases = casesOf(qrels, texts);
  const ids = [...qrels.keys()];
  const without = {
    results: ids.filter((id) => !run.retrieved.has(id)),
    relevant: cases.filter((one) => one.expect.sources.length === 0).map((one) => one.id),
    text: files.queries === null ? [] : ids.filter((id) => !texts.has(id)),
  };
  return {
    cases,
    trials: cases.map(
      ({ id, input }): ImportedTrial => ({
        caseId: id,
        trial: 0,
        error: null,
        stopReason: "answered",
        startedAt: null,
        durationMs: null,
        steps: [
          {
            kind: "retrieval",
            query: input.kind === "text" ? input.text : id,
            chunks: run.retrieved.get(id) ?? [],
          },
        ],
        reward: null,
        scores: {},
      }),
    ),
    agentName: run.tags.at(-1) ?? null,
    model: null,
    userModel: null,
    metrics: METRICS,
    // Nothing was answered: a citation accuracy of 0 would be a number about nothing.
    withoutDefaultMetrics: true,
    scoreFacts: [],
    notes: [
      ...note(
        without.results,
        "judged query has no results and scores 0",
        "judged queries have no results and score 0",
      ),
      ...note(
        without.relevant,
        "judged query has no relevant document and scores 0",
        "judged queries have no relevant document and score 0",
      ),
      ...leftOutNote(run.unjudged),
      ...note(without.text, "query has no text and shows its id", "queries have no text and show their ids"),
      ...(run.tags.length > 1
        ? [`the run holds several tags, and is named by the last: ${listNames(run.tags, NAMES_SHOWN)}`]
        : []),
    ],
    contentHash: run.contentHash,
  };
}

function note(ids: readonly string[], one: string, many: string): readonly string[] {
  if (ids.length === 0) return [];
  return [`${ids.length} ${ids.length === 1 ? one : many}: ${listNames(ids, NAMES_SHOWN)}`];
}

function leftOutNote(count: number): readonly string[] {
  if (count === 0) return [];
  const what = count === 1 ? "query of the run was left out" : "queries of the run were left out";
  return [`${count} ${what}: nothing is judged for ${count === 1 ? "it" : "them"}`];
}

function casesOf(qrels: Qrels, texts: ReadonlyMap<string, string>): readonly CaseContent[] {
  return Array.from(qrels, ([id, grades]) => ({
    id,
    input: { kind: "text", text: texts.get(id) ?? id },
    expect: { ...NOTHING_EXPECTED, ...gradedSources(Object.fromEntries(grades)) },
    environment: null,
    risk: null,
    tags: ["imported"],
    group: id,
    split: "dev",
    review: null,
  }));
}
