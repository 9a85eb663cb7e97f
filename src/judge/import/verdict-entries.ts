import { quoteShort } from "../../config/found-and-wanted.js";
import { PAIR } from "../../config/judge/scale-categories.js";
import { contentHash } from "../../core/hash.js";
import type { VerdictEntry, VerdictOrder } from "../../core/judgement.js";
import type { TableRow } from "../../datasets/import/table-file.js";
import type { ItemResolver } from "./item-resolver.js";
import { checkFields, type JudgementTable, textAt } from "./judgement-table.js";
import { itemAt } from "./label-entries.js";
import { isOutOfRange, type LabelWords, labelOf } from "./label-words.js";

/** Where a table holds what judges said. */
export interface VerdictFields {
  /** Fields whose texts, joined by `/`, name the judge; or the one judge. */
  readonly judge: { readonly fields: readonly string[] } | { readonly name: string };
  readonly item: string;
  readonly value: string;
  /** Verdict with the answers swapped. */
  readonly swapped?: string;
  readonly reasoning?: string;
  /** Number of the vote, whole, 0 or more. */
  readonly vote?: string;
}

export interface VerdictRules {
  readonly rubric: string;
  readonly words: LabelWords;
  /** Whether swapped verdicts name the answers as the judge saw them, and have to be mapped back. */
  readonly swappedIsRaw: boolean;
  readonly now: string;
  readonly resolve: ItemResolver;
}

export interface ReadVerdicts {
  readonly entries: readonly VerdictEntry[];
  /** Lines of the entries, for messages about them. */
  readonly lines: ReadonlyMap<VerdictEntry, number>;
  /** Verdicts that say again what an earlier row said. */
  readonly folded: number;
}

/**
 * Version of an imported judge: who it is, what it judges, and how its words were read. The same words read in another
 * way are another judge.
 */
export function importedVersion(judge: string, rubric: string, { words }: Pick<LabelWords, "words">): string {
  const read = words.size === 0 ? undefined : Object.fromEntries(words);
  return contentHash({ imported: judge, rubric, words: read });
}

/**
 * Reads verdicts. A word that nobody declared is kept with no value, as is an empty one. What is wrong is noted in the
 * table's problems: no item, no judge, a vote that is no number, and two verdicts of one judge for one vote.
 */
export function readVerdicts(
  table: JudgementTable,
  fields: VerdictFields,
  rules: VerdictRules,
): ReadVerdicts {
  const { judge, item, value, swapped, reasoning, vote } = fields;
  const named = [item, value, ...("fields" in judge ? judge.fields : []), swapped, reasoning, vote];
  const lines = new Map<VerdictEntry, number>();
  const none = { entries: [], lines, folded: 0 };
  if (
    !checkFields(
      table,
      named.filter((field) => field !== undefined),
    )
  )
    return none;
  const versions = new Map<string, string>();
  const byKey = new Map<string, VerdictEntry>();
  let folded = 0;
  const add = (line: number, entry: VerdictEntry) => {
    const key = JSON.stringify([entry.judge, entry.item, entry.order, entry.vote]);
    const earlier = byKey.get(key);
    if (earlier === undefined) {
      byKey.set(key, entry);
      lines.set(entry, line);
    } else if (earlier.word === entry.word && earlier.value === entry.value) folded += 1;
    else table.problems.add(line, contradiction(earlier, entry, lines.get(earlier) ?? 0));
  };
  for (const row of table.rows) {
    const place = itemAt(table, row, item, rules.resolve);
    const name = "name" in judge ? judge.name : judgeAt(table, row, judge.fields);
    const number = vote === undefined ? 0 : voteAt(table, row, vote);
    if (place === null || name === null || number === null) continue;
    const version = versions.get(name) ?? importedVersion(name, rules.rubric, rules.words);
    versions.set(name, version);
    const said = {
      judge: name,
      judgeVersion: version,
      rubric: rules.rubric,
      item: place.item,
      subjectHash: contentHash(place.item),
      vote: number,
      share: null,
      reasoning: reasoning === undefined ? "" : (textAt(table, row, reasoning) ?? ""),
      costUsd: null,
      at: rules.now,
    };
    const wordAt = (field: string, order: VerdictOrder) => {
      const word = textAt(table, row, field);
      return { ...said, order, ...readWord(table, row, word, order, rules) };
    };
    add(row.line, wordAt(value, "first"));
    if (swapped !== undefined) add(row.line, wordAt(swapped, "swapped"));
  }
  return { entries: [...byKey.values()], lines, folded };
}

type Reading = Pick<VerdictEntry, "value" | "word" | "reason">;

function readWord(
  table: JudgementTable,
  row: TableRow,
  word: string | null,
  order: VerdictOrder,
  { words, swappedIsRaw }: VerdictRules,
): Reading {
  if (word === null) return { value: null, word: "", reason: "invalid_reply" };
  const value = labelOf(word, words);
  if (value === null) {
    return { value, word, reason: isOutOfRange(word, words) ? "out_of_range" : "unmapped" };
  }
  if (order === "first" || !swappedIsRaw) return { value, word, reason: null };
  const back = SWAPPED.get(value);
  if (back === undefined) {
    table.problems.add(
      row.line,
      `--swapped-raw: expected ${PAIR.first}, ${PAIR.second} or ${PAIR.tie}, found ${quoteShort(value)}; ` +
        "say what it stands for with --map word=A",
    );
  }
  return { value: back ?? null, word, reason: null };
}

const SWAPPED: ReadonlyMap<string, string> = new Map([
  [PAIR.first, PAIR.second],
  [PAIR.second, PAIR.first],
  [PAIR.tie, PAIR.tie],
]);

function judgeAt(table: JudgementTable, row: TableRow, fields: readonly string[]): string | null {
  const names = fields.map((field) => textAt(table, row, field));
  if (names.every((name) => name !== null)) return names.join("/");
  table.problems.add(row.line, `expected ${fields.join(", ")} to name the judge, found nothing`);
  return null;
}

function voteAt(table: JudgementTable, row: TableRow, field: string): number | null {
  const text = textAt(table, row, field);
  const number = text === null ? Number.NaN : Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  const found = text === null ? "nothing" : quoteShort(text);
  table.problems.add(row.line, `expected --vote to be a whole number of at least 0, found ${found}`);
  return null;
}

function contradiction(earlier: VerdictEntry, { judge, item, word }: VerdictEntry, line: number): string {
  return (
    `expected one verdict of ${quoteShort(judge)} for ${quoteShort(item)}, found ${quoteShort(earlier.word)} on line ` +
    `${line} and ${quoteShort(word)} here; if these are votes, number them with --vote; if they are two judges, tell ` +
    "them apart with --judge-field"
  );
}
