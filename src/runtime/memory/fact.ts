/**
 * What a fact is about. `summary` and `issue` are medium-term memory (sessions, what was left open); the others are
 * long-term: profile and semantic facts. Short-term memory is the log of the conversation itself.
 */
export const FACT_KINDS = ["preference", "profile", "fact", "issue", "satisfaction", "summary"] as const;

export type FactKind = (typeof FACT_KINDS)[number];

/** Whose memory it is. Nothing is ever read or written across two scopes. */
export interface MemoryScope {
  readonly tenantId: string;
  readonly userId: string;
  /** Keeps trials apart that share a store: the conversation of a trial; empty for real users. */
  readonly space: string;
}

/** Something to remember. */
export interface NewFact {
  /** Unique in its scope. */
  readonly id: string;
  readonly kind: FactKind;
  /** What it is said of, such as `user` or an order number. */
  readonly subject: string;
  /** Which property of the subject: of each, one fact is current. */
  readonly attribute: string;
  readonly text: string;
  /** Conversation that it was learned in. */
  readonly source: string;
  /** When it was said, milliseconds since the epoch. */
  readonly observedAtMs: number;
  /** When it is forgotten; `null`: never. */
  readonly expiresAtMs: number | null;
}

export interface Fact extends NewFact {
  readonly scope: MemoryScope;
  /** When it stopped being current; `null` while it is. */
  readonly retiredAtMs: number | null;
  /** The newer fact that stands in its place; `null` when there is none. */
  readonly replacedBy: string | null;
}

/** What became of a {@link NewFact}. */
export interface WrittenFact {
  /** The fact that now says so: the new one, or the one that said the same already. */
  readonly id: string;
  readonly kind: FactKind;
  /** `confirmed`: it was known, and is as fresh as the new one now. `outdated`: a newer one contradicts it. */
  readonly outcome: "added" | "confirmed" | "outdated";
  /** The fact that stopped being current because of it. */
  readonly replaces: string | null;
}

/** Subjects and attributes are equal whatever their case and white space. */
export function keyOf(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}
