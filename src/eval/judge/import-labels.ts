import { quoteShort } from "../../config/found-and-wanted.js";
import { UsageError } from "../../core/errors.js";
import type { LabelEntry } from "../../core/judgement.js";
import { currentLabels } from "../../judge/current-labels.js";
import { isLabelExport, readExportedLabels } from "../../judge/import/exported-labels.js";
import type { SubjectFields } from "../../judge/import/item-subject.js";
import type { JudgementTable } from "../../judge/import/judgement-table.js";
import { type LabelFields, type ReadLabels, readLabels } from "../../judge/import/label-entries.js";
import { type LabelWords, labelWords } from "../../judge/import/label-words.js";
import { counted } from "../../report/counted.js";
import type { ImportedLabels } from "../../report/label-import-documents.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import type { ImportServices } from "../import/import-run.js";
import { KeyRedactor } from "../import/redact-import.js";
import { type ImportPlace, type ImportPlaceFlags, withImportPlace } from "./import-place.js";
import { importedRubric } from "./import-rubric.js";
import { tallyOf } from "./name-tally.js";

export interface ImportLabelsFlags extends ImportPlaceFlags, SubjectFields {
  readonly rubric?: string;
  readonly item?: string;
  readonly value?: string;
  /** Field that names the annotator. */
  readonly author?: string;
  /** Name of the one annotator. */
  readonly by?: string;
  readonly comment?: string;
  readonly at?: string;
  /** `word=label` pairs. */
  readonly map?: readonly string[];
}

/** A field with more labels is a text, not a label. */
const MOST_LABELS = 100;

/**
 * Adds the labels of a table, or those that `judge export` wrote, to the project. Importing a file again adds nothing.
 *
 * @throws {UsageError} when flags are missing or contradict each other
 * @throws {DatasetError} with every problem of the file; nothing is added then
 */
export function importLabels(
  file: string,
  flags: ImportLabelsFlags,
  services: ImportServices,
): Promise<ImportedLabels> {
  return withImportPlace(file, flags, services.workingDirectory, (place) => {
    const keys = new KeyRedactor();
    const read = keys.redact(
      isLabelExport(place.table) ? ofExport(place, flags) : ofTable(place, flags, services),
    );
    place.table.problems.throwIfAny();
    const { judgements, table } = place;
    const notes = [
      ...notesOf(read, judgements),
      ...(flags.run === undefined ? loneTrials(read, judgements) : []),
      ...(keys.note === null ? [] : [keys.note]),
    ];
    judgements.addItems(read.subjects);
    const added = judgements.addLabels(read.entries);
    return {
      source: file,
      rubrics: [...new Set(read.entries.map(({ rubric }) => rubric))],
      rows: table.rows.length,
      added,
      alreadyThere: read.entries.length - added,
      missing: read.missing,
      repeated: read.folded,
      items: new Set(read.entries.map(({ item }) => item)).size,
      authors: tallyOf(read.entries.map(({ author }) => author)),
      labels: tallyOf(read.entries.flatMap(({ value }) => (value === null ? [] : [value]))),
      notes,
    };
  });
}

function ofTable(
  { project, table, resolve }: ImportPlace,
  flags: ImportLabelsFlags,
  { workingDirectory, clock }: ImportServices,
): ReadLabels {
  const { rubric, item, value, author, by, comment, at, map, config, run, delimiter, ...subject } = flags;
  const missing = [
    ...(rubric === undefined ? ["--rubric NAME"] : []),
    ...(item === undefined ? ["--item FIELD"] : []),
    ...(value === undefined ? ["--value FIELD"] : []),
    ...(author === undefined && by === undefined ? ["--author FIELD or --by NAME"] : []),
  ];
  if (rubric === undefined || item === undefined || value === undefined || missing.length > 0) {
    throw new UsageError(`expected ${missing.join(", ")}`, {
      nextStep: `${table.path} has the fields ${table.fields.slice(0, 20).join(", ")}`,
    });
  }
  if (author !== undefined && by !== undefined) {
    throw new UsageError("--author and --by both say who labelled; give one of them");
  }
  const judge = importedRubric(rubric, project, workingDirectory);
  const words = labelWords(map ?? [], judge.config === null ? null : { ...judge.config, synonyms: {} });
  const who: LabelFields["author"] =
    author === undefined ? { name: (by as string).trim() } : { field: author };
  if ("name" in who && who.name === "") throw new UsageError("--by: expected a name, found none");
  const fields: LabelFields = {
    ...subject,
    item,
    value,
    author: who,
    ...(comment === undefined ? {} : { comment }),
    ...(at === undefined ? {} : { at }),
  };
  const now = new Date(clock.now()).toISOString();
  const read = readLabels(table, fields, { rubric: judge.name, words, source: table.path, now, resolve });
  refuseTexts(table, value, read, words);
  return read;
}

