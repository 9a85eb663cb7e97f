/** A remark on a line of a file, as a code host shows it beside a change. */
export interface Annotation {
  /** `error` blocks, `warning` may, `notice` only says. */
  readonly level: AnnotationLevel;
  /** Relative to the root of the repository; `null` where it concerns no file of it. */
  readonly file: string | null;
  /** From 1; `null` where the file is known and the line is not. */
  readonly line: number | null;
  /** One line. */
  readonly title: string;
  /** Plain text; may have several lines. */
  readonly message: string;
}

export type AnnotationLevel = "error" | "warning" | "notice";

/** A line of a file of the repository. */
export interface Place {
  readonly file: string;
  readonly line: number | null;
}

/** Where the things that a report speaks of are written; `null`: not in this repository. */
export interface Places {
  readonly ofCase: (caseId: string) => Place | null;
  /** By the name that the gate has in a report. */
  readonly ofGate: (name: string) => Place | null;
  /** The line of the agent file that names its model. */
  readonly agent: Place | null;
}
