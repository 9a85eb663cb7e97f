import { inflateRawSync } from "node:zlib";

/** Where one file of a zip archive lies. */
interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly compressedBytes: number;
  /** Of its local header. */
  readonly offset: number;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const UNKNOWN = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;

/** Whether bytes start as a zip archive does. */
export function isZip(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.readUInt32LE(0) === LOCAL_HEADER;
}

/**
 * A zip archive of stored and deflated files, without encryption and below 4 GiB.
 *
 * @returns a reader of its files by name, or why it cannot be read
 * @see APPNOTE.TXT 6.3.10, .ZIP File Format Specification
 */
export function openZip(
  bytes: Buffer,
):
  | { readonly names: readonly string[]; readonly read: (name: string) => string }
  | { readonly problem: string } {
  const end = endOf(bytes);
  if (end === null) return { problem: "is a zip archive that was cut off: its directory is missing" };
  const count = bytes.readUInt16LE(end + 10);
  let offset = bytes.readUInt32LE(end + 16);
  if (offset === UNKNOWN || count === 0xffff)
    return { problem: "is a zip archive of the 64-bit form, which is not read" };
  const entries = new Map<string, ZipEntry>();
  for (let index = 0; index < count; index++) {
    if (offset + 46 > end || bytes.readUInt32LE(offset) !== DIRECTORY_ENTRY)
      return { problem: `is a broken zip archive: entry ${index + 1} of its directory is missing` };
    const nameBytes = bytes.readUInt16LE(offset + 28);
    const name = bytes.toString("utf8", offset + 46, offset + 46 + nameBytes);
    const method = bytes.readUInt16LE(offset + 10);
    if (method !== STORED && method !== DEFLATED)
      return {
        problem: `is a zip archive whose ${name} is compressed by method ${method}, which is not read`,
      };
    if ((bytes.readUInt16LE(offset + 8) & 1) === 1) return { problem: `is encrypted: ${name}` };
    entries.set(name, {
      name,
      method,
      compressedBytes: bytes.readUInt32LE(offset + 20),
      offset: bytes.readUInt32LE(offset + 42),
    });
    offset += 46 + nameBytes + bytes.readUInt16LE(offset + 30) + bytes.readUInt16LE(offset + 32);
  }
  const read = (name: string): string => {
    const entry = entries.get(name);
    if (entry === undefined) throw new RangeError(`no ${name} in the archive`);
    return textOf(bytes, entry);
  };
  return { names: [...entries.keys()], read };
}

/** Offset of the end of the directory, which a comment may follow; `null` without one. */
function endOf(bytes: Buffer): number | null {
  const last = bytes.length - END_BYTES;
  for (let at = last; at >= 0 && at >= last - MAX_COMMENT_BYTES; at--) {
    if (bytes.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  return null;
}

function textOf(bytes: Buffer, { name, method, compressedBytes, offset }: ZipEntry): string {
  if (bytes.readUInt32LE(offset) !== LOCAL_HEADER) throw new RangeError(`no local header of ${name}`);
  const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  const data = bytes.subarray(start, start + compressedBytes);
  return (method === STORED ? data : inflateRawSync(data)).toString("utf8");
}
