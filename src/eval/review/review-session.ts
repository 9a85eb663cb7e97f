import { randomUUID } from "node:crypto";
import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { categoriesOf } from "../../config/judge/scale-categories.js";
import type { Clock } from "../../core/clock.js";
import { UsageError } from "../../core/errors.js";
import type { LabelEntry, Subject } from "../../core/judgement.js";
import { currentLabels } from "../../judge/current-labels.js";
import { liveEntries } from "../../judge/review/live-entries.js";
import { type ReviewItem, reviewItem, type SaidBefore } from "../../judge/review/review-item.js";
import { type PlannedItem, planReview, type ReviewMode } from "../../judge/review/review-plan.js";
import { type ReviewProgress, type ReviewQueue, reviewQueue } from "../../judge/review/review-queue.js";
import type { ItemLeases } from "../../store/item-leases.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import { annotatorWarnings } from "./annotator-name.js";

/** Where labels of reviewers come from. */
export type ReviewSource = "review" | "review serve";

export interface ReviewSessionOptions {
  readonly store: JudgementStore;
  /** Keeps two people from one item; without them both may get it. */
  readonly leases?: ItemLeases;
  readonly judge: JudgeConfig;
  /** Everything that may be reviewed; kept in the store. */
  readonly subjects: readonly Subject[];
  /** From `annotatorName`. */
  readonly annotator: string;
  readonly source: ReviewSource;
  readonly clock: Clock;
  /** Default: `label`. */
  readonly mode?: ReviewMode;
  /** Labels wanted on each item; default: 1. */
  readonly perItem?: number;
  /** Share of items in [0, 1] that at least two people label; default: 0.2. */
  readonly overlap?: number;
  /** People among whom the items are divided; default: whoever comes. */
  readonly authors?: readonly string[];
  /** Default: `planned`, the annotator's own shuffle. */
  readonly order?: "planned" | "least_labelled";
  /** Default: 1. */
  readonly seed?: number;
  /** At most this many items, the same for everybody; default: all. */
  readonly sample?: number;
  /** Ends the session after this many items; default: no end. */
  readonly limit?: number;
}

/**
 * One annotator at work. Every method that says something writes it before it returns: a process that is killed loses
 * nothing. Other people, in this process or another, may label the same items at once.
 */
export interface ReviewSession {
  readonly annotator: string;
  readonly mode: ReviewMode;
  /** What the annotator should know before beginning, one sentence each. */
  readonly warnings: readonly string[];
  /** The item to look at; `null` when nothing is left. The same one until it is labelled, skipped or left. */
  current(): ReviewItem | null;
  /**
   * Labels the current item, or settles it when a disagreement is adjudicated, and goes on.
   *
   * @throws {UsageError} when the value is no label of the scale, or there is no current item
   */
  label(value: string): void;
  /**
   * Passes the current item without a label, and goes on. A disagreement stays for the next session; of a flagged item the
   * reviewer's own label stands.
   */
  skip(): void;
  /** Marks the current item as one that somebody should look at; it stays current. */
  flag(comment: string | null): void;
  /** Says something about the current item; it stays current. */
  comment(text: string): void;
  /**
   * Takes back the last thing that the annotator said about any of the items, also in an earlier session, and goes to
   * its item. What was imported is not taken back.
   *
   * @returns the item and what was taken back; `null` when there is nothing
   */
  undo(): { readonly item: string; readonly action: LabelEntry["action"] } | null;
  /** Leaves the current item for later. @returns whether there is another one */
  next(): boolean;
  /** Goes back to the item that was shown before. @returns whether there is one */
  previous(): boolean;
  progress(): ReviewProgress;
  /** Everything that this session has stored, in order. */
  written(): readonly LabelEntry[];
}

/**
 * Begins or goes on with a review.
 *
 * @throws {UsageError} when the items are divided among others than the annotator
 */
