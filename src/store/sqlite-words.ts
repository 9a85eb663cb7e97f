import Database from "better-sqlite3";

/** Words of a run that get a number; reasons that name what a trial did are as good as unique, and stand in their row. */
const MOST_WORDS = 500;

/** Texts that the rows of one run repeat, such as why a trial has no score, each kept once for the run. */
export class SqliteWords {
  private readonly find;
  private readonly insert;
  private readonly byNumber;
  private readonly known = new Map<number, Map<string, number>>();

  constructor(database: Database.Database) {
    this.find = database
      .prepare<[number, string], number>("SELECT number FROM words WHERE run = ? AND word = ?")
      .pluck();
    this.insert = database
      .prepare<[number, string, number, number], number>(
        `INSERT INTO words (run, number, word)
         SELECT ?, count(*), ? FROM words WHERE run = ? HAVING count(*) < ? RETURNING number`,
      )
      .pluck();
    this.byNumber = database
      .prepare<[number, number], string>("SELECT word FROM words WHERE run = ? AND number = ?")
      .pluck();
  }

  /** The number of a word, which gets one within the transaction that writes; `null` when the run has no more to give. */
  numberOf(run: number, word: string): number | null {
    const known = this.known.get(run) ?? new Map<string, number>();
    this.known.set(run, known);
    const found = known.get(word);
    if (found !== undefined) return found;
    if (known.size >= MOST_WORDS) return null;
    const number = this.find.get(run, word) ?? this.insert.get(run, word, run, MOST_WORDS);
    if (number === undefined) return null;
    known.set(word, number);
    return number;
  }

  wordOf(run: number, number: number): string {
    const word = this.byNumber.get(run, number);
    if (word !== undefined) return word;
    throw new Database.SqliteError(`no word ${number} of run ${run}`, "SQLITE_CORRUPT");
  }

  /** Words that got a number in a transaction that was rolled back have none. */
  forget(): void {
    this.known.clear();
  }
}
