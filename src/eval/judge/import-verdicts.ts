import { quoteShort } from "../../config/found-and-wanted.js";
import { UsageError } from "../../core/errors.js";
import type { VerdictEntry } from "../../core/judgement.js";
import { listNames } from "../../core/nearest.js";
import type { JudgementTable } from "../../judge/import/judgement-table.js";
import { type LabelWords, labelWords } from "../../judge/import/label-words.js";
import { importedVersion, readVerdicts, type VerdictFields } from "../../judge/import/verdict-entries.js";
import { counted } from "../../report/counted.js";
import type { ImportedJudge, ImportedVerdicts } from "../../report/label-import-documents.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import type { ImportServices } from "../import/import-run.js";
import { KeyRedactor } from "../import/redact-import.js";
import { type ImportPlaceFlags, withImportPlace } from "./import-place.js";
import { importedRubric } from "./import-rubric.js";
import { tallyOf } from "./name-tally.js";

export interface ImportVerdictsFlags extends ImportPlaceFlags {
  readonly rubric?: string;
  /** Name of the one judge. */
  readonly judge?: string;
  /** Fields that name the judge together. */
  readonly judgeField?: readonly string[];
  readonly item?: string;
  readonly value?: string;
  readonly swapped?: string;
  readonly swappedRaw?: boolean;
  readonly reasoning?: string;
  readonly vote?: string;
  /** `word=label` pairs. */
  readonly map?: readonly string[];
}

/**
 * Adds the verdicts of a table to the project. Importing a file again adds nothing; a verdict that is another one now is
 * refused, as verdicts are never changed.
 *
 * @throws {UsageError} when flags are missing or contradict each other
 * @throws {DatasetError} with every problem of the file; nothing is added then
 */
export function importVerdicts(
  file: string,
  flags: ImportVerdictsFlags,
  { workingDirectory, clock }: ImportServices,
): Promise<ImportedVerdicts> {
  return withImportPlace(file, flags, workingDirectory, ({ project, table, judgements, resolve }) => {
    const { rubric, fields } = requiredFlags(flags, table);
    const scale = importedRubric(rubric, project, workingDirectory);
    const words = labelWords(flags.map ?? [], scale.config);
    const now = new Date(clock.now()).toISOString();
    const swappedIsRaw = flags.swappedRaw === true;
    const read = readVerdicts(table, fields, { rubric: scale.name, words, swappedIsRaw, now, resolve });
    const keys = new KeyRedactor();
    const entries = read.entries.map((entry) => withoutKeys(entry, keys));
    const lines = read.entries.map((entry) => read.lines.get(entry));
    const fresh = freshVerdicts(entries, lines, storedVerdicts(judgements, entries), table);
    table.problems.throwIfAny();
    judgements.addVerdicts(fresh);
    const unmapped = entries.filter(({ reason }) => reason === "unmapped" || reason === "out_of_range");
    return {
      source: file,
      rubric: scale.name,
      rows: table.rows.length,
      added: fresh.length,
      alreadyThere: entries.length - fresh.length,
      repeated: read.folded,
      judges: judgesOf(entries, fresh),
      unmappedWords: tallyOf(unmapped.map(({ word }) => word)),
      notes: [
        ...(keys.note === null ? [] : [keys.note]),
        ...otherReadings(judgements, entries, scale.name, words),
      ],
    };
  });
}

function requiredFlags(
  flags: ImportVerdictsFlags,
  table: JudgementTable,
): { readonly rubric: string; readonly fields: VerdictFields } {
  const { rubric, judge, judgeField, item, value, swapped, swappedRaw, reasoning, vote } = flags;
  const missing = [
    ...(rubric === undefined ? ["--rubric NAME"] : []),
    ...(judge === undefined && judgeField === undefined ? ["--judge NAME or --judge-field FIELD"] : []),
    ...(item === undefined ? ["--item FIELD"] : []),
    ...(value === undefined ? ["--value FIELD"] : []),
  ];
  if (rubric === undefined || item === undefined || value === undefined || missing.length > 0) {
    throw new UsageError(`expected ${missing.join(", ")}`, {
      nextStep: `${table.path} has the fields ${table.fields.slice(0, 20).join(", ")}`,
    });
  }
  if (judge !== undefined && judgeField !== undefined) {
    throw new UsageError("--judge and --judge-field both name the judge; give one of them");
  }
  if (judge?.trim() === "") throw new UsageError("--judge: expected a name, found none");
  if (swappedRaw === true && swapped === undefined) {
    throw new UsageError("--swapped-raw: expected --swapped FIELD as well, found none");
  }
  return {
    rubric,
    fields: {
      judge: judge === undefined ? { fields: judgeField ?? [] } : { name: judge.trim() },
      item,
      value,
      ...(swapped === undefined ? {} : { swapped }),
      ...(reasoning === undefined ? {} : { reasoning }),
      ...(vote === undefined ? {} : { vote }),
    },
  };
}