export function openReviewSession(options: ReviewSessionOptions): ReviewSession {
  const { authors = [], annotator, mode = "label" } = options;
  if (mode === "label" && authors.length > 0 && !authors.includes(annotator)) {
    throw new UsageError(`annotator "${annotator}": expected one of ${authors.join(", ")}`, {
      nextStep: "the items are divided among these people: use one of the names, or add yours for everybody",
    });
  }
  options.store.addItems(options.subjects);
  return new StoredReviewSession(options);
}

class StoredReviewSession implements ReviewSession {
  readonly annotator: string;
  readonly mode: ReviewMode;
  readonly warnings: readonly string[];
  private readonly subjects: ReadonlyMap<string, Subject>;
  private readonly plan: readonly PlannedItem[];
  /** Items in the order in which they were shown. */
  private readonly shown: string[] = [];
  private position = -1;
  /** Everybody's entries as they were at the last action. */
  private entries: readonly LabelEntry[] = [];
  /** Items decided in this session, which `limit` counts. */
  private readonly decided = new Set<string>();
  /** Disagreements passed over: a skip by the adjudicator would hide a label of their own. */
  private readonly passed = new Set<string>();

  private readonly stored: LabelEntry[] = [];
  private leased: string | null = null;

  constructor(private readonly options: ReviewSessionOptions) {
    const { store, judge, annotator, mode = "label", subjects, clock, source } = options;
    this.annotator = annotator;
    this.mode = mode;
    this.subjects = new Map(subjects.map((subject) => [subject.item, subject]));
    this.plan = planReview([...this.subjects.keys()], {
      rubric: judge.name,
      annotator,
      perItem: options.perItem ?? 1,
      overlap: options.overlap ?? 0.2,
      authors: options.authors ?? [],
      seed: options.seed ?? 1,
      sample: options.sample ?? null,
    });
    this.read();
    this.warnings = [
      ...annotatorWarnings(annotator, source, store.labels(), clock.now()),
      ...(options.leases?.isHeldElsewhere(annotator) === true
        ? [`"${annotator}" is labelling in another window now: two people with one name count as one`]
        : []),
    ];
    this.advance();
  }

  current(): ReviewItem | null {
    const subject = this.subjects.get(this.shown[this.position] ?? "");
    if (subject === undefined) return null;
    const said = currentLabels(this.entries.filter(({ item }) => item === subject.item))[0]?.byAuthor ?? [];
    const others = said.filter(({ author }) => author !== this.annotator);
    return reviewItem(this.options.judge, subject, {
      own: said.find(({ author }) => author === this.annotator) ?? null,
      others: others.flatMap((one) => this.visible(one)),
    });
  }

  label(value: string): void {
    const known = categoriesOf(this.options.judge.scale);
    if (!known.includes(value)) {
      throw new UsageError(`label "${value}": expected one of ${known.join(", ")}`);
    }
    this.write(this.mode === "adjudicate" ? "adjudicate" : "label", { value });
    this.goOn();
  }

  skip(): void {
    const own = this.mode === "flagged" ? (this.current()?.own?.value ?? null) : null;
    if (this.mode === "adjudicate") this.passed.add(this.requireItem());
    else if (own !== null) this.write("label", { value: own });
    else this.write("skip", {});
    this.goOn();
  }

  flag(comment: string | null): void {
    this.write("flag", { comment: wordsOf(comment) });
  }

  comment(text: string): void {
    const comment = wordsOf(text);
    if (comment !== null) this.write("comment", { comment });
  }

  undo(): { readonly item: string; readonly action: LabelEntry["action"] } | null {
    this.read();
    const last = liveEntries(this.entries).findLast((entry) => this.mayUndo(entry));
    if (last === undefined) return null;
    this.write("undo", {}, last.item);
    this.decided.delete(last.item);
    this.passed.delete(last.item);
    if (this.shown[this.position] !== last.item) this.show(last.item);
    return { item: last.item, action: last.action };
  }

  next(): boolean {
    if (this.position < this.shown.length - 1) {
      this.position += 1;
      return true;
    }
    return this.advance();
  }

  previous(): boolean {
    if (this.position <= 0) return false;
    this.position -= 1;
    return true;
  }