function refuseTexts(
  { path }: JudgementTable,
  field: string,
  { entries }: ReadLabels,
  words: LabelWords,
): void {
  const labels = new Set(entries.map(({ value }) => value));
  if (words.labels !== null || labels.size <= MOST_LABELS) return;
  throw new UsageError(
    `${path}: found ${labels.size} different labels in ${field}, expected at most ${MOST_LABELS}`,
    {
      nextStep: "name a field that holds labels, not texts",
    },
  );
}

/** Entries that `judge export` wrote say everything themselves. */
function ofExport({ table, project }: ImportPlace, flags: ImportLabelsFlags): ReadLabels {
  const { rubric, config, ...others } = flags;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw new UsageError(
      `--${other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${table.path} is an export of agentctl, which needs none`,
      {
        nextStep: `agentctl import labels ${table.path}`,
      },
    );
  }
  const labelsOf = (name: string) => {
    const { config: judge } = importedRubric(name, project, project.root);
    return judge === null ? null : labelWords([], { ...judge, synonyms: {} }).labels;
  };
  const entries = readExportedLabels(table, rubric ?? null, labelsOf);
  return { entries, subjects: [], missing: 0, folded: 0 };
}

function notesOf(read: ReadLabels, judgements: JudgementStore): readonly string[] {
  const { missing, folded, entries } = read;
  const { replaced, kept } = againstStored(entries, judgements);
  const notes: string[] = [];
  if (missing > 0)
    notes.push(`${counted(missing, "row")} without a label ${missing === 1 ? "was" : "were"} left out.`);
  if (folded > 0)
    notes.push(
      `${counted(folded, "row")} said the same as an earlier one and ${folded === 1 ? "was" : "were"} folded.`,
    );
  if (replaced.length > 0) {
    notes.push(
      `${counted(replaced.length, "label")} now ${replaced.length === 1 ? "says" : "say"} something else than ` +
        `${authorsOf(replaced)} said before; if these are two people of one name, import under another name.`,
    );
  }
  if (kept.length > 0) {
    notes.push(
      `${counted(kept.length, "label")} of ${authorsOf(kept)} had been imported before and changed since: the change stays.`,
    );
  }
  return notes;
}

/** Names such as `case/0` are most likely meant for trials of a run, which they are not joined with. */
function loneTrials({ entries, subjects }: ReadLabels, judgements: JudgementStore): readonly string[] {
  if (subjects.length > 0) return [];
  const items = new Set(entries.map(({ item }) => item).filter((item) => /.\/\d+$/.test(item)));
  const lone = [...items].filter((item) => judgements.item(item) === null);
  if (lone.length === 0) return [];
  const names = `${quoteShort(lone[0] ?? "")}${lone.length === 1 ? "" : ` and ${lone.length - 1} more`}`;
  return [`No item ${names} is known here: if trials of a run are meant, import with --run.`];
}

/** Which entries change what their author says now, and which would go back to what was replaced since. */
function againstStored(entries: readonly LabelEntry[], judgements: JudgementStore) {
  const replaced: LabelEntry[] = [];
  const kept: LabelEntry[] = [];
  for (const rubric of new Set(entries.map((entry) => entry.rubric))) {
    const stored = judgements.labels(rubric);
    if (stored.length === 0) continue;
    const ids = new Set(stored.map(({ id }) => id));
    const now = new Map(
      currentLabels(stored).flatMap(({ byAuthor }) =>
        byAuthor.map(({ item, author, value }) => [JSON.stringify([item, author]), value] as const),
      ),
    );
    for (const entry of entries) {
      if (entry.rubric !== rubric || entry.action !== "label") continue;
      const value = now.get(JSON.stringify([entry.item, entry.author]));
      if (value === undefined || value === null || value === entry.value) continue;
      (ids.has(entry.id) ? kept : replaced).push(entry);
    }
  }
  return { replaced, kept };
}

function authorsOf(entries: readonly LabelEntry[]): string {
  const names = [...new Set(entries.map(({ author }) => author))];
  const shown = names.slice(0, 3).map(quoteShort).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
