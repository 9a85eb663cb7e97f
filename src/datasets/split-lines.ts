import { isUtf8 } from "node:buffer";

/** One line of a file, or why it cannot be read. */
export type RawLine =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly refused: "too-long" | "not-utf8" };

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = "\uFEFF";

/**
 * Cuts a stream of bytes into lines without ever holding more than one line and one chunk. What goes beyond
 * the limit of a line is dropped as it arrives. A byte order mark and CRLF are removed.
 */
export class LineSplitter {
  private parts: Uint8Array[] = [];
  private length = 0;
  private number = 1;

  /** @param maxLineBytes - longest line in bytes, at least 1 */
  constructor(private readonly maxLineBytes: number) {}

  /** The lines that end in this chunk. */
  push(chunk: Uint8Array): RawLine[] {
    const lines: RawLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      this.append(chunk.subarray(start, end));
      lines.push(this.take());
      start = end + 1;
    }
    this.append(chunk.subarray(start));
    return lines;
  }

  /** The last line, when no line feed ends it. */
  end(): RawLine[] {
    return this.length === 0 ? [] : [this.take()];
  }

  private append(part: Uint8Array): void {
    this.length += part.length;
    if (this.length > this.maxLineBytes) this.parts = [];
    else if (part.length > 0) this.parts.push(part);
  }

  private take(): RawLine {
    const number = this.number++;
    const isTooLong = this.length > this.maxLineBytes;
    const bytes =
      this.parts.length === 1 && this.parts[0] !== undefined ? this.parts[0] : Buffer.concat(this.parts);
    this.parts = [];
    this.length = 0;
    if (isTooLong) return { number, refused: "too-long" };
    if (!isUtf8(bytes)) return { number, refused: "not-utf8" };
    return { number, text: textOf(bytes) };
  }
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, end).toString("utf8");
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}
