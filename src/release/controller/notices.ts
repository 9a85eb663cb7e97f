import type { JournalRow } from "../journal/journal.js";
import { urgencyOf } from "./notice-text.js";
import type { Notifier } from "./ports.js";
import type { ReleaseDesk, RowNote } from "./release-desk.js";

const NOTIFY = "notify";
/** How often a notice is tried that its receiver does not take. */
const MOST_TRIES = 10;

/** Sends what the journal says is to be sent, beside the rollout and never in its way. */
export class Notices {
  readonly #notifier: Notifier;
  readonly #underWay = new Map<number, Promise<void>>();
  readonly #tries = new Map<number, number>();
  #done: RowNote[] = [];

  constructor(notifier: Notifier) {
    this.#notifier = notifier;
  }

  /** Writes what was delivered since, and starts what is open. */
  send(desk: ReleaseDesk): void {
    this.#record(desk);
    for (const row of openNotices(desk.rows)) {
      const tries = this.#tries.get(row.seq) ?? 0;
      if (this.#underWay.has(row.seq)) continue;
      this.#tries.set(row.seq, tries + 1);
      this.#underWay.set(row.seq, this.#deliver(desk.release.id, row, tries + 1 >= MOST_TRIES));
    }
  }

  /** Waits for what is under way, and writes it. */
  async settle(desk: ReleaseDesk): Promise<void> {
    await Promise.all(this.#underWay.values());
    this.#record(desk);
  }

  #record(desk: ReleaseDesk): void {
    if (this.#done.length === 0) return;
    desk.write(this.#done);
    this.#done = [];
  }

  async #deliver(releaseId: string, row: JournalRow, isLast: boolean): Promise<void> {
    try {
      await this.#notifier.notify({
        key: `${releaseId}:${row.seq}`,
        releaseId,
        urgency: urgencyOf(row.to),
        text: row.reason,
      });
      this.#done.push({ kind: "readback", event: NOTIFY, reason: ofRow(row.seq) });
    } catch (error) {
      if (isLast) {
        const problem = `not delivered: ${error instanceof Error ? error.message : String(error)}`;
        this.#done.push({ kind: "note", event: "notify-failed", reason: problem });
        this.#done.push({ kind: "readback", event: NOTIFY, reason: ofRow(row.seq) });
      }
    } finally {
      this.#underWay.delete(row.seq);
    }
  }
}

function openNotices(rows: readonly JournalRow[]): JournalRow[] {
  const sent = new Set(
    rows.filter(({ kind, event }) => kind === "readback" && event === NOTIFY).map(({ reason }) => reason),
  );
  return rows.filter(
    ({ kind, event, seq }) => kind === "intent" && event === NOTIFY && !sent.has(ofRow(seq)),
  );
}

function ofRow(seq: number): string {
  return `row ${seq}`;
}
