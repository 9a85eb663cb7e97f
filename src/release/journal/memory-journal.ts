import { StoreError } from "../../core/errors.js";
import { canonicalJson, type Json, sha256 } from "../../core/hash.js";
import { hasEnded, type ReleaseState } from "../machine/state.js";
import { NO_COUNTERS } from "../machine/transition.js";
import type { Artefact, ReleasePlan } from "../plan/release-plan.js";
import type {
  ControllerLease,
  JournalRow,
  NewRow,
  ReleaseCounters,
  ReleaseJournal,
  ReleasePatch,
  ReleaseRecord,
  ReleaseRequest,
} from "./journal.js";
import { liveRelease, unknownRelease } from "./journal-errors.js";
import { JournalLeases, type KeptLease } from "./journal-leases.js";
import { MemoryRequests } from "./memory-requests.js";

const PLACE = "the journal in memory";

interface KeptRelease {
  record: ReleaseRecord;
  /** State as canonical JSON. */
  state: string;
  readonly rows: JournalRow[];
}

/**
 * The journal of releases in this process, which outlives nothing: for simulations, where SQLite would take a fifth of
 * the time. It holds the same contract otherwise. What it gives back must not be changed.
 */
export class MemoryJournal implements ReleaseJournal {
  readonly #releases = new Map<string, KeptRelease>();
  readonly #evidence = new Map<string, string>();
  readonly #stable = new Map<string, Artefact>();
  readonly #states = new Map<string, ReleaseState>();
  readonly #requests = new MemoryRequests();
  readonly #leases: JournalLeases;
  #rows = 0;

