import { createReadStream } from "node:fs";
import { DatasetError } from "../core/errors.js";
import { describeUnreadableFile } from "./missing-file.js";
import { LineSplitter, type RawLine } from "./split-lines.js";

/**
 * The lines of a file, one at a time.
 *
 * @param maxLineBytes - a longer line comes out as refused
 * @throws {DatasetError} when the file cannot be read
 */
export async function* linesOf(path: string, maxLineBytes: number): AsyncGenerator<RawLine> {
  const splitter = new LineSplitter(maxLineBytes);
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>)
      yield* splitter.push(chunk);
  } catch (error) {
    throw new DatasetError([await describeUnreadableFile(path, error)], { cause: error });
  }
  yield* splitter.end();
}

/** What is wrong with a line that was refused, and what to do. */
export function whyRefused(refused: "too-long" | "not-utf8", maxLineBytes: number): string {
  return refused === "too-long"
    ? `is longer than the limit of ${maxLineBytes.toLocaleString("en-US")} bytes a line; shorten it`
    : "is not UTF-8; save the file as UTF-8";
}
