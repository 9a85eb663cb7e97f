import { DatasetError } from "../../core/errors.js";
import { ProblemList } from "./problem-list.js";
import { eachLineOfFields } from "./trec-lines.js";

/** Grades of documents by query, both in file order. */
export type Qrels = ReadonlyMap<string, ReadonlyMap<string, number>>;

const LARGEST_GRADE = 127;
const INTEGER = /^[+-]?\d+$/;
const HEADER = /^(rel|relevance|relevance_score|score|grade|label|judge?ment|rating)$/i;

/**
 * Reads relevance judgements: lines `query iteration document grade` as of TREC, or `query document grade`, with or
 * without a line of names above.
 *
 * @throws {DatasetError} with every problem of the file at once
 */
export async function readQrels(path: string): Promise<Qrels> {
  const problems = new ProblemList(path);
  const qrels = new Map<string, Map<string, number>>();
  const firstLines = new Map<string, Map<string, number>>();
  let columns = 0;
  let isFirst = true;
  await eachLineOfFields(path, (fields, line) => {
    if (isFirst) {
      isFirst = false;
      columns = fields.length;
      if (columns !== 3 && columns !== 4)
        throw new DatasetError([{ file: path, line, message: wrongColumns(columns) }]);
      if (HEADER.test(fields.at(-1) as string)) return;
    }
    if (fields.length !== columns) {
      problems.add(line, `expected ${columns} fields as on the lines above, found ${fields.length}`);
      return;
    }
    const query = fields[0] as string;
    const document = fields[columns - 2] as string;
    const grade = Number(fields[columns - 1]);
    if (!INTEGER.test(fields[columns - 1] as string) || Math.abs(grade) > LARGEST_GRADE) {
      const found = JSON.stringify(fields[columns - 1]);
      problems.add(line, `expected a grade, a whole number from -127 to 127, found ${found}`);
      return;
    }
    const lines = entryOf(firstLines, query);
    const first = lines.get(document);
    if (first !== undefined) {
      problems.add(
        line,
        `expected each document once a query, found ${JSON.stringify(document)} of ${JSON.stringify(query)} again; also on line ${first}`,
      );
      return;
    }
    lines.set(document, line);
    entryOf(qrels, query).set(document, grade);
  });
  if (isFirst) problems.add(undefined, "is empty; expected lines `query iteration document grade`");
  else if (qrels.size === 0 && problems.isEmpty)
    problems.add(undefined, "holds a line of names only; expected judgements below it");
  problems.throwIfAny();
  return qrels;
}

/** What is wrong with a first line of so many fields. */
function wrongColumns(found: number): string {
  const hint = found === 6 ? "; this looks like a run: are the two files swapped?" : "";
  return `expected \`query iteration document grade\` or \`query document grade\`, found ${found} fields${hint}`;
}

function entryOf(groups: Map<string, Map<string, number>>, key: string): Map<string, number> {
  let group = groups.get(key);
  if (group === undefined) {
    group = new Map();
    groups.set(key, group);
  }
  return group;
}
