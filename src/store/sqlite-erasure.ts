import type Database from "better-sqlite3";
import type { PlannedTrial } from "../core/run.js";
import type { ErasedRecords } from "./store.js";

const PAGE = 256;

interface TextRecord {
  readonly key: number;
  readonly text: string;
}

interface TrialPlace {
  readonly run: number;
  readonly body: number;
}

/** Removes what a person asked to have deleted from the tables of the run history. */
export class SqliteErasure {
  private readonly casePage;
  private readonly bodyPage;
  private readonly planPage;
  private readonly placesOfBodies;
  private readonly placesOfCase;
  private readonly rowPage;

  constructor(private readonly database: Database.Database) {
    const page = (columns: string, table: string, key: string) =>
      database.prepare<[number], TextRecord>(
        `SELECT ${key} AS key, ${columns} AS text FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ${PAGE}`,
      );
    this.casePage = page("content", "cases", "rowid");
    this.bodyPage = page("trial", "bodies", "id");
    this.planPage = page("plan", "plans", "run");
    this.placesOfBodies = database.prepare<[string], TrialPlace>(
      "SELECT run, body FROM trials WHERE body IN (SELECT value FROM json_each(?))",
    );
    this.placesOfCase = database.prepare<[number, string], TrialPlace>(
      "SELECT run, body FROM trials WHERE run = ? AND case_id = ?",
    );
    this.rowPage = database.prepare<[number, number], TextRecord>(
      `SELECT body AS key, row AS text FROM scores
       WHERE body IN (SELECT body FROM trials WHERE run = ?) AND body > ? ORDER BY body LIMIT ${PAGE}`,
    );
  }

  /** @param concerns - whether a stored JSON text is about the person */
  erase(concerns: (json: string) => boolean): ErasedRecords {
    return this.database
      .transaction(() => {
        const cases = [...this.walk(this.casePage)].filter(({ text }) => concerns(text));
        const hashes = new Set(cases.map(({ text }) => (JSON.parse(text) as { hash: string }).hash));
        const bodies = [...this.concerned(this.bodyPage, concerns)];
        const places = [
          ...this.placesOfBodies.all(JSON.stringify(bodies)),
          ...(hashes.size === 0 ? [] : this.trialsOfCases(hashes)),
        ];
        const trials = new Map(places.map((place) => [place.body, place]));
        const remove = (table: string, column: string, keys: Iterable<number>) =>
          this.database
            .prepare<[string]>(`DELETE FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(?))`)
            .run(JSON.stringify([...keys])).changes;
        remove("bodies", "id", trials.keys());
        remove("scores", "body", trials.keys());
        const removed = remove("trials", "body", trials.keys());
        for (const run of new Set([...trials.values()].map((place) => place.run))) this.eraseWords(run);
        return {
          cases: remove(
            "cases",
            "rowid",
            cases.map(({ key }) => key),
          ),
          trials: removed,
          // A reply does not say whose words it answered.
          replies: this.database.prepare("DELETE FROM responses").run().changes,
        };
      })
      .immediate();
  }

  private *concerned(
    page: Database.Statement<[number], TextRecord>,
    concerns: (json: string) => boolean,
  ): Generator<number> {
    for (const { key, text } of this.walk(page)) if (concerns(text)) yield key;
  }

  private *trialsOfCases(hashes: ReadonlySet<string>): Generator<TrialPlace> {
    for (const { key, text } of this.walk(this.planPage)) {
      if (![...hashes].some((hash) => text.includes(hash))) continue;
      const planned = (JSON.parse(text) as PlannedTrial[]).filter(({ caseHash }) => hashes.has(caseHash));
      for (const caseId of new Set(planned.map((one) => one.caseId)))
        yield* this.placesOfCase.all(key, caseId);
    }
  }

  /** Words that no row of the run names any more lose their text; their numbers stay taken. */
  private eraseWords(run: number): void {
    const used = new Set<number>();
    let position = -1;
    for (;;) {
      const rows = this.rowPage.all(run, position);
      for (const { key, text } of rows) {
        position = key;
        const { scores } = JSON.parse(text) as { scores: unknown };
        if (!Array.isArray(scores)) continue;
        const [names, reasons] = scores as [unknown, unknown[]];
        for (const word of [names, ...reasons]) if (typeof word === "number") used.add(word);
      }
      if (rows.length < PAGE) break;
    }
    this.database
      .prepare<[number, string]>(
        `UPDATE words SET word = 'erased ' || number
         WHERE run = ? AND number NOT IN (SELECT value FROM json_each(?))`,
      )
      .run(run, JSON.stringify([...used]));
  }

  private *walk(page: Database.Statement<[number], TextRecord>): Generator<TextRecord> {
    let position = -1;
    for (;;) {
      const records = page.all(position);
      yield* records;
      const last = records.at(-1);
      if (last === undefined || records.length < PAGE) return;
      position = last.key;
    }
  }
}
