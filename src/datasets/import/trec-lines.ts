import { isAscii, isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { DatasetError } from "../../core/errors.js";
import { describeUnreadableFile } from "../missing-file.js";

const BLOCK_BYTES = 1024 * 1024;
const LINE_FEED = 0x0a;
const SPACE = 0x20;
const HASH = 0x23;
const BYTE_ORDER_MARK = "\uFEFF";

/** What a reader is given of each line. */
type OnLine = (fields: readonly string[], line: number) => void;

/**
 * Reads a file of fields between white space, as trec_eval does: blank lines and lines that begin with `#` are left
 * out, CRLF and a byte order mark are accepted. Blocks of lines are decoded at once: runs have millions of lines.
 *
 * @param path - as the user gave it; messages repeat it
 * @param onLine - given the fields of each line, in an array that is used again for the next one, and the 1-based line
 * @returns SHA-256 of the file's bytes, lower-case hex
 * @throws {DatasetError} when the file cannot be read, is compressed, is not UTF-8 or holds a line above 1 MiB
 */
export async function eachLineOfFields(path: string, onLine: OnLine): Promise<string> {
  const hash = createHash("sha256");
  let rest: Uint8Array = new Uint8Array();
  let line = 1;
  let isFirst = true;
  for await (const chunk of blocksOf(path)) {
    if (isFirst) refuseOtherFormats(path, chunk);
    isFirst = false;
    hash.update(chunk);
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) {
      rest = Buffer.concat([rest, chunk]);
      if (rest.length > BLOCK_BYTES)
        throw problemAt(path, line, "is longer than 1 MiB; is this a text file?");
      continue;
    }
    const block = rest.length === 0 ? chunk.subarray(0, end) : Buffer.concat([rest, chunk.subarray(0, end)]);
    line = splitBlock(decode(path, block, line), line, onLine);
    rest = chunk.subarray(end);
  }
  if (rest.length > 0) splitBlock(decode(path, rest, line), line, onLine);
  return hash.digest("hex");
}

async function* blocksOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: BLOCK_BYTES }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new DatasetError([await describeUnreadableFile(path, error)], { cause: error });
  }
}

function refuseOtherFormats(path: string, [first, second]: Uint8Array): void {
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16) throw problemAt(path, undefined, "is UTF-16; save it as UTF-8");
  if (first === 0x1f && second === 0x8b)
    throw problemAt(path, undefined, "is compressed with gzip; unpack it first with `gunzip`");
}

function problemAt(file: string, line: number | undefined, message: string): DatasetError {
  return new DatasetError([line === undefined ? { file, message } : { file, line, message }]);
}

/** @param line - 1-based number of the block's first line */
function decode(path: string, block: Uint8Array, line: number): string {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.length);
  if (isAscii(bytes)) return bytes.toString("latin1");
  if (!isUtf8(bytes))
    throw problemAt(path, line + lineOfBadText(bytes), "is not UTF-8; save the file as UTF-8");
  const text = bytes.toString("utf8");
  return line === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** 0-based line within the block of the first text that is not UTF-8. */
function lineOfBadText(bytes: Buffer): number {
  let start = 0;
  for (let line = 0; ; line++) {
    const end = bytes.indexOf(LINE_FEED, start);
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}

/** @returns number of the line after the block */
function splitBlock(text: string, firstLine: number, onLine: OnLine): number {
  const fields: string[] = [];
  let line = firstLine;
  let start = -1;
  for (let index = 0; index <= text.length; index++) {
    const code = index === text.length ? LINE_FEED : text.charCodeAt(index);
    if (!isSpace(code)) {
      if (start === -1) start = index;
      continue;
    }
    if (start !== -1) fields.push(text.slice(start, index));
    start = -1;
    if (code !== LINE_FEED) continue;
    if (fields.length > 0 && fields[0]?.charCodeAt(0) !== HASH) onLine(fields, line);
    fields.length = 0;
    if (index < text.length) line++;
  }
  return line;
}

/** White space of C's isspace: space, tab, line feed, vertical tab, form feed, carriage return. */
function isSpace(code: number): boolean {
  return code === SPACE || (code >= 0x09 && code <= 0x0d);
}
