import { createReadStream } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { DatasetError, type Problem } from "../../core/errors.js";
import { locateJsonError } from "../locate-json-error.js";
import { describeUnreadableFile } from "../missing-file.js";
import { LineSplitter, type RawLine } from "../split-lines.js";
import { decodeUtf8 } from "./decode-utf8.js";

/** Longest line of a recording: one simulation, 32 MiB. */
const MAX_SIMULATION_BYTES = 32 * 1024 * 1024;
/** Longest recording that is one JSON document: its text must fit into one string. */
const MAX_DOCUMENT_BYTES = 256 * 1024 * 1024;
const PEEK_BYTES = 4096;

/** One JSON value of a recording, with the line on which it starts where that is known. */
export type RecordingValue =
  | {
      readonly line: number | null;
      readonly place: string;
      readonly value: unknown;
      /** The object whose `simulations` hold it; `null` when it stands for itself. */
      readonly document: object | null;
    }
  | { readonly problem: Problem };

/**
 * The simulations of a recording: one a line, the items of one JSON array, or the items of `simulations` of
 * one JSON object. Lines are read one at a time; a whole document is held in memory.
 *
 * @throws {DatasetError} when the file cannot be opened or is one broken JSON document
 */
export async function* recordingValues(path: string): AsyncGenerator<RecordingValue> {
  try {
    if (await isOneDocument(path)) yield* documentValues(path);
    else yield* lineValues(path);
  } catch (error) {
    if (error instanceof DatasetError) throw error;
    throw new DatasetError([await describeUnreadableFile(path, error)], { cause: error });
  }
}

/** An array, or an object that does not close on its first line. */
async function isOneDocument(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PEEK_BYTES), 0, PEEK_BYTES, 0);
    const start = buffer
      .subarray(0, bytesRead)
      .toString("utf8")
      .replace(/^\uFEFF/, "")
      .trimStart();
    return start.startsWith("[") || /^\{[ \t]*\r?\n/.test(start);
  } finally {
    await file.close();
  }
}

async function* documentValues(path: string): AsyncGenerator<RecordingValue> {
  const bytes = await readFile(path);
  if (bytes.length > MAX_DOCUMENT_BYTES) {
    const limit = MAX_DOCUMENT_BYTES.toLocaleString("en-US");
    throw new DatasetError([
      { file: path, message: `is one JSON document longer than ${limit} bytes; write one simulation a line` },
    ]);
  }
  const text = decodeUtf8(path, bytes);
  const parsed = parseJson(text);
  if ("message" in parsed) {
    const line = text.slice(0, parsed.offset).split("\n").length;
    throw new DatasetError([{ file: path, line, message: parsed.message }]);
  }
  yield* simulationsOf(path, null, parsed.value);
}

async function* lineValues(path: string): AsyncGenerator<RecordingValue> {
  const splitter = new LineSplitter(MAX_SIMULATION_BYTES);
  for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
    for (const line of splitter.push(chunk)) yield* lineValue(path, line);
  }
  for (const line of splitter.end()) yield* lineValue(path, line);
}

function* lineValue(path: string, line: RawLine): Generator<RecordingValue> {
  const at = { file: path, line: line.number };
  if ("refused" in line) {
    const limit = MAX_SIMULATION_BYTES.toLocaleString("en-US");
    const message =
      line.refused === "too-long"
        ? `is longer than the limit of ${limit} bytes a line; expected one simulation a line`
        : "is not UTF-8; save the file as UTF-8";
    yield { problem: { ...at, message } };
    return;
  }
  if (line.text.trim() === "") return;
  const parsed = parseJson(line.text);
  if ("message" in parsed) {
    yield { problem: { ...at, message: `column ${parsed.offset + 1}: ${parsed.message}` } };
    return;
  }
  yield* simulationsOf(path, line.number, parsed.value);
}

function* simulationsOf(path: string, line: number | null, value: unknown): Generator<RecordingValue> {
  const wrapped =
    typeof value === "object" && value !== null && "simulations" in value ? value.simulations : value;
  if (!Array.isArray(wrapped)) {
    yield { line, place: "", value, document: null };
    return;
  }
  const document = typeof value === "object" && value !== null && wrapped !== value ? value : null;
  if (wrapped.length === 0) yield { problem: { file: path, message: "holds no simulation" } };
  for (const [index, entry] of wrapped.entries()) {
    yield { line, place: `simulation ${index + 1}: `, value: entry, document };
  }
}

function parseJson(text: string): { value: unknown } | { offset: number; message: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return locateJsonError(text) ?? { offset: 0, message: `expected JSON: ${error.message}` };
  }
}