  progress(): ReviewProgress {
    const { progress } = this.queue();
    return { ...progress, skipped: progress.skipped + this.passed.size };
  }

  written(): readonly LabelEntry[] {
    return this.stored;
  }

  /** After a decision: what was looked at again leads back to where the annotator was. */
  private goOn(): void {
    this.decided.add(this.shown[this.position] ?? "");
    if (this.position < this.shown.length - 1) this.position += 1;
    else if (!this.advance()) {
      this.free();
      this.show("");
    }
  }

  /** Goes to the next item to do: one that was not shown yet, else one that was left for later. */
  private advance(): boolean {
    this.read();
    const now = this.shown[this.position];
    const isOver = this.decided.size >= (this.options.limit ?? Number.POSITIVE_INFINITY);
    const left = isOver
      ? []
      : this.queue().todo.filter((item) => item !== now && !this.passed.has(item) && !this.decided.has(item));
    const seen = new Set(this.shown);
    const open = new Set(left);
    const next = [...left.filter((item) => !seen.has(item)), ...this.shown.filter((item) => open.has(item))];
    const taken = next.find((item) => this.take(item));
    if (taken !== undefined) this.show(taken);
    return taken !== undefined;
  }

  private free(): void {
    const { leases, judge } = this.options;
    if (this.leased !== null) {
      leases?.release({ rubric: judge.name, author: this.annotator, item: this.leased });
    }
    this.leased = null;
  }

  /** The item that was current is free for others then. */
  private take(item: string): boolean {
    const { leases, judge } = this.options;
    if (leases === undefined) return true;
    const request = { rubric: judge.name, author: this.annotator };
    const isTaken = leases.take({ ...request, item }, () => {
      this.read();
      return this.queue().missing.get(item) ?? 0;
    });
    if (isTaken && this.leased !== null) leases.release({ ...request, item: this.leased });
    if (isTaken) this.leased = item;
    return isTaken;
  }

  /** Moves an item to the end of what was shown; no item: the end of the queue, from which `previous` leads back. */
  private show(item: string): void {
    const before = this.shown.filter((one) => one !== item && one !== "");
    this.shown.splice(0, this.shown.length, ...before, item);
    this.position = this.shown.length - 1;
  }

  private queue(): ReviewQueue {
    return reviewQueue(this.plan, this.entries, {
      annotator: this.annotator,
      mode: this.mode,
      order: this.options.order ?? "planned",
    });
  }

  private read(): void {
    this.entries = this.options.store.labels(this.options.judge.name);
  }

  /** Labels of others bias; flags and comments do too, so they are shown only where they are what is looked at. */
  private visible(said: SaidBefore): readonly SaidBefore[] {
    if (this.mode === "label") return [];
    return [this.mode === "adjudicate" ? said : { ...said, value: null, isSkipped: false }];
  }

  private mayUndo({ author, item, action, source }: LabelEntry): boolean {
    const isOfMode =
      this.mode === "adjudicate" ? action !== "label" && action !== "skip" : action !== "adjudicate";
    const isReviewed = source === "review" || source === "review serve";
    return author === this.annotator && this.subjects.has(item) && isOfMode && isReviewed;
  }

  private requireItem(): string {
    const item = this.shown[this.position];
    if (item === undefined || item === "") throw new UsageError("expected an item to review; none is left");
    return item;
  }

  private write(
    action: LabelEntry["action"],
    { value = null, comment = null }: { readonly value?: string | null; readonly comment?: string | null },
    item = this.requireItem(),
  ): void {
    const { store, judge, source, clock } = this.options;
    const at = new Date(clock.now()).toISOString();
    const said = { item, author: this.annotator, action, value, comment, at, source };
    const entry = { id: randomUUID(), rubric: judge.name, ...said };
    store.addLabels([entry]);
    this.stored.push(entry);
    this.read();
  }
}

function wordsOf(text: string | null): string | null {
  const words = text?.trim() ?? "";
  return words === "" ? null : words;
}