  constructor() {
    const table = new Map<string, KeptLease>();
    this.#leases = new JournalLeases({
      find: (service) => table.get(service),
      put: (service, lease) => void table.set(service, lease),
    });
  }

  create(release: Parameters<ReleaseJournal["create"]>[0]): ReleaseRecord {
    const { id, author, evidence = [] } = release;
    const live = this.live(release.plan.service);
    if (live !== null) throw liveRelease(release.plan.service, live.id, live.state);
    if (this.#releases.has(id)) throw new StoreError(`${PLACE}: expected a new release, found ${id} twice`);
    const at = isoTime(release.at);
    const plan = canonicalJson(release.plan);
    const pieces = evidence.map(canonicalJson);
    const state = canonicalJson({ name: "PLANNED" });
    const record: ReleaseRecord = {
      id,
      plan: JSON.parse(plan) as ReleasePlan,
      planHash: sha256(plan),
      author,
      createdAt: at,
      state: this.#stateOf(state),
      counters: NO_COUNTERS,
      bakedMs: 0,
      extendedMs: 0,
      since: at,
    };
    this.#releases.set(id, { record, state, rows: [] });
    this.#keep(pieces);
    return record;
  }

  get(id: string): ReleaseRecord | null {
    return this.#releases.get(id)?.record ?? null;
  }

  list({ service, limit }: { readonly service?: string; readonly limit?: number } = {}): ReleaseRecord[] {
    const newestFirst = [...this.#releases.values()].map(({ record }) => record).reverse();
    const mine = newestFirst.filter(({ plan }) => service === undefined || plan.service === service);
    return limit === undefined || limit < 0 ? mine : mine.slice(0, limit);
  }

  live(service: string): ReleaseRecord | null {
    for (const { record } of this.#releases.values()) {
      if (record.plan.service === service && !hasEnded(record.state)) return record;
    }
    return null;
  }

  append(releaseId: string, write: Parameters<ReleaseJournal["append"]>[1]): void {
    const release = this.#known(releaseId);
    const { service } = release.record.plan;
    this.#leases.fence(service, write.epoch);
    // Nothing is kept before all of it is known to be JSON: a write is kept whole, or not at all.
    const pieces = write.evidence?.map(canonicalJson);
    const stable = write.stable === undefined ? null : copyOf(write.stable);
    const at = write.rows.length === 0 ? "" : isoTime(write.at);
    const rows = write.rows.map((row, index) =>
      this.#rowOf(release, this.#rows + 1 + index, write.epoch, at, row),
    );
    if (write.patch !== undefined) this.#patch(release, write.patch);
    for (const row of rows) release.rows.push(row);
    this.#rows += rows.length;
    if (pieces !== undefined) this.#keep(pieces);
    if (stable !== null) this.#stable.set(service, stable);
  }

  note(releaseId: string, at: number, note: Pick<NewRow, "event" | "reason" | "actor">): void {
    const release = this.#known(releaseId);
    const { state, plan } = release.record;
    const none = { targetBps: null, previousBps: null, salt: null, evidenceHash: null };
    const row: NewRow = { ...none, ...note, kind: "note", from: state, to: state };
    const epoch = this.#leases.newest(plan.service);
    release.rows.push(this.#rowOf(release, this.#rows + 1, epoch, isoTime(at), row));
    this.#rows += 1;
  }

  rows(releaseId: string, afterSeq = 0): JournalRow[] {
    const rows = this.#releases.get(releaseId)?.rows ?? [];
    let start = rows.length;
    while (start > 0 && (rows[start - 1] as JournalRow).seq > afterSeq) start -= 1;
    return rows.slice(start);
  }

  evidence(hash: string): Json | null {
    const content = this.#evidence.get(hash);
    return content === undefined ? null : (JSON.parse(content) as Json);
  }

  acquireLease(service: string, holder: string, now: number, ttlMs: number): ControllerLease {
    return this.#leases.acquire(service, holder, now, ttlMs);
  }

  renewLease(lease: ControllerLease, now: number, ttlMs: number): ControllerLease {
    return this.#leases.renew(lease, now, ttlMs);
  }

  seizeLease(service: string, holder: string, now: number, ttlMs: number): ControllerLease {
    return this.#leases.seize(service, holder, now, ttlMs);
  }

  lease(service: string): ControllerLease | null {
    return this.#leases.read(service);
  }

  releaseLease(lease: ControllerLease): void {
    this.#leases.giveBack(lease);
  }

  request(releaseId: string, at: number, event: ReleaseRequest["event"]): void {
    this.#requests.leave(releaseId, isoTime(at), event, this.#known(releaseId).state);
  }

  requests(releaseId: string): ReleaseRequest[] {
    return this.#requests.list(releaseId);
  }

  answered(requestId: number, epoch: number): void {
    const releaseId = this.#requests.releaseOf(requestId);
    if (releaseId === null) return;
    this.#leases.fence(this.#known(releaseId).record.plan.service, epoch);
    this.#requests.answer(requestId);
  }

  stable(service: string): Artefact | null {
    return this.#stable.get(service) ?? null;
  }

  close(): void {
    this.#releases.clear();
  }

  #known(id: string): KeptRelease {
    const release = this.#releases.get(id);
    if (release === undefined) throw unknownRelease(PLACE, id);
    return release;
  }

  #keep(pieces: readonly string[]): void {
    for (const content of pieces) this.#evidence.set(sha256(content), content);
  }

  #rowOf({ record }: KeptRelease, seq: number, epoch: number, at: string, row: NewRow): JournalRow {
    const { kind, event, targetBps, previousBps, salt, reason, evidenceHash, actor } = row;
    return {
      seq,
      releaseId: record.id,
      epoch,
      at,
      kind,
      event,
      from: this.#stateOf(canonicalJson(row.from)),
      to: this.#stateOf(canonicalJson(row.to)),
      targetBps,
      previousBps,
      salt,
      reason,
      evidenceHash,
      actor,
    };
  }

  #patch(release: KeptRelease, patch: ReleasePatch): void {
    const { id, plan } = release.record;
    const state = patch.state === undefined ? release.state : canonicalJson(patch.state);
    const next = { ...release.record, ...patch, state: this.#stateOf(state) };
    if (patch.counters !== undefined) next.counters = copyOf<ReleaseCounters>(patch.counters);
    const live = hasEnded(next.state) || !hasEnded(release.record.state) ? null : this.live(plan.service);
    if (live !== null)
      throw new StoreError(`${PLACE}: expected one live release of ${plan.service}, found two`);
    release.record = next;
    release.state = state;
    this.#requests.leaveState(id, state);
  }

  /** Each state once: a release has few of them, and many rows that name them. */
  #stateOf(text: string): ReleaseState {
    let state = this.#states.get(text);
    if (state === undefined) {
      state = JSON.parse(text) as ReleaseState;
      this.#states.set(text, state);
    }
    return state;
  }
}

function copyOf<Value>(value: Value): Value {
  return JSON.parse(canonicalJson(value)) as Value;
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
