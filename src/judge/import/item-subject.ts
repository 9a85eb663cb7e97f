import { valueAt } from "../../config/describe-issues.js";
import type { Subject } from "../../core/judgement.js";
import type { TableRow } from "../../datasets/import/table-file.js";
import { isRecord } from "../../datasets/import/table-kind.js";
import { bareSubject } from "../bare-subject.js";
import { type JudgementTable, textAt } from "./judgement-table.js";

/** Fields of a table that hold what was labelled. */
export interface SubjectFields {
  readonly question?: string;
  readonly answer?: string;
  readonly otherAnswer?: string;
  readonly reference?: string;
  readonly documents?: string;
  readonly model?: string;
  readonly slice?: readonly string[];
}

/** The fields that are named. */
export function subjectFields({ slice = [], ...fields }: SubjectFields): readonly string[] {
  return [...Object.values(fields).filter((field) => field !== undefined), ...slice];
}

/** What a row says was labelled; `null` when no field of it is named. */
export function rowSubject(
  table: JudgementTable,
  row: TableRow,
  item: string,
  fields: SubjectFields,
): Subject | null {
  if (subjectFields(fields).length === 0) return null;
  const at = (field: string | undefined) => (field === undefined ? null : textAt(table, row, field));
  const slices = (fields.slice ?? []).flatMap((field): [string, string][] => {
    const value = textAt(table, row, field);
    return value === null ? [] : [[field, value]];
  });
  return bareSubject({
    item,
    question: at(fields.question),
    documents: fields.documents === undefined ? [] : documentsAt(row, fields.documents),
    reference: at(fields.reference),
    answer: at(fields.answer),
    otherAnswer: at(fields.otherAnswer),
    slices: Object.fromEntries(slices),
    model: at(fields.model),
  });
}

/** One text, or a list of texts or of objects with `text`, and `id` and `title` where they have them. */
function documentsAt({ value: row }: TableRow, field: string): Subject["documents"] {
  const value = Object.hasOwn(row, field) ? row[field] : valueAt(row, field.split("."));
  return (Array.isArray(value) ? value : [value]).flatMap((one: unknown, index) => {
    const { id, title, text } = isRecord(one) ? one : { id: undefined, title: undefined, text: one };
    if (typeof text !== "string" || text.trim() === "") return [];
    return [
      {
        id: typeof id === "string" || typeof id === "number" ? String(id) : String(index + 1),
        title: typeof title === "string" ? title : null,
        text,
      },
    ];
  });
}
