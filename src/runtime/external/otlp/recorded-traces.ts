import { readFile } from "node:fs/promises";
import { DatasetError } from "../../../core/errors.js";
import { ProblemList } from "../../../datasets/import/problem-list.js";
import { linesOf, whyRefused } from "../../../datasets/read-lines.js";
import { jsonSpans } from "./json-spans.js";
import { MalformedExport, type Span, type SpanBatch } from "./span.js";

const MAX_LINE_BYTES = 256 * 1024 * 1024;

/** The spans of a file, by trace in the order in which the traces began. */
export interface RecordedTraces {
  readonly traces: readonly (readonly Span[])[];
  /** Spans without valid ids, which are left out. */
  readonly rejected: number;
  /** Spans that stand twice, which count once. */
  readonly duplicates: number;
}

/**
 * Reads recorded spans: one export in OTLP/JSON a line, as the file exporter of the OpenTelemetry Collector writes them,
 * or one export in the whole file.
 *
 * @throws {DatasetError} with every line that is no export
 */
export async function readRecordedTraces(path: string): Promise<RecordedTraces> {
  const problems = new ProblemList(path);
  const batches: SpanBatch[] = [];
  for await (const line of linesOf(path, MAX_LINE_BYTES)) {
    if ("refused" in line) {
      problems.add(line.number, whyRefused(line.refused, MAX_LINE_BYTES));
      continue;
    }
    const text = line.text.trim();
    if (text === "") continue;
    if (batches.length === 0 && (text === "{" || text === "[")) return sorted([await wholeFile(path)]);
    const batch = batchOf(text);
    if (typeof batch === "string") problems.add(line.number, `is no export of spans in OTLP/JSON: ${batch}`);
    else batches.push(batch);
  }
  problems.throwIfAny();
  return sorted(batches);
}

async function wholeFile(path: string): Promise<SpanBatch> {
  const batch = batchOf(await readFile(path, "utf8"));
  if (typeof batch !== "string") return batch;
  throw new DatasetError([{ file: path, message: `is no export of spans in OTLP/JSON: ${batch}` }]);
}

/** A batch, or what is wrong with the text. */
function batchOf(text: string): SpanBatch | string {
  try {
    return jsonSpans(text);
  } catch (error) {
    if (error instanceof MalformedExport) return error.message;
    throw error;
  }
}

function sorted(batches: readonly SpanBatch[]): RecordedTraces {
  const traces = new Map<string, Map<string, Span>>();
  let duplicates = 0;
  for (const span of batches.flatMap(({ spans }) => spans)) {
    const trace = traces.get(span.traceId) ?? new Map<string, Span>();
    traces.set(span.traceId, trace);
    if (trace.has(span.spanId)) duplicates += 1;
    else trace.set(span.spanId, span);
  }
  return {
    traces: [...traces.values()]
      .map((trace) => [...trace.values()])
      .sort((first, second) => Number(beginOf(first) - beginOf(second))),
    rejected: batches.reduce((sum, { rejected }) => sum + rejected.length, 0),
    duplicates,
  };
}

/** When the first span of a trace began, nanoseconds since the Unix epoch. */
export function beginOf(spans: readonly Span[]): bigint {
  let first = spans[0]?.startNano ?? 0n;
  for (const { startNano } of spans) if (startNano < first) first = startNano;
  return first;
}
