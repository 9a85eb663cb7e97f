export const READINESS_LISTS = ["observability", "reliability", "safety", "eval-kit", "slos"] as const;

/** A checklist. */
export type ReadinessList = (typeof READINESS_LISTS)[number];

/** `unknown`: neither files nor runs tell; never taken for met. */
export type ReadinessState = "met" | "gap" | "unknown";

/** One thing that was found, without any secret or text of a user. */
export interface Evidence {
  readonly text: string;
  /** `file:line`, a file, or `run ID`; `null` where there is no such place. */
  readonly place: string | null;
}

/** What closes an item. */
export interface Fix {
  /** `command`: to be run. `yaml`: lines for `file`. `change`: work of a person, in words. */
  readonly kind: "command" | "yaml" | "change";
  readonly text: string;
  /** The file that the lines go into; `null` for all but `yaml`. */
  readonly file: string | null;
}

export interface ReadinessItem {
  /** Stable, e.g. `reliability.fallback`. */
  readonly id: string;
  readonly title: string;
  /** One sentence: what goes wrong without it. */
  readonly why: string;
  readonly state: ReadinessState;
  /** At least one. */
  readonly evidence: readonly Evidence[];
  /** `null` when the item is met, and where nobody can tell what would close it. */
  readonly fix: Fix | null;
}

/** An item that means nothing for this agent, such as tools for one that has none. */
export interface SkippedItem {
  readonly id: string;
  readonly title: string;
  readonly reason: string;
}

export interface ReadinessCounts {
  readonly met: number;
  readonly gap: number;
  readonly unknown: number;
}

export interface ScoredList extends ReadinessCounts {
  readonly list: ReadinessList;
  readonly items: readonly ReadinessItem[];
  /** Count in no sum. */
  readonly skipped: readonly SkippedItem[];
}

/** `agentctl readiness`. */
export interface ReadinessReport {
  readonly suite: string;
  readonly agent: string;
  /** The run that was looked at; `null` when the suite has none that is complete. */
  readonly runId: string | null;
  /** When it was scored, ISO 8601. */
  readonly at: string;
  readonly total: ReadinessCounts;
  readonly lists: readonly ScoredList[];
}
