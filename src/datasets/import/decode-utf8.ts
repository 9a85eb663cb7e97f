import { isUtf8 } from "node:buffer";
import { DatasetError } from "../../core/errors.js";

/**
 * The text of a file, without a byte order mark. Bytes that are no UTF-8 would become other letters unnoticed.
 *
 * @param path - as the user gave it; the message repeats it
 * @throws {DatasetError} with the first line that is not UTF-8
 */
export function decodeUtf8(path: string, bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8").replace(/^\uFEFF/, "");
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const found = bytes.indexOf("\n", start);
    const end = found === -1 ? bytes.length : found;
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
  }
  throw new DatasetError([{ file: path, line, message: "is not UTF-8; save the file as UTF-8" }]);
}
