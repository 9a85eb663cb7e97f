import type { Clock } from "../../core/clock.js";
import { ReleaseError } from "../../core/errors.js";
import type { Json } from "../../core/hash.js";
import type { JournalRow, NewRow, ReleaseJournal, ReleasePatch, ReleaseRecord } from "../journal/journal.js";
import type { ReleaseEvent } from "../machine/release-event.js";
import { type ReleaseState, stateText } from "../machine/state.js";
import { transition } from "../machine/transition.js";
import type { Artefact } from "../plan/release-plan.js";
import { eventReason } from "./event-reason.js";
import { isNoticed, noticeText } from "./notice-text.js";

/** What a row says beside the state, which is that of the release. */
export type RowNote = Pick<NewRow, "kind" | "event" | "reason"> &
  Partial<Pick<NewRow, "targetBps" | "previousBps" | "salt" | "evidenceHash" | "actor">>;

/** What is written in the same transaction as an event. */
export interface Enclosed {
  /** Rows before that of the transition. */
  readonly rows?: readonly RowNote[];
  readonly evidence?: readonly Json[];
  /** Of what the transition rests on. */
  readonly evidenceHash?: string;
  readonly bakedMs?: number;
  /** Moves the pointer to the stable version. */
  readonly stable?: Artefact;
}

/**
 * One release in the journal, in the hands of one epoch. Every write is one transaction that is on the disk when the
 * method returns.
 *
 * @throws {ReleaseError} `RELEASE_FENCED` from every write when a newer epoch exists
 */
export class ReleaseDesk {
  readonly #journal: ReleaseJournal;
  readonly #clock: Clock;
  readonly #epoch: number;
  #release: ReleaseRecord;
  readonly #rows: JournalRow[];

  constructor(journal: ReleaseJournal, clock: Clock, releaseId: string, epoch: number) {
    this.#journal = journal;
    this.#clock = clock;
    this.#epoch = epoch;
    this.#release = required(journal, releaseId);
    this.#rows = journal.rows(releaseId);
  }

  get release(): ReleaseRecord {
    return this.#release;
  }

  get state(): ReleaseState {
    return this.#release.state;
  }

  /** Oldest first. */
  get rows(): readonly JournalRow[] {
    return this.#rows;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** What somebody else wrote since. */
  refresh(): void {
    this.#release = required(this.#journal, this.#release.id);
    this.#rows.push(...this.#journal.rows(this.#release.id, this.#rows.at(-1)?.seq ?? 0));
  }

  /** Rows that change no state. */
  write(rows: readonly RowNote[], evidence: readonly Json[] = []): void {
    this.#append({ rows: rows.map((row) => this.#rowOf(row, this.state)), evidence });
  }

  /** Time baked so far. Of it alone no row is kept. */
  keepBaked(bakedMs: number): void {
    if (bakedMs !== this.#release.bakedMs) this.#append({ rows: [], patch: { bakedMs } });
  }

  /** Why the present state does not take an event; `null`: it does. */
  refusalOf(event: ReleaseEvent): string | null {
    const next = transition(this.#release, event);
    return "refused" in next ? next.refused : null;
  }

  /** Moves the release by an event that its state takes. */
  apply(event: ReleaseEvent, enclosed: Enclosed = {}): void {
    const from = this.state;
    const next = transition(this.#release, event);
    if ("refused" in next)
      throw new Error(`the controller made an event that is not possible: ${next.refused}`);
    const reason = eventReason(event);
    const before = (enclosed.rows ?? []).map((row) => this.#rowOf(row, from));
    const moved: NewRow = {
      ...this.#rowOf(
        {
          kind: "transition",
          event: event.type,
          reason,
          actor: "actor" in event ? event.actor : "controller",
          ...(enclosed.evidenceHash === undefined ? {} : { evidenceHash: enclosed.evidenceHash }),
        },
        from,
      ),
      to: next.to,
    };
    const notice: readonly NewRow[] = isNoticed(from, next.to)
      ? [this.#rowOf({ kind: "intent", event: "notify", reason: noticeText(next.to, reason) }, next.to)]
      : [];
    this.#append({
      rows: [...before, moved, ...notice],
      patch: { ...this.#patchOf(event, next.to, enclosed.bakedMs), counters: next.counters },
      ...(enclosed.evidence === undefined ? {} : { evidence: enclosed.evidence }),
      ...(enclosed.stable === undefined ? {} : { stable: enclosed.stable }),
    });
  }

  #patchOf(event: ReleaseEvent, to: ReleaseState, bakedMs = this.#release.bakedMs): ReleasePatch {
    const { state: from, extendedMs } = this.#release;
    const isNew = stateText(from) !== stateText(to);
    const isFresh = to.name === "WATCHING" || to.name === "SHIFTING";
    return {
      state: to,
      ...(isNew ? { since: new Date(this.#clock.now()).toISOString() } : {}),
      bakedMs: isNew && isFresh ? 0 : bakedMs,
      extendedMs: event.type === "extended" ? extendedMs + event.byMs : isNew && isFresh ? 0 : extendedMs,
    };
  }

  #rowOf(row: RowNote, state: ReleaseState): NewRow {
    return {
      targetBps: null,
      previousBps: null,
      salt: null,
      evidenceHash: null,
      actor: "controller",
      ...row,
      from: state,
      to: state,
    };
  }

  #append(write: {
    readonly rows: readonly NewRow[];
    readonly patch?: ReleasePatch;
    readonly evidence?: readonly Json[];
    readonly stable?: Artefact;
  }): void {
    this.#journal.append(this.#release.id, { epoch: this.#epoch, at: this.#clock.now(), ...write });
    this.refresh();
  }
}

function required(journal: ReleaseJournal, id: string): ReleaseRecord {
  const release = journal.get(id);
  if (release !== null) return release;
  throw new ReleaseError("RELEASE_UNKNOWN", `expected a release ${id} in the journal, found none`, {
    nextStep: "List them with `agentctl canary history`.",
  });
}
