import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DatasetError } from "../core/errors.js";
import { contentHash } from "../core/hash.js";
import { parseDatasetLines } from "./dataset-builder.js";
import { readDataset } from "./read-dataset.js";

const MEBIBYTE = 1024 * 1024;
const LINES = ['{"id":"a","input":"Héllo"}', '{"id":"b","input":"x","tags":["faq"]}'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentctl-datasets-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function fileWith(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function problemsOf(path: string, options?: { maxLineBytes: number }): Promise<string> {
  try {
    await readDataset(path, options);
  } catch (error) {
    if (error instanceof DatasetError) return error.message.replaceAll(folder, "FOLDER");
    throw error;
  }
  throw new Error(`expected ${path} to be refused`);
}

describe("accepted files", () => {
  test.each([
    ["line feeds", LINES.join("\n")],
    ["a last line feed", `${LINES.join("\n")}\n`],
    ["CRLF", `${LINES.join("\r\n")}\r\n`],
    ["a byte order mark", `\uFEFF${LINES.join("\n")}`],
    ["a byte order mark on each of two joined files", LINES.map((line) => `\uFEFF${line}`).join("\n")],
  ])("%s: the same dataset", async (_, content) => {
    const dataset = await readDataset(await fileWith("accepted.jsonl", content));
    expect(dataset).toMatchObject({ name: "accepted", hash: parseDatasetLines(LINES, "x").hash });
    expect(dataset.cases.map((each) => [each.id, each.line])).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
  });

  test("blank lines count as lines", async () => {
    const dataset = await readDataset(await fileWith("blank.jsonl", `\n  \n${LINES[0]}\r\n\r\n${LINES[1]}`));
    expect(dataset.cases.map((each) => each.line)).toEqual([3, 5]);
  });

  test("lines that are cut by chunks are joined, between and within characters", async () => {
    const long = "é".repeat(300_000);
    const path = await fileWith(
      "chunks.jsonl",
      `{"id":"a","input":"x${long}"}\n{"id":"b","input":"${long}"}\n`,
    );
    const dataset = await readDataset(path);
    expect(dataset.cases.map((each) => each.input)).toEqual([
      { kind: "text", text: `x${long}` },
      { kind: "text", text: long },
    ]);
  });
});

describe("refused files", () => {
  test("a missing file, with the file that was probably meant", async () => {
    await fileWith("starter.jsonl", LINES.join("\n"));
    expect(await problemsOf(join(folder, "startr.jsonl"))).toBe(
      "FOLDER/startr.jsonl does not exist; did you mean `FOLDER/starter.jsonl`?",
    );
  });

  test("a missing file that resembles none", async () => {
    await mkdir(join(folder, "sets"), { recursive: true });
    await fileWith("sets/airline.jsonl", LINES.join("\n"));
    expect(await problemsOf(join(folder, "sets", "qqq.jsonl"))).toBe(
      "FOLDER/sets/qqq.jsonl does not exist; FOLDER/sets has `airline.jsonl`",
    );
  });

  test("a missing folder", async () => {
    expect(await problemsOf(join(folder, "nowhere", "a.jsonl"))).toBe(
      "FOLDER/nowhere/a.jsonl does not exist, and neither does its folder FOLDER/nowhere",
    );
  });

  test("a folder", async () => {
    await mkdir(join(folder, "sets"), { recursive: true });
    await fileWith("sets/airline.jsonl", LINES.join("\n"));
    expect(await problemsOf(join(folder, "sets"))).toBe(
      "FOLDER/sets is a folder; expected a file; FOLDER/sets has `airline.jsonl`",
    );
  });

  test("an empty file", async () => {
    expect(await problemsOf(await fileWith("empty.jsonl", ""))).toBe(
      'FOLDER/empty.jsonl has no cases; write one JSON object a line, e.g. {"id":"a","input":"Hello"}',
    );
  });

  test("other encodings and formats", async () => {
    expect(await problemsOf(await fileWith("utf16.jsonl", Buffer.from(`\uFEFF${LINES[0]}`, "utf16le")))).toBe(
      "FOLDER/utf16.jsonl is UTF-16; save it as UTF-8",
    );
    expect(await problemsOf(await fileWith("packed.jsonl", gzipSync(LINES.join("\n"))))).toBe(
      "FOLDER/packed.jsonl is compressed with gzip; unpack it first with `gunzip`",
    );
    const latin1 = Buffer.concat([Buffer.from(`${LINES[1]}\n`), Buffer.from(`${LINES[0]}\n`, "latin1")]);
    expect(await problemsOf(await fileWith("latin1.jsonl", latin1))).toBe(
      "FOLDER/latin1.jsonl:2 is not UTF-8; save the file as UTF-8",
    );
  });

  test("a line at the limit is read, one byte more is refused, and the lines behind it are checked", async () => {
    const line = LINES[0] ?? "";
    const path = await fileWith("limit.jsonl", `${line}\n{"id":"a","input":"y"}`);
    const bytes = Buffer.byteLength(line);
    expect(await problemsOf(path, { maxLineBytes: bytes })).not.toContain("longer");
    expect(await problemsOf(path, { maxLineBytes: bytes - 1 })).toBe(
      `FOLDER/limit.jsonl:1 is longer than the limit of ${bytes - 1} bytes a line; shorten or split the case`,
    );
  });

  test("a line of 100 MB is refused without being held in memory", async () => {
    const path = join(folder, "huge.jsonl");
    const block = Buffer.alloc(MEBIBYTE, "y");
    const parts = [
      Buffer.from('{"id":"a","input":"'),
      ...Array<Buffer>(100).fill(block),
      Buffer.from('"}\n{"id":7}\n'),
    ];
    await pipeline(Readable.from(parts), createWriteStream(path));
    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 2);
    const message = await problemsOf(path);
    clearInterval(watch);
    expect(message.split("\n")).toEqual([
      "FOLDER/huge.jsonl:1 is longer than the limit of 10,485,760 bytes a line; shorten or split the case",
      'FOLDER/huge.jsonl:2 `id`: expected a string, found number 7; put it in quotes: "7"',
      "FOLDER/huge.jsonl:2 `input` is missing; expected a string or an object",
    ]);
    expect(peak - before).toBeLessThan(60 * MEBIBYTE);
  });
});

describe("any bytes", () => {
  test("are read, or refused with a DatasetError", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        const path = await fileWith("any.jsonl", bytes);
        await readDataset(path).catch((error: unknown) => {
          expect(error).toBeInstanceOf(DatasetError);
        });
      }),
    );
  });
});

test("the hash of a dataset covers the hashes of its cases in file order", () => {
  const { cases, hash } = parseDatasetLines(LINES, "x");
  expect(hash).toBe(contentHash(cases.map((each) => each.hash)));
  expect(parseDatasetLines([...LINES].reverse(), "x").hash).not.toBe(hash);
});
