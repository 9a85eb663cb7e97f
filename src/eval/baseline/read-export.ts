import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { z } from "zod";
import type { RunEvidence } from "../../comparison/evidence.js";
import { DatasetError } from "../../core/errors.js";
import type { GoldenCase } from "../../core/golden-case.js";
import { caseHash } from "../../datasets/case-hash.js";
import { LineSplitter } from "../../datasets/split-lines.js";
import type { TrialRow } from "../../metrics/metric.js";
import { exportRecord } from "../../report/schemas/run-export.js";
import type { StoredTrial } from "../../store/store.js";
import { metricSetOfRun } from "../gate/judge-run-gates.js";
import { type ExportRecord, recordHash } from "./export-records.js";

const CHUNK_BYTES = 256 * 1024;
/** A trial is one line, with all its events. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

/** An exported run, checked. */
export interface RunExport {
  readonly evidence: RunEvidence;
  /** Whether the conversations are in it. */
  readonly hasTrials: boolean;
  /** Cases with all their texts, as they were hashed. */
  readonly wholeCases: readonly GoldenCase[];
  /** Reads the trials again, one at a time; none where the export holds scores alone. */
  readonly trials: () => Iterable<StoredTrial>;
}

/**
 * Reads a file of `agentctl runs export`.
 *
 * @param path - absolute
 * @param shown - as the user gave it; messages repeat it
 * @throws {DatasetError} when it cannot be read, is cut, or was changed by hand
 */
export function readRunExport(path: string, shown: string): RunExport {
  const hash = recordHash();
  const cases = new Map<string, GoldenCase>();
  const wholeCases: GoldenCase[] = [];
  const rows: TrialRow[] = [];
  let header: Extract<ExportRecord, { readonly kind: "run" }> | null = null;
  let end: string | null = null;
  for (const { record, line } of recordsOf(path, shown)) {
    if (end !== null) throw broken(shown, "goes on after its last record", line);
    if ((record.kind === "run") !== (header === null)) {
      throw broken(shown, "expected one run, at its beginning", line);
    }
    if (record.kind === "end") {
      end = record.hash;
      continue;
    }
    hash.add(record);
    if (record.kind === "run") header = record;
    if (record.kind === "trial") {
      if (header?.hasTrials === true && record.trial === undefined) {
        throw broken(shown, "holds a trial without its conversation", line);
      }
      rows.push(record.row);
    }
    if (record.kind === "case") {
      cases.set(record.case.id, record.case);
      if (!record.hidden) {
        const { line: _, hash: given, ...content } = record.case;
        if (caseHash(content) !== given) throw broken(shown, `case ${given} is not what its hash says`, line);
        wholeCases.push(record.case);
      }
    }
  }
  if (header === null || end === null) throw broken(shown, "ends too early: its last lines are missing");
  if (end !== hash.value()) throw broken(shown, "was changed after it was written: its hash is another one");
  const { run, hasTrials } = header;
  return {
    evidence: { run, rows, cases, set: metricSetOfRun(run) },
    hasTrials,
    wholeCases,
    trials: () => trialsOf(path, shown),
  };
}

function* trialsOf(path: string, shown: string): Generator<StoredTrial> {
  for (const { record } of recordsOf(path, shown)) {
    if (record.kind === "trial" && record.trial !== undefined) {
      yield { trial: record.trial, row: record.row };
    }
  }
}

interface ReadRecord {
  readonly record: ExportRecord;
  /** `null` in a file that is one JSON document. */
  readonly line: number | null;
}

function* recordsOf(path: string, shown: string): Generator<ReadRecord> {
  if (/\.json$/i.test(path)) {
    const document = parsed(readFileSync(path, "utf8"), shown, null);
    const records = z.object({ records: z.array(z.unknown()) }).safeParse(document);
    if (!records.success) throw broken(shown, "expected a document with `records`");
    for (const record of records.data.records) yield { record: checked(record, shown, null), line: null };
    return;
  }
  for (const { text, line } of linesOf(path, shown)) {
    if (text !== "") yield { record: checked(parsed(text, shown, line), shown, line), line };
  }
}

function parsed(text: string, shown: string, line: number | null): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw broken(shown, "is not JSON", line, cause);
  }
}

function checked(value: unknown, shown: string, line: number | null): ExportRecord {
  const result = exportRecord.safeParse(value);
  // The schema was asked for a check alone: what it makes of the value has its keys in another order.
  if (result.success) return value as ExportRecord;
  const [issue] = result.error.issues;
  throw broken(shown, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is not a record"}`, line);
}

function* linesOf(path: string, shown: string): Generator<{ readonly text: string; readonly line: number }> {
  const descriptor = open(path, shown);
  try {
    const splitter = new LineSplitter(MAX_LINE_BYTES);
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const size = readSync(descriptor, chunk);
      const lines =
        size === 0 ? splitter.end() : splitter.push(Uint8Array.prototype.slice.call(chunk, 0, size));
      for (const line of lines) {
        if (!("text" in line))
          throw broken(shown, `is not a line that can be read (${line.refused})`, line.number);
        yield { text: line.text, line: line.number };
      }
      if (size === 0) return;
    }
  } finally {
    closeSync(descriptor);
  }
}

function open(path: string, shown: string): number {
  try {
    return openSync(path, "r");
  } catch (cause) {
    throw broken(shown, `cannot be read: ${(cause as Error).message.split(",")[0]}`, null, cause);
  }
}

function broken(shown: string, message: string, line: number | null = null, cause?: unknown): DatasetError {
  return new DatasetError([{ file: shown, ...(line === null ? {} : { line }), message }], {
    nextStep: "write the file again with `agentctl runs export RUN -o FILE`",
    ...(cause === undefined ? {} : { cause }),
  });
}
