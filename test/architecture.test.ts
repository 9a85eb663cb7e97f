import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";

/** Folders of `src`, from the top down: each imports only from itself and from those below it. */
const ORDER = [
  "commands",
  "release",
  "vitest",
  "eval",
  "report",
  "judge",
  "gates",
  "comparison",
  "ui",
  "runtime",
  "environments",
  "gateway",
  "models",
  "store",
  "datasets",
  "metrics",
  "stats",
  "config",
  "core",
];

/** Folders whose code takes clock, randomness, files and environment as parameters. */
const PURE = [
  "core",
  "config",
  "stats",
  "metrics",
  "comparison",
  "gates",
  "release/machine",
  "release/plan",
  "release/decisions",
];

const IMPURE_MODULES = [
  "node:fs",
  "node:fs/promises",
  "node:child_process",
  "node:http",
  "node:net",
  "better-sqlite3",
];
const IMPURE_CALLS = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.env\b|\bperformance\.now\(/;

/** The one file that reads the real clock, so that everything else can be given another. */
const CLOCK = "core/clock.ts";

const MOST_LINES = 400;

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const root = join(import.meta.dirname, "..", "src");
const files = sourceFiles();

function sourceFiles(): readonly SourceFile[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      const imports = [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+)"([^"]+)"/g)].map(
        (match) => match[1] ?? "",
      );
      return { path, text, imports };
    });
}

function folderOf(path: string): string {
  return path.includes("/") ? (path.split("/")[0] ?? "") : "";
}

function resolved(file: SourceFile, target: string): string {
  return posix.normalize(posix.join(posix.dirname(file.path), target));
}

describe("architecture", () => {
  it("reads the whole tree", () => {
    expect(files.length).toBeGreaterThan(100);
    expect(
      files.flatMap((file) => file.imports).filter((target) => target.startsWith(".")).length,
    ).toBeGreaterThan(300);
  });

  it("gives every folder a place in the order", () => {
    const folders = new Set(files.map((file) => folderOf(file.path)).filter((folder) => folder !== ""));
    expect([...folders].sort()).toEqual([...ORDER].sort());
  });

  it("imports downwards only", () => {
    const wrong = files.flatMap((file) => {
      const from = ORDER.indexOf(folderOf(file.path));
      if (from === -1) return [];
      return file.imports
        .filter((target) => target.startsWith("."))
        .map((target) => resolved(file, target))
        .filter((target) => ORDER.indexOf(folderOf(target)) < from)
        .map((target) => `${file.path} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it("lets cli.ts see commands and core alone", () => {
    const cli = files.find((file) => file.path === "cli.ts");
    const folders = (cli?.imports ?? []).filter((target) => target.startsWith("."));
    expect(folders.length).toBeGreaterThan(5);
    expect(
      folders.filter((target) => !target.startsWith("./commands/") && !target.startsWith("./core/")),
    ).toEqual([]);
  });

  it("keeps the pure folders free of clock, randomness, files and environment", () => {
    const wrong = files
      .filter((file) => PURE.some((folder) => file.path.startsWith(`${folder}/`)) && file.path !== CLOCK)
      .filter(
        (file) =>
          IMPURE_CALLS.test(file.text) || file.imports.some((target) => IMPURE_MODULES.includes(target)),
      )
      .map((file) => file.path);
    expect(wrong).toEqual([]);
  });

  it("loads commander alone for help: nothing heavy is imported outside an action", () => {
    const eager = files
      .filter((file) => folderOf(file.path) === "commands")
      .flatMap((file) => {
        const statics = [...file.text.matchAll(/^import (?!type)[^;]*? from "([^"]+)"/gm)].map(
          (match) => match[1] ?? "",
        );
        return statics.filter(
          (target) =>
            !/^(\.\/|\.\.\/core\/|\.\.\/config\/environment-variables|commander$|node:)/.test(target),
        );
      });
    expect(eager).toEqual([]);
  });

  it("keeps every file below the limit", () => {
    const long = files.filter((file) => file.text.split("\n").length > MOST_LINES).map((file) => file.path);
    expect(long).toEqual([]);
  });

  it("has no utils", () => {
    expect(
      files.filter((file) => /\b(utils?|helpers?|misc)\b/.test(file.path)).map((file) => file.path),
    ).toEqual([]);
  });
});
