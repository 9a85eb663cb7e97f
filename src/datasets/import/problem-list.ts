import { DatasetError, type Problem } from "../../core/errors.js";

const MAX_PROBLEMS = 50;

/** Problems of one file, the first 50 in words and the rest as a count. */
export class ProblemList {
  private readonly problems: Problem[] = [];
  private count = 0;

  constructor(private readonly file: string) {}

  /** @param line - 1-based; `undefined` for a problem of the whole file */
  add(line: number | undefined, message: string): void {
    this.count++;
    if (this.problems.length >= MAX_PROBLEMS) return;
    this.problems.push(
      line === undefined ? { file: this.file, message } : { file: this.file, line, message },
    );
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** The problems in the order of their lines; empty when there are none. */
  private all(): readonly Problem[] {
    const sorted = this.problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
    const more = this.count - sorted.length;
    if (more === 0) return sorted;
    return [
      ...sorted,
      { file: this.file, message: `… and ${more} more ${more === 1 ? "problem" : "problems"}` },
    ];
  }

  /** @throws {DatasetError} when there is a problem */
  throwIfAny(): void {
    if (this.count > 0) throw new DatasetError(this.all());
  }
}
