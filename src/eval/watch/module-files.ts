import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";

const SPECIFIER = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*["'](\.{1,2}\/[^"'\n]+)["']/g;
const ENDINGS = ["", ".ts", ".js", ".mts", ".mjs", ".cts", ".cjs", ".json", "/index.ts", "/index.js"];
/** TypeScript names the file that it would compile to. */
const WRITTEN_AS: { readonly [ending: string]: string } = { ".js": ".ts", ".mjs": ".mts", ".cjs": ".cts" };

/** Whether a path is that of a module of JavaScript or TypeScript. */
export function isModule(path: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(path);
}

/**
 * A module and the files that it imports by a relative path, directly or through others. Packages are left out: they
 * change by an installation.
 *
 * @param file - absolute
 * @returns absolute paths; files that cannot be read import nothing
 */
export function moduleFiles(file: string): readonly string[] {
  const found = new Set<string>([file]);
  for (const path of found) {
    if (!isModule(path)) continue;
    for (const [, specifier = ""] of textOf(path).matchAll(SPECIFIER)) {
      found.add(fileOf(resolve(dirname(path), specifier)));
    }
  }
  return [...found];
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Where nothing is found yet, the name as it is written: it may come. */
function fileOf(path: string): string {
  const ending = extname(path);
  const source = WRITTEN_AS[ending];
  const sources = source === undefined ? [] : [path.slice(0, -ending.length) + source];
  const candidates = [...ENDINGS.map((one) => path + one), ...sources];
  return candidates.find(isFile) ?? path;
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
