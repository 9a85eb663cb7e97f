/** One part of what is reviewed. Texts have no control characters. */
export interface CardSection {
  readonly title: string;
  readonly text: string;
  /** `judged`: what the question is about; `said`: what people said of it before. */
  readonly tone: "context" | "judged" | "said";
}

/** A label and the key that gives it. */
export interface CardChoice {
  readonly key: string;
  readonly value: string;
  readonly meaning: string | null;
}

/** One item on the screen. */
export interface ReviewCard {
  readonly sections: readonly CardSection[];
  readonly choices: readonly CardChoice[];
  /** What the reviewer did with it before, such as `labelled pass, flagged`; `null` when nothing. */
  readonly standing: string | null;
  /** The reviewer's own comment, on one line; empty without one. */
  readonly comment: string;
}

/** Where the screen gets items from and puts labels; whatever is said there is stored when the method returns. */
export interface ReviewDesk {
  /** Name and version of the rubric. */
  readonly title: string;
  /** The question and its labels, shown before the first item and on demand. */
  readonly rubric: readonly CardSection[];
  /** The item to review; `null` when none is left. */
  card(): ReviewCard | null;
  /** Such as `12/40, 3 skipped`. */
  progress(): string;
  label(value: string): void;
  skip(): void;
  flag(comment: string | null): void;
  comment(text: string): void;
  /** @returns what was taken back, in words; `null` when there is nothing */
  undo(): string | null;
  next(): boolean;
  previous(): boolean;
}
