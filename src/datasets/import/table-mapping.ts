import { compile, type JSONValue, TreeInterpreter } from "@jmespath-community/jmespath";
import { listNames, nearest } from "../../core/nearest.js";

/** What a mapped value must be. */
export type TargetKind = "text" | "number" | "count" | "boolean" | "list" | "object" | "any";

/** Keys of a golden case that a table can fill. */
const CASE_TARGETS: Readonly<Record<string, TargetKind>> = {
  id: "text",
  input: "any",
  "expect.answer": "text",
  "expect.must_include": "list",
  "expect.must_not_include": "list",
  "expect.outputs": "list",
  "expect.sources": "any",
  "expect.refusal": "boolean",
  "expect.schema": "object",
  "expect.tool_calls": "any",
  "expect.tool_calls_mode": "text",
  environment: "text",
  risk: "text",
  tags: "list",
  group: "text",
  split: "text",
};

/** Keys of what an agent did. */
const TRIAL_TARGETS: Readonly<Record<string, TargetKind>> = {
  output: "text",
  "score.success": "boolean",
  trial: "count",
  duration_ms: "number",
  cost_usd: "number",
  input_tokens: "count",
  output_tokens: "count",
  error: "text",
  started_at: "text",
  retrieved: "list",
};

const ALIASES: Readonly<Record<string, string>> = {
  success: "score.success",
  question: "input",
  answer: "expect.answer",
};
const SCORE = /^score\.([A-Za-z0-9][\w.-]*)$/;

/** One mapped key: what it is filled with. */
export interface Mapping {
  readonly target: string;
  readonly kind: TargetKind;
  /** As the user wrote it, for messages. */
  readonly expression: string;
  /** The value for a row; `null` where there is none. Throws with a reason. */
  readonly read: (row: Readonly<Record<string, unknown>>) => unknown;
}

/** How a message names the place of an expression, e.g. `--map id`. */
export interface MappingEntry {
  readonly place: string;
  readonly target: string;
  readonly expression: string;
}

/** Whether a target says what an agent did, so that the table is a run. */
export function isTrialTarget(target: string): boolean {
  return target in TRIAL_TARGETS || SCORE.test(target);
}

/** Name of the score that `score.NAME` fills; `null` for other targets and for `score.success`. */
export function scoreOf(target: string): string | null {
  return target in TRIAL_TARGETS ? null : (SCORE.exec(target)?.[1] ?? null);
}

/**
 * The mapping that entries state.
 *
 * @param columns - names of the table's columns, which stand for themselves also where they are no JMESPath; `null`
 *   for JSON lines
 * @returns the mapping, and a message for each entry that is wrong
 */
export function mappingOf(
  entries: readonly MappingEntry[],
  columns: readonly string[] | null,
): { readonly mappings: readonly Mapping[]; readonly problems: readonly string[] } {
  const mappings: Mapping[] = [];
  const problems: string[] = [];
  for (const { place, target: written, expression } of entries) {
    const target = ALIASES[written] ?? written;
    const kind = CASE_TARGETS[target] ?? TRIAL_TARGETS[target] ?? (SCORE.test(target) ? "number" : undefined);
    if (kind === undefined) {
      problems.push(`${place}: there is no key \`${written}\`${suggestionFor(written)}`);
      continue;
    }
    if (mappings.some((one) => one.target === target)) {
      problems.push(`${place}: expected \`${target}\` to be mapped once, found it twice`);
      continue;
    }
    const read = evaluator(expression, columns);
    if (typeof read === "string") problems.push(`${place}: ${read}`);
    else mappings.push({ target, kind, expression, read });
  }
  return { mappings, problems };
}

function suggestionFor(target: string): string {
  const known = [...Object.keys(CASE_TARGETS), ...Object.keys(TRIAL_TARGETS)];
  const meant = nearest(target, known);
  return meant === undefined
    ? `; known are ${listNames(known, 40)} and \`score.<name>\``
    : `; did you mean \`${meant}\`?`;
}

/** The function of an expression, or what is wrong with it. */
function evaluator(expression: string, columns: readonly string[] | null): Mapping["read"] | string {
  const text = expression.trim();
  if (text === "") return "expected a JMESPath expression or a column, found nothing";
  if (columns?.includes(text)) return (row) => row[text] ?? null;
  if (columns !== null && /^[A-Za-z_]\w*$/.test(text)) return unknownColumn(text, columns);
  let node: ReturnType<typeof compile>;
  try {
    node = compile(text);
  } catch (error) {
    const hint = columns === null ? "" : `; columns are ${listNames(columns)}`;
    return `\`${text}\` is no JMESPath: ${(error as Error).message}${hint}`;
  }
  // Cells are texts. An expression that compares with JSON literals such as `true` or `3` means values, not texts.
  const isTyped = columns !== null && text.includes("`");
  return (row) => TreeInterpreter.search(node, (isTyped ? typedRow(row) : row) as JSONValue) ?? null;
}

function unknownColumn(name: string, columns: readonly string[]): string {
  const meant = nearest(name, columns);
  return meant === undefined
    ? `there is no column \`${name}\`; columns are ${listNames(columns)}`
    : `there is no column \`${name}\`; did you mean \`${meant}\`?`;
}

function typedRow(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [name, typeof cell === "string" ? typedCell(cell) : cell]),
  );
}

function typedCell(cell: string): unknown {
  const text = cell.trim();
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  return /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text) ? Number(text) : cell;
}
