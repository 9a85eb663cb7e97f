/** One sample of a page in the text format of Prometheus. */
export interface MetricSample {
  readonly name: string;
  readonly labels: { readonly [name: string]: string };
  /** NaN, Infinity and -Infinity are values of the format. */
  readonly value: number;
  /** Milliseconds since the Unix epoch; `null`: the moment of the scrape. */
  readonly timestampMs: number | null;
}

type MetricType = "counter" | "gauge" | "histogram" | "summary" | "untyped";

/** A whole page. */
export interface MetricsPage {
  readonly samples: readonly MetricSample[];
  /** Declared types by family. */
  readonly types: ReadonlyMap<string, MetricType>;
}

/** A page, or the first line that is not of the format: Prometheus refuses such a page as a whole, and so do we. */
export type ParsedMetricsPage =
  | { readonly ok: true; readonly page: MetricsPage }
  | { readonly ok: false; readonly line: number; readonly problem: string };

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const TYPES: ReadonlySet<string> = new Set(["counter", "gauge", "histogram", "summary", "untyped"]);

/**
 * Reads a page in the text format 0.0.4 of Prometheus: names, labels with the escapes `\\`, `\"` and `\n`, numbers with
 * NaN and both infinities, timestamps. Comments, units and the `# EOF` of OpenMetrics are passed over, exemplars too.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parseMetricsPage(text: string): ParsedMetricsPage {
  const samples: MetricSample[] = [];
  const types = new Map<string, MetricType>();
  const seen = new Set<string>();
  let number = 0;
  for (const raw of text.split("\n")) {
    number += 1;
    const line = raw.trim();
    if (line === "") continue;
    const problem = line.startsWith("#") ? readComment(line, types) : readSample(line, samples, seen);
    if (problem !== null) return { ok: false, line: number, problem };
  }
  return { ok: true, page: { samples, types } };
}

function readComment(line: string, types: Map<string, MetricType>): string | null {
  const [, keyword, name, type] = /^#\s+(TYPE)\s+(\S+)\s+(\S+)\s*$/.exec(line) ?? [];
  if (keyword === undefined || name === undefined || type === undefined) return null;
  if (types.has(name)) return `"${name}" has two types`;
  // OpenMetrics has types that the older format calls untyped.
  types.set(name, TYPES.has(type) ? (type as MetricType) : "untyped");
  return null;
}

function readSample(line: string, samples: MetricSample[], seen: Set<string>): string | null {
  const name = matchAt(NAME, line, 0);
  if (name === null) return "expected the name of a metric";
  const labels = readLabels(line, name.length);
  if (typeof labels === "string") return labels;
  const rest = line.slice(labels.end).replace(/\s#\s\{.*$/, "");
  if (labels.end === name.length && !/^\s/.test(rest)) return `expected a space or "{" behind "${name}"`;
  const [value = "", timestamp, ...more] = rest.trim().split(/\s+/);
  const parsed = parseNumber(value);
  if (parsed === null) return `expected the value of "${name}" to be a number`;
  if (more.length > 0) return `found more than a value and a timestamp behind "${name}"`;
  if (timestamp !== undefined && !/^-?\d+(\.\d+)?$/.test(timestamp)) {
    return `expected the timestamp of "${name}" to be a number`;
  }
  const key = JSON.stringify([name, Object.entries(labels.labels).sort(), timestamp]);
  if (seen.has(key)) return `"${name}" stands there twice with the same labels`;
  seen.add(key);
  const timestampMs = timestamp === undefined ? null : Number(timestamp);
  samples.push({ name, labels: labels.labels, value: parsed, timestampMs });
  return null;
}

interface ReadLabels {
  readonly labels: { readonly [name: string]: string };
  /** Where the text goes on. */
  readonly end: number;
}

function readLabels(line: string, start: number): ReadLabels | string {
  let at = skipSpace(line, start);
  if (line[at] !== "{") return { labels: {}, end: start };
  const labels: [string, string][] = [];
  at = skipSpace(line, at + 1);
  while (line[at] !== "}") {
    const name = matchAt(LABEL_NAME, line, at);
    if (name === null) return 'expected the name of a label, or "}"';
    if (labels.some(([known]) => known === name)) return `label "${name}" stands there twice`;
    at = skipSpace(line, at + name.length);
    if (line[at] !== "=") return `expected "=" behind label "${name}"`;
    at = skipSpace(line, at + 1);
    const value = readQuoted(line, at);
    if (value === null) return `expected the value of label "${name}" in quotes`;
    labels.push([name, value.text]);
    at = skipSpace(line, value.end);
    if (line[at] === ",") at = skipSpace(line, at + 1);
    else if (line[at] !== "}") return `expected "," or "}" behind label "${name}"`;
  }
  return { labels: Object.fromEntries(labels), end: at + 1 };
}

function readQuoted(line: string, start: number): { readonly text: string; readonly end: number } | null {
  if (line[start] !== '"') return null;
  let text = "";
  for (let at = start + 1; at < line.length; at += 1) {
    const character = line[at];
    if (character === '"') return { text, end: at + 1 };
    if (character !== "\\") {
      text += character;
      continue;
    }
    at += 1;
    const escaped = line[at];
    if (escaped === "n") text += "\n";
    else if (escaped === "\\" || escaped === '"') text += escaped;
    // Prometheus keeps the backslash of an escape that it does not know.
    else if (escaped !== undefined) text += `\\${escaped}`;
  }
  return null;
}

function parseNumber(text: string): number | null {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  const [, sign] = /^([+-]?)inf(?:inity)?$/i.exec(text) ?? [];
  if (sign === undefined) return null;
  return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function skipSpace(line: string, from: number): number {
  let at = from;
  while (line[at] === " " || line[at] === "\t") at += 1;
  return at;
}

function matchAt(pattern: RegExp, line: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0] ?? null;
}
