import { quoteName, quoteShort } from "../../config/found-and-wanted.js";
import { contentHash } from "../../core/hash.js";
import type { LabelEntry, Subject } from "../../core/judgement.js";
import { didYouMean, listNames } from "../../core/nearest.js";
import type { TableRow } from "../../datasets/import/table-file.js";
import type { ItemResolver, ResolvedItem } from "./item-resolver.js";
import { rowSubject, type SubjectFields, subjectFields } from "./item-subject.js";
import { checkFields, type JudgementTable, textAt } from "./judgement-table.js";
import { type LabelWords, labelOf } from "./label-words.js";

/** Where a table holds what people said. */
export interface LabelFields extends SubjectFields {
  readonly item: string;
  readonly value: string;
  /** Field that names who labelled, or the one person who did. */
  readonly author: { readonly field: string } | { readonly name: string };
  readonly comment?: string;
  readonly at?: string;
}

export interface LabelRules {
  readonly rubric: string;
  readonly words: LabelWords;
  /** What the entries say of where they came from. */
  readonly source: string;
  /** Time of labels without one, ISO 8601. */
  readonly now: string;
  readonly resolve: ItemResolver;
}

/** What a table says. */
export interface ReadLabels {
  readonly entries: readonly LabelEntry[];
  /** Each item once, as the trial or its first row shows it; empty when no field of it is named. */
  readonly subjects: readonly Subject[];
  /** Rows without a label. */
  readonly missing: number;
  /** Rows that say again what an earlier one said. */
  readonly folded: number;
}

/**
 * Reads labels. An entry's id is the hash of what it says, so that reading a file twice adds nothing. What is wrong is
 * noted in the table's problems: a word that is no label, no item, no author, a time that is none, and two labels of
 * one author for one item at the same time, which may be two people of one name.
 */
export function readLabels(table: JudgementTable, fields: LabelFields, rules: LabelRules): ReadLabels {
  const { item, value, author, comment, at, ...subject } = fields;
  const own = [item, value, ...("field" in author ? [author.field] : []), comment, at];
  const named = [...own.filter((field) => field !== undefined), ...subjectFields(subject)];
  if (!checkFields(table, named)) return { entries: [], subjects: [], missing: 0, folded: 0 };
  const given = new GivenLabels(table);
  const subjects = new Map<string, Subject>();
  let missing = 0;
  for (const row of table.rows) {
    const word = textAt(table, row, value);
    if (word === null) {
      missing += 1;
      continue;
    }
    const place = itemAt(table, row, item, rules.resolve);
    const who = "name" in author ? author.name : requiredAt(table, row, author.field, "the annotator");
    const label = labelOf(word, rules.words);
    if (label === null) table.problems.add(row.line, unknownLabel(value, word, rules.words));
    const when = at === undefined ? null : timeAt(table, row, at);
    const said = comment === undefined ? null : textAt(table, row, comment);
    if (place === null || who === null || label === null) continue;
    if (!subjects.has(place.item)) {
      const shown = place.subject ?? rowSubject(table, row, place.item, subject);
      if (shown !== null) subjects.set(place.item, shown);
    }
    given.add(row.line, { item: place.item, author: who.trim(), value: label, comment: said, at: when });
  }
  const { rubric, source, now } = rules;
  const entries = given.inOrder().map((one): LabelEntry => {
    const id = contentHash({ rubric, ...one });
    return { id, rubric, ...one, action: "label", at: one.at ?? now, source };
  });
  return { entries, subjects: [...subjects.values()], missing, folded: given.folded };
}

interface GivenLabel {
  readonly item: string;
  readonly author: string;
  readonly value: string;
  readonly comment: string | null;
  readonly at: string | null;
}

/** Labels by author and item, to find those that contradict or repeat each other. */
class GivenLabels {
  folded = 0;
  private readonly byKey = new Map<string, { readonly line: number; readonly label: GivenLabel }[]>();
  private readonly labels: GivenLabel[] = [];

  constructor(private readonly table: JudgementTable) {}

  add(line: number, label: GivenLabel): void {
    const key = JSON.stringify([label.item, label.author]);
    const earlier = this.byKey.get(key) ?? [];
    this.byKey.set(key, earlier);
    const atOnce = earlier.filter((one) => one.label.at === label.at);
    const other = atOnce.find((one) => one.label.value !== label.value);
    if (other !== undefined) {
      const values = `${quoteShort(other.label.value)} on line ${other.line} and ${quoteShort(label.value)} here`;
      this.table.problems.add(
        line,
        `expected one label of ${quoteShort(label.author)} for ${quoteShort(label.item)}, found ${values}; ` +
          "if these are two people, give them two names; if one changed their mind, name the time with --at",
      );
      return;
    }
    if (atOnce.some((one) => label.comment === null || one.label.comment === label.comment)) {
      this.folded += 1;
      return;
    }
    earlier.push({ line, label });
    this.labels.push(label);
  }

  /** By time where there are times: a later label of an author replaces an earlier one. */
  inOrder(): readonly GivenLabel[] {
    return this.labels.toSorted((one, other) =>
      one.at === null || other.at === null || one.at === other.at ? 0 : one.at < other.at ? -1 : 1,
    );
  }
}

/** The item that a row names; `null` with a problem when it names none. */
export function itemAt(
  table: JudgementTable,
  row: TableRow,
  field: string,
  resolve: ItemResolver,
): ResolvedItem | null {
  const name = requiredAt(table, row, field, "the item");
  if (name === null) return null;
  const found = resolve(name);
  if ("item" in found) return found;
  table.problems.add(row.line, found.problem);
  return null;
}

function requiredAt(table: JudgementTable, row: TableRow, field: string, what: string): string | null {
  const text = textAt(table, row, field);
  if (text === null)
    table.problems.add(row.line, `expected ${quoteName(field)} to name ${what}, found nothing`);
  return text;
}

function timeAt(table: JudgementTable, row: TableRow, field: string): string | null {
  const text = textAt(table, row, field);
  if (text === null) return null;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text.trim()) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  table.problems.add(
    row.line,
    `expected ${quoteName(field)} to be a time such as 2026-11-21T09:30:00Z, found ${quoteShort(text)}`,
  );
  return null;
}

function unknownLabel(field: string, word: string, { labels }: LabelWords): string {
  const known = labels ?? [];
  const hint = didYouMean(word, known) || "; correct it, or say what it stands for with --map word=label";
  return `expected ${quoteName(field)} to be one of ${listNames(known)}, found ${quoteShort(word)}${hint}`;
}
