import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { unpackedTexts } from "../../report/html/packed.js";
import { filesBelow } from "./files-below.js";

export interface ScanResult {
  readonly files: number;
  readonly bytes: number;
  /** Forms of texts that were looked for. */
  readonly patterns: number;
  /** Files with at least one of them, and which. */
  readonly hits: readonly ScanHit[];
}

interface ScanHit {
  readonly file: string;
  readonly text: string;
  readonly form: string;
  readonly offset: number;
}

interface Pattern {
  readonly text: string;
  readonly bytes: Buffer;
  readonly form: string;
}

/** Shorter patterns occur by accident. */
const SHORTEST = 6;
const PAGE_START = "<!doctype html>";
const FILTER_BITS = 20;
const CHUNK_BYTES = 16 * 1024 * 1024;

/**
 * Looks for texts in the raw bytes of every file below some folders, and in what gzip or a report packed: as UTF-8 and UTF-16 (both
 * ends first), as JSON writes them, in lower case, in base64 and URL-safe base64 at each of the three alignments, and in
 * hexadecimal.
 */
export function scanFiles(folders: readonly string[], texts: readonly string[]): ScanResult {
  const scanner = new Scanner([...new Set(texts)].flatMap(patternsOf));
  const hits: ScanHit[] = [];
  let bytes = 0;
  const files = [...new Set(folders.flatMap((folder) => filesBelow(folder)))];
  for (const file of files) {
    for (const { chunk, start, fresh } of chunksOf(file, scanner.overlap)) {
      bytes += fresh;
      for (const hit of scanner.find(chunk)) hits.push({ file, ...hit, offset: start + hit.offset });
    }
    const pack = file.endsWith(".gz") ? "gzip" : "report";
    for (const hit of scanner.find(unpacked(file))) hits.push({ file, ...hit, form: `${pack}, ${hit.form}` });
  }
  return { files: files.length, bytes, patterns: scanner.patterns, hits };
}

/** A file in pieces that overlap by what a pattern may take, so that none is cut in two; none when it is gone. */
function* chunksOf(file: string, overlap: number) {
  const descriptor = openIfThere(file);
  if (descriptor === null) return;
  try {
    const room = Math.min(CHUNK_BYTES, fstatSync(descriptor).size + 1);
    const buffer = Buffer.allocUnsafe(room + overlap);
    let kept = 0;
    for (let start = 0; ; ) {
      const fresh = readSync(descriptor, buffer, kept, room, null);
      if (fresh === 0) return;
      const end = kept + fresh;
      yield { chunk: buffer.subarray(0, end), start, fresh };
      kept = Math.min(overlap, end);
      buffer.copyWithin(0, end - kept, end);
      start += end - kept;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** What a gzip file or a report holds packed; nothing of any other file. */
function unpacked(file: string): Buffer {
  try {
    if (file.endsWith(".gz")) return gunzipSync(readFileSync(file));
    if (!beginsAsPage(file)) return Buffer.alloc(0);
    return Buffer.from([...unpackedTexts(readFileSync(file, "utf8")).values()].join("\n"));
  } catch {
    // Gone meanwhile, or no gzip: its bytes were searched as they are.
    return Buffer.alloc(0);
  }
}

function beginsAsPage(file: string): boolean {
  const descriptor = openIfThere(file);
  if (descriptor === null) return false;
  try {
    const start = Buffer.alloc(PAGE_START.length);
    readSync(descriptor, start, 0, start.length, 0);
    return start.toString("latin1").toLowerCase() === PAGE_START;
  } finally {
    closeSync(descriptor);
  }
}

function openIfThere(file: string): number | null {
  try {
    return openSync(file, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function patternsOf(text: string): readonly Pattern[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  const variants: readonly (readonly [form: string, text: string])[] = [
    ["as it is", text],
    ["JSON", escaped],
    ["JSON in JSON", JSON.stringify(escaped).slice(1, -1)],
    [
      "ASCII JSON",
      escaped.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
    ],
    ["lower case", text.toLowerCase()],
  ];
  const patterns: Omit<Pattern, "text">[] = [];
  for (const [name, variant] of variants) {
    if (name !== "as it is" && variant === text) continue;
    const utf8 = Buffer.from(variant, "utf8");
    const utf16 = Buffer.from(variant, "utf16le");
    const swapped = Buffer.from(utf16).swap16();
    patterns.push(
      { form: name, bytes: utf8 },
      { form: `${name}, UTF-16LE`, bytes: utf16 },
      { form: `${name}, UTF-16BE`, bytes: swapped },
      { form: `${name}, hexadecimal`, bytes: Buffer.from(utf8.toString("hex")) },
      ...base64Of(utf8, name),
    );
  }
  return patterns.filter(({ bytes }) => bytes.length >= SHORTEST).map((one) => ({ ...one, text }));
}

/** What a text looks like in the middle of something in base64, whatever stands before and behind it. */
function base64Of(bytes: Buffer, name: string): readonly Omit<Pattern, "text">[] {
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const start = shift === 0 ? 0 : shift + 1;
    const rest = (shift + bytes.length) % 3;
    const inner = encoded.slice(start, rest === 0 ? undefined : -1);
    const urlSafe = inner.replaceAll("+", "-").replaceAll("/", "_");
    return [
      { form: `${name}, base64`, bytes: Buffer.from(inner) },
      ...(urlSafe === inner ? [] : [{ form: `${name}, base64url`, bytes: Buffer.from(urlSafe) }]),
    ];
  });
}

/** Finds many patterns in one pass: four bytes at each place tell whether a pattern may begin there. */
class Scanner {
  readonly patterns: number;
  /** Bytes that two pieces of a file must share: one less than the longest pattern. */
  readonly overlap: number;
  private readonly byStart = new Map<number, Pattern[]>();
  private readonly filter = new Uint8Array(1 << FILTER_BITS);

  constructor(patterns: readonly Pattern[]) {
    this.patterns = patterns.length;
    this.overlap = Math.max(1, ...patterns.map(({ bytes }) => bytes.length)) - 1;
    for (const pattern of patterns) {
      const start = pattern.bytes.readInt32LE(0);
      this.byStart.set(start, [...(this.byStart.get(start) ?? []), pattern]);
      this.filter[slotOf(start)] = 1;
    }
  }

  *find(content: Buffer): Generator<Omit<ScanHit, "file">> {
    const { filter } = this;
    let start = content.length >= 4 ? content.readInt32LE(0) : 0;
    for (let offset = 0; offset + 4 <= content.length; offset += 1) {
      if (offset > 0) start = (start >>> 8) | ((content[offset + 3] as number) << 24);
      if (filter[slotOf(start)] === 0) continue;
      for (const { bytes, form, text } of this.byStart.get(start | 0) ?? []) {
        const end = offset + bytes.length;
        if (end <= content.length && content.compare(bytes, 0, bytes.length, offset, end) === 0) {
          yield { text, form, offset };
        }
      }
    }
  }
}

function slotOf(start: number): number {
  return Math.imul(start, 0x9e3779b1) >>> (32 - FILTER_BITS);
}
