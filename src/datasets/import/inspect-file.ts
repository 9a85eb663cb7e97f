import { readFile } from "node:fs/promises";
import { DatasetError } from "../../core/errors.js";
import { locateJsonError } from "../locate-json-error.js";
import { describeUnreadableFile } from "../missing-file.js";
import { decodeUtf8 } from "./decode-utf8.js";
import { isZip, openZip } from "./inspect-zip.js";
import { isRecord, otherKindHint } from "./table-kind.js";
import { parsePythonJson } from "./table-python-json.js";

type Fields = Readonly<Record<string, unknown>>;

/** A log of Inspect: its header and its samples, as the file has them. */
export interface InspectLog {
  readonly header: Fields;
  readonly samples: readonly unknown[];
}

const CONVERT = "convert it with `inspect log convert --to json --output-dir json FILE`, and import that";
const MAX_BYTES = 400 * 1024 * 1024;

/**
 * Reads a log of Inspect, as JSON or as `.eval`, which is a zip archive of JSON files.
 *
 * @throws {DatasetError} when the file cannot be read or is no log with samples
 */
export async function readInspectLog(path: string): Promise<InspectLog> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new DatasetError([await describeUnreadableFile(path, error)], { cause: error });
  }
  const log = isZip(bytes) ? archivedLog(path, bytes) : jsonLog(path, bytes);
  if (log.samples.length === 0) {
    throw problem(path, "has no samples: is it a header, or an eval that failed before its first sample?");
  }
  return log;
}

function jsonLog(path: string, bytes: Buffer): InspectLog {
  if (bytes.length > MAX_BYTES) {
    const limit = MAX_BYTES.toLocaleString("en-US");
    throw problem(path, `is longer than ${limit} bytes; import the .eval file that it was made of`);
  }
  const value = parse(path, decodeUtf8(path, bytes));
  if (!isRecord(value) || !isRecord(value.eval)) {
    const hint = otherKindHint(value, "agentctl import inspect");
    const wanted = "expected a log of Inspect: an object with `eval` and `samples`";
    throw problem(path, `${wanted}${hint}`);
  }
  const { samples, ...header } = value;
  return { header, samples: Array.isArray(samples) ? samples : [] };
}

function archivedLog(path: string, bytes: Buffer): InspectLog {
  const archive = openZip(bytes);
  if ("problem" in archive) throw problem(path, `${archive.problem}; ${CONVERT}`);
  const { names, read } = archive;
  const open = (name: string): unknown => {
    try {
      return parse(`${path}: ${name}`, read(name));
    } catch (error) {
      if (error instanceof DatasetError) throw error;
      throw problem(path, `${name} is damaged (${(error as Error).message}); ${CONVERT}`);
    }
  };
  // A log whose eval was cut off has no header.json, only the journal that it would have been made of.
  const headerName = ["header.json", "_journal/start.json"].find((name) => names.includes(name));
  const header = headerName === undefined ? null : open(headerName);
  if (!isRecord(header) || !isRecord(header.eval))
    throw problem(path, "expected a log of Inspect: a zip archive with header.json");
  return {
    header: headerName === "header.json" ? header : { ...header, status: "started" },
    samples: names.filter((name) => /^samples\/.+\.json$/.test(name)).map(open),
  };
}

function parse(path: string, text: string): unknown {
  const parsed = parsePythonJson(text);
  if ("value" in parsed) return parsed.value;
  const found = locateJsonError(text);
  const line = found === null ? 1 : text.slice(0, found.offset).split("\n").length;
  const message = `expected a log of Inspect as JSON: ${found?.message ?? parsed.error.message}`;
  throw new DatasetError([{ file: path, line, message }], { cause: parsed.error });
}

function problem(file: string, message: string): DatasetError {
  return new DatasetError([{ file, message }]);
}
