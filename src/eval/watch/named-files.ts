import { readFileSync, statSync } from "node:fs";
import { dirname, parse as parsePath, resolve } from "node:path";
import { parse } from "yaml";
import { isModule, moduleFiles } from "./module-files.js";

const LONGEST_PATH = 512;
const FILE_ENDING = /\.(ya?ml|json|jsonl|md|txt|csv|tsv|html?|[cm]?[jt]s|py|sh|rb|db)$/i;

/** A file, or a folder with everything below it. */
export interface NamedPlace {
  /** Absolute. */
  readonly path: string;
  readonly isTree: boolean;
}

/**
 * Everything that a YAML file names by a path relative to its folder: prompts, modules with what they import, documents,
 * scripts, and YAML files with what they name in turn. Found by what is on disk rather than by key, so that it holds
 * for every part of an agent. A file that is broken or missing names nothing; a name that looks like a file may come.
 *
 * @param file - absolute
 * @returns places with the file itself first
 */
export function namedFiles(file: string): readonly NamedPlace[] {
  const places = new Map<string, NamedPlace>([[file, { path: file, isTree: false }]]);
  const queue = [file];
  for (const yamlFile of queue) {
    for (const text of stringsIn(yamlFile)) {
      const place = placeOf(text, dirname(yamlFile));
      if (place === null || places.has(place.path)) continue;
      places.set(place.path, place);
      if (/\.ya?ml$/i.test(place.path)) queue.push(place.path);
      if (isModule(place.path)) {
        for (const path of moduleFiles(place.path)) places.set(path, { path, isTree: false });
      }
    }
  }
  return [...places.values()];
}

function stringsIn(file: string): Iterable<string> {
  try {
    return strings(parse(readFileSync(file, "utf8"), { merge: true, logLevel: "silent" }));
  } catch {
    return [];
  }
}

function* strings(value: unknown): Iterable<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null) {
    for (const one of Object.values(value)) yield* strings(one);
  }
}

function placeOf(text: string, folder: string): NamedPlace | null {
  if (text === "" || text.length > LONGEST_PATH || /[\n\0]/.test(text) || /^[a-z]+:\/\//i.test(text))
    return null;
  // `knowledge/**/*.md` is whatever lies below `knowledge`.
  const [fixed = ""] = text.split(/[*?{[]/);
  const isPattern = fixed !== text;
  const path = resolve(folder, isPattern ? fixed.replace(/[^/]*$/, "") : text);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return FILE_ENDING.test(text) && !isPattern ? { path, isTree: false } : null;
  if (!stat.isDirectory()) return { path, isTree: false };
  const isAbove = folder === path || folder.startsWith(`${path}/`);
  return isAbove || path === parsePath(path).root ? null : { path, isTree: true };
}
