import type { TrialRow } from "../metrics/metric.js";
import type { CaseValue, CaseValues } from "./case-values.js";

/** The cases of rows, in the order in which they first appear. */
export interface CaseIndex {
  readonly ids: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Index of the case of each row. */
  readonly ofRow: Int32Array;
}

const known = new WeakMap<readonly TrialRow[], CaseIndex>();

/** Built once for the same rows: every metric asks for it. */
export function caseIndexOf(rows: readonly TrialRow[]): CaseIndex {
  const found = known.get(rows) ?? built(rows);
  known.set(rows, found);
  return found;
}

/** Lets rows have the index of others that are of the same cases in the same order, such as those of another draw. */
export function shareCaseIndex(rows: readonly TrialRow[], model: readonly TrialRow[]): void {
  if (rows !== model) known.set(rows, caseIndexOf(model));
}

function built(rows: readonly TrialRow[]): CaseIndex {
  const ids: string[] = [];
  const indexOf = new Map<string, number>();
  const ofRow = new Int32Array(rows.length);
  for (let at = 0; at < rows.length; at += 1) {
    const { caseId } = rows[at] as TrialRow;
    let index = indexOf.get(caseId);
    if (index === undefined) {
      index = ids.push(caseId) - 1;
      indexOf.set(caseId, index);
    }
    ofRow[at] = index;
  }
  return { ids, indexOf, ofRow };
}

/** Values by case without a map of their own, of which a comparison would fill two for each metric. */
export class IndexedValues implements CaseValues {
  readonly size: number;

  constructor(
    private readonly cases: CaseIndex,
    private readonly ofCase: readonly (CaseValue | undefined)[],
  ) {
    this.size = ofCase.reduce((count, value) => count + (value === undefined ? 0 : 1), 0);
  }

  get(id: string): CaseValue | undefined {
    const index = this.cases.indexOf.get(id);
    return index === undefined ? undefined : this.ofCase[index];
  }

  has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  keys() {
    return this.cases.ids.filter((_, index) => this.ofCase[index] !== undefined).values();
  }

  values() {
    return this.ofCase.filter((value) => value !== undefined).values();
  }

  *[Symbol.iterator](): Generator<[string, CaseValue], undefined> {
    for (const [index, id] of this.cases.ids.entries()) {
      const value = this.ofCase[index];
      if (value !== undefined) yield [id, value];
    }
  }
}
