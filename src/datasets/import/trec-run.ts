import { DatasetError } from "../../core/errors.js";
import type { RetrievedChunk } from "../../core/events.js";
import { compareRetrieved } from "../../stats/retrieval-metrics.js";
import { ProblemList } from "./problem-list.js";
import { eachLineOfFields } from "./trec-lines.js";

const FIELDS = 6;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A run as trec_eval sees it. */
interface TrecRun {
  /** Documents by query, best first: score descending, ties by document id descending in bytes. */
  readonly retrieved: ReadonlyMap<string, readonly RetrievedChunk[]>;
  /** Tags of the run, in the order of their first lines. */
  readonly tags: readonly string[];
  /** Queries left out because nothing is judged for them. */
  readonly unjudged: number;
  /** SHA-256 of the file's bytes. */
  readonly contentHash: string;
}

interface QueryLines {
  readonly chunks: RetrievedChunk[];
  /** Line of each chunk. */
  readonly lines: number[];
}

/**
 * Reads a run of TREC: lines `query Q0 document rank score tag`. The order of lines and the rank are ignored, as
 * trec_eval does.
 *
 * @param isJudged - whether a query is to be kept
 * @throws {DatasetError} with every problem of the file at once
 */
export async function readTrecRun(path: string, isJudged: (query: string) => boolean): Promise<TrecRun> {
  const problems = new ProblemList(path);
  const queries = new Map<string, QueryLines | null>();
  const tags = new Set<string>();
  let isFirst = true;
  let query: string | undefined;
  let current: QueryLines | null = null;
  const contentHash = await eachLineOfFields(path, (fields, line) => {
    if (fields.length < FIELDS) {
      const message = tooFewFields(fields.length);
      if (isFirst) throw new DatasetError([{ file: path, line, message }]);
      problems.add(line, message);
      return;
    }
    isFirst = false;
    const score = scoreOf(fields[4] as string);
    if (score === null) {
      problems.add(line, `expected a finite score in field 5, found ${JSON.stringify(fields[4])}`);
      return;
    }
    if (fields[0] !== query) {
      query = fields[0] as string;
      current = entryOf(queries, query, isJudged);
    }
    tags.add(fields[5] as string);
    if (current === null) return;
    current.chunks.push(chunkOf(fields[2] as string, score));
    current.lines.push(line);
  });
  if (isFirst) problems.add(undefined, "is empty; expected lines `query Q0 document rank score tag`");
  const retrieved = new Map<string, readonly RetrievedChunk[]>();
  for (const [id, found] of queries) {
    if (found === null) continue;
    refuseRepeats(id, found, problems);
    found.chunks.sort((a, b) => compareRetrieved(a.documentId, a.score, b.documentId, b.score));
    retrieved.set(id, found.chunks);
  }
  problems.throwIfAny();
  return { retrieved, tags: [...tags], unjudged: queries.size - retrieved.size, contentHash };
}

function tooFewFields(found: number): string {
  const hint = found === 3 || found === 4 ? "; is it a line of judgements?" : "";
  return `expected \`query Q0 document rank score tag\`, found ${found} fields${hint}`;
}

/** A finite number in decimal or scientific notation, else `null`. */
function scoreOf(text: string): number | null {
  if (!NUMBER.test(text)) return null;
  const score = Number(text);
  return Number.isFinite(score) ? score : null;
}

function chunkOf(documentId: string, score: number): RetrievedChunk {
  return { documentId, score };
}

function entryOf(
  queries: Map<string, QueryLines | null>,
  query: string,
  isJudged: (query: string) => boolean,
): QueryLines | null {
  let entry = queries.get(query);
  if (entry === undefined) {
    entry = isJudged(query) ? { chunks: [], lines: [] } : null;
    queries.set(query, entry);
  }
  return entry;
}

function refuseRepeats(query: string, { chunks, lines }: QueryLines, problems: ProblemList): void {
  const firstLines = new Map<string, number>();
  chunks.forEach(({ documentId }, index) => {
    const line = lines[index] as number;
    const first = firstLines.get(documentId);
    if (first === undefined) firstLines.set(documentId, line);
    else
      problems.add(
        line,
        `expected each document once a query, found ${JSON.stringify(documentId)} of ${JSON.stringify(query)} again; also on line ${first}`,
      );
  });
}