function keyOf({ judgeVersion, item, subjectHash, order, vote }: VerdictEntry): string {
  return JSON.stringify([judgeVersion, item, subjectHash, order, vote]);
}

function storedVerdicts(judgements: JudgementStore, entries: readonly VerdictEntry[]) {
  const judges = new Set(entries.map(({ judge }) => judge));
  return new Map(
    [...judges].flatMap((judge) => judgements.verdicts(judge).map((entry) => [keyOf(entry), entry] as const)),
  );
}

function withoutKeys(entry: VerdictEntry, keys: KeyRedactor): VerdictEntry {
  return { ...entry, word: keys.redact(entry.word), reasoning: keys.redact(entry.reasoning) };
}

/** The verdicts that are not there yet. One that is there and says something else is a problem. */
function freshVerdicts(
  entries: readonly VerdictEntry[],
  lines: readonly (number | undefined)[],
  stored: ReadonlyMap<string, VerdictEntry>,
  { problems }: JudgementTable,
): readonly VerdictEntry[] {
  return entries.flatMap((entry, index) => {
    const earlier = stored.get(keyOf(entry));
    if (earlier === undefined) return [entry];
    if (earlier.word !== entry.word || earlier.value !== entry.value) {
      problems.add(
        lines[index],
        `expected ${quoteShort(earlier.word)}, which ${quoteShort(entry.judge)} was imported with for ` +
          `${quoteShort(entry.item)}, found ${quoteShort(entry.word)}; verdicts are never changed: import them under ` +
          "another name with --judge",
      );
    }
    return [];
  });
}

function judgesOf(
  entries: readonly VerdictEntry[],
  fresh: readonly VerdictEntry[],
): readonly ImportedJudge[] {
  const added = new Map(tallyOf(fresh.map(({ judge }) => judge)).map(({ name, count }) => [name, count]));
  const byJudge = new Map<string, VerdictEntry[]>();
  for (const entry of entries) {
    const own = byJudge.get(entry.judge);
    if (own === undefined) byJudge.set(entry.judge, [entry]);
    else own.push(entry);
  }
  return [...byJudge].map(([judge, own]) => ({
    judge,
    judgeVersion: own[0]?.judgeVersion ?? "",
    added: added.get(judge) ?? 0,
    alreadyThere: own.length - (added.get(judge) ?? 0),
    labels: tallyOf(own.flatMap(({ value }) => (value === null ? [] : [value]))),
    withoutLabel: tallyOf(own.flatMap(({ reason }) => (reason === null ? [] : [reason]))),
  }));
}

/** Judges whose earlier verdicts were read with other words: they stand beside these, as another version. */
function otherReadings(
  judgements: JudgementStore,
  entries: readonly VerdictEntry[],
  rubric: string,
  words: LabelWords,
): readonly string[] {
  const names = new Set(entries.map(({ judge }) => judge));
  const others = judgements
    .judgesWithVerdicts()
    .filter((one) => names.has(one.judge) && one.judgeVersion !== importedVersion(one.judge, rubric, words));
  if (others.length === 0) return [];
  const judges = [...new Set(others.map(({ judge }) => judge))];
  const verdicts = others.reduce((sum, one) => sum + one.verdicts, 0);
  return [
    `${counted(verdicts, "earlier verdict")} ${verdicts === 1 ? "was" : "were"} read with other words or for another ` +
      `rubric (${listNames(judges, 3)}): they stay, as another version of the judge.`,
  ];
}
