import type { z } from "zod";
import { didYouMean, listNames, nearest } from "../core/nearest.js";
import {
  conversionHint,
  describeFound,
  describeWanted,
  type FormatWords,
  quoteName,
} from "./found-and-wanted.js";
import { knownKeysAt } from "./schema-keys.js";

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** Suggestions cost time, so of an object full of unknown keys only the first are looked at. */
const MAX_UNKNOWN_KEYS = 20;

/** One finding of a schema, in words; `path` leads to the value or key that is wrong. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
}

/** The value that was checked, its schema, and how to speak about both. */
export interface Checked {
  readonly schema: z.core.$ZodType;
  readonly value: unknown;
  readonly words: FormatWords;
  /** What to call the value as a whole, e.g. `the file`. */
  readonly whole: string;
}

/**
 * Says what a schema found wrong: place, value found, value wanted, next step; one finding for each problem.
 * A missing key is left out where an unknown key beside it is probably the same key, mistyped.
 */
export function describeIssues(issues: readonly Issue[], checked: Checked): Finding[] {
  const flat = issues.flatMap((issue) => flatten(issue, checked));
  const mistyped = new Set(flat.flatMap((issue) => keysProbablyMeant(issue, checked)));
  return flat
    .filter((issue) => !mistyped.has(pathText(issue.path)) || !isMissing(issue, checked))
    .flatMap((issue) => describe(issue, checked));
}

/** A path as the user would write it: `gates[2].metric`. */
function pathText(path: Path): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else text += text === "" ? String(key) : `.${String(key)}`;
  }
  return text;
}

/** The value at a path, or `undefined` where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const key of path) {
    if (current === null || typeof current !== "object" || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<PropertyKey, unknown>)[key];
  }
  return current;
}

function flatten(issue: Issue, checked: Checked): Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const branches = issue.errors.filter((errors) => !errors.some((error) => isWrongRootType(error)));
  const closest = branches.sort((a, b) => a.length - b.length)[0];
  if (closest === undefined) return [issue];
  return closest.flatMap((error) => flatten({ ...error, path: [...issue.path, ...error.path] }, checked));
}

function isWrongRootType(issue: Issue): boolean {
  return issue.code === "invalid_type" && issue.path.length === 0;
}

function keysProbablyMeant(issue: Issue, checked: Checked): string[] {
  if (issue.code !== "unrecognized_keys") return [];
  const known = knownKeysAt(checked.schema, issue.path);
  return issue.keys.slice(0, MAX_UNKNOWN_KEYS).flatMap((key) => {
    const meant = nearest(key, known);
    return meant === undefined ? [] : [pathText([...issue.path, meant])];
  });
}

function isMissing(issue: Issue, checked: Checked): boolean {
  return (
    issue.path.length > 0 &&
    issue.code !== "unrecognized_keys" &&
    issue.code !== "custom" &&
    valueAt(checked.value, issue.path) === undefined
  );
}

function describe(issue: Issue, checked: Checked): Finding[] {
  if (issue.code === "unrecognized_keys") return describeUnknownKeys(issue.keys, issue.path, checked);
  const place = issue.path.length === 0 ? checked.whole : quoteName(pathText(issue.path));
  if (isMissing(issue, checked)) {
    return [{ path: issue.path, message: `${place} is missing; expected ${wantedBy(issue, checked.words)}` }];
  }
  const value = valueAt(checked.value, issue.path);
  const isSecret = mayHoldSecret(issue.path, value);
  const found = isSecret ? "another value" : describeFound(value, checked.words);
  if (issue.code === "custom" || (issue.code === "invalid_format" && issue.format === "regex")) {
    const shown = typeof value === "string" && !isSecret ? `, found ${found}` : "";
    return [{ path: issue.path, message: `${place} ${issue.message}${shown}` }];
  }
  const wanted = wantedBy(issue, checked.words);
  const message = `${place}: expected ${wanted}, found ${found}${hintFor(issue, value, checked.words)}`;
  return [{ path: issue.path, message }];
}

function describeUnknownKeys(keys: readonly string[], path: Path, checked: Checked): Finding[] {
  const findings = keys.slice(0, MAX_UNKNOWN_KEYS).map((key) => describeUnknown(key, path, checked));
  const hidden = keys.length - findings.length;
  return hidden === 0 ? findings : [...findings, { path, message: `… and ${hidden} more unknown keys` }];
}

function describeUnknown(key: string, path: Path, checked: Checked): Finding {
  const known = knownKeysAt(checked.schema, path);
  const place = path.length === 0 ? "" : ` in ${quoteName(pathText(path))}`;
  const home = known.find((other) => knownKeysAt(checked.schema, [...path, other]).includes(key));
  const nextStep =
    didYouMean(key, known) ||
    (home === undefined ? "" : `; it belongs in \`${pathText([...path, home])}\``) ||
    (known.length === 0 ? "" : `; known keys: ${listNames(known, 20)}`);
  return { path: [...path, key], message: `unknown key ${quoteName(key)}${place}${nextStep}` };
}

function wantedBy(issue: Issue, words: FormatWords): string {
  switch (issue.code) {
    case "invalid_type":
      return describeWanted(issue.expected, words);
    case "invalid_union": {
      const roots = issue.errors.flatMap((errors) => errors.filter(isWrongRootType));
      return [...new Set(roots.map((root) => wantedBy(root, words)))].join(" or ");
    }
    case "invalid_value":
      return issue.values.length === 1
        ? `\`${String(issue.values[0])}\``
        : `one of ${listNames(issue.values.map(String))}`;
    case "too_small":
      return sizeWanted(issue.origin, issue.minimum, issue.inclusive === true ? "at least" : "more than");
    case "too_big":
      return sizeWanted(issue.origin, issue.maximum, issue.inclusive === true ? "at most" : "less than");
    case "invalid_format":
      return issue.format === "url" ? "a URL such as http://localhost:8000/v1" : `a valid ${issue.format}`;
    default:
      return issue.message;
  }
}

function sizeWanted(origin: string, size: number | bigint, relation: string): string {
  if (origin === "string") return `${relation} ${size} character${size === 1 ? "" : "s"}`;
  if (origin === "array") return `${relation} ${size} item${size === 1 ? "" : "s"}`;
  return `${relation} ${size}`;
}

function hintFor(issue: Issue, value: unknown, words: FormatWords): string {
  if (issue.code === "invalid_type") return conversionHint(issue.expected, value, words);
  if (issue.code === "invalid_value" && typeof value === "string") {
    if (issue.values.some((wanted) => typeof wanted !== "string" && String(wanted) === value)) {
      return "; remove the quotes";
    }
    return didYouMean(value, issue.values.map(String));
  }
  return "";
}

function mayHoldSecret(path: Path, value: unknown): boolean {
  if (typeof value !== "string") return false;
  return /key|token|secret|password|webhook/i.test(String(path.at(-1) ?? "")) || /\/\/[^/\s]*@/.test(value);
}
