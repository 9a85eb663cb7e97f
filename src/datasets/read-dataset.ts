import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { DatasetError } from "../core/errors.js";
import type { Dataset } from "../core/golden-case.js";
import { DatasetBuilder } from "./dataset-builder.js";
import { describeUnreadableFile } from "./missing-file.js";
import { LineSplitter, type RawLine } from "./split-lines.js";

const MAX_LINE_BYTES = 10 * 1024 * 1024;

const CHUNK_BYTES = 256 * 1024;

/**
 * Reads a golden set: JSONL in UTF-8, as `GoldenCase` or in the flat shape `{question, expected_source,
 * must_include}`. A byte order mark, CRLF and blank lines are accepted.
 *
 * @param path - as the user gave it; messages repeat it
 * @param options.name - name of the dataset; default: the file name without `.jsonl`
 * @param options.maxLineBytes - default 10 MiB; a longer line is refused without being held in memory
 * @throws {DatasetError} with every problem of the file at once, the first 50 in words
 */
export async function readDataset(
  path: string,
  options: { name?: string; maxLineBytes?: number } = {},
): Promise<Dataset> {
  const maxLineBytes = options.maxLineBytes ?? MAX_LINE_BYTES;
  const builder = new DatasetBuilder(path);
  const splitter = new LineSplitter(maxLineBytes);
  let isFirstChunk = true;
  for await (const chunk of openChunks(path)) {
    if (isFirstChunk) refuseOtherFormats(path, chunk);
    isFirstChunk = false;
    for (const line of splitter.push(chunk)) addRawLine(builder, line, maxLineBytes);
  }
  for (const line of splitter.end()) addRawLine(builder, line, maxLineBytes);
  return builder.finish(options.name ?? basename(path, ".jsonl"));
}

async function* openChunks(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new DatasetError([await describeUnreadableFile(path, error)], { cause: error });
  }
}

function refuseOtherFormats(path: string, chunk: Uint8Array): void {
  const [first, second] = chunk;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16) throw new DatasetError([{ file: path, message: "is UTF-16; save it as UTF-8" }]);
  if (first === 0x1f && second === 0x8b) {
    throw new DatasetError([
      { file: path, message: "is compressed with gzip; unpack it first with `gunzip`" },
    ]);
  }
}

function addRawLine(builder: DatasetBuilder, line: RawLine, maxLineBytes: number): void {
  if ("text" in line) builder.addLine(line.number, line.text);
  else if (line.refused === "not-utf8")
    builder.addProblem(line.number, "is not UTF-8; save the file as UTF-8");
  else {
    const limit = maxLineBytes.toLocaleString("en-US");
    builder.addProblem(
      line.number,
      `is longer than the limit of ${limit} bytes a line; shorten or split the case`,
    );
  }
}
