import { randomBytes } from "node:crypto";
import type { Clock } from "../../core/clock.js";
import type { SplitKeeper, SplitState } from "../parts.js";
import { readSplitFile, type StoredSplit, writeSplitFile } from "./split-file.js";

/** A change of the split that nobody asked for, or that could not be kept. */
export type SplitIncident =
  /** The lease of the controller ended: 0 is in force. */
  | { readonly kind: "lease-expired"; readonly bps: number }
  /** A lower share is in force, but not on disk: a restart now would bring the old one back. */
  | { readonly kind: "not-saved"; readonly error: Error };

export interface SplitKeeperOptions {
  readonly file: string;
  readonly clock: Clock;
  /**
   * How long a split above 0 stands without a word of its controller after it was set, and after a restart of the
   * gateway, milliseconds; `null`: for ever, no lease is needed.
   */
  readonly graceMs: number | null;
  readonly onIncident: (incident: SplitIncident) => void;
}

/** What the gateway shows of its split. */
export interface SplitView extends SplitState {
  /** In force now, basis points. */
  readonly effectiveBps: number;
  /** Until the lease ends, milliseconds, 0 when it has; `null`: no lease is needed. */
  readonly leaseLeftMs: number | null;
  /** Whether the file has this split, so that it is there after a restart. */
  readonly isSaved: boolean;
  /** Leases that ended with a share above 0, since the start. */
  readonly leasesExpired: number;
}

const SAVE_AGAIN_MS = 1_000;

/**
 * The split of a gateway, kept in a file.
 *
 * - A higher share is in force once it is on disk; a lower one at once, and is then saved until that succeeds: going back
 *   never waits for a disk.
 * - When the lease ends 0 is in force, and stays so until a split is set again: a controller that comes back late must
 *   look first. The version changes, so that its next compare-and-swap fails.
 * - A lease is not kept: after a restart, a split above 0 has the grace.
 */
export class FileSplitKeeper implements SplitKeeper {
  readonly #options: SplitKeeperOptions;
  #split: StoredSplit;
  #leaseEndsAt: number | null;
  #isSaved = true;
  #leasesExpired = 0;
  #saving: NodeJS.Timeout | null = null;
  #falling: NodeJS.Timeout | null = null;

  /** @throws {StoreError} when the file is there and cannot be read */
  constructor(options: SplitKeeperOptions) {
    this.#options = options;
    this.#split = readSplitFile(options.file) ?? {
      version: 1,
      bps: 0,
      salt: "",
      release: null,
      split_version: newVersion(),
      fell: false,
    };
    this.#leaseEndsAt = this.#graceEnd();
    this.#watchLease();
  }

  read(): SplitState {
    this.#fallWhenExpired();
    const { bps, salt, release, split_version } = this.#split;
    return { bps, salt, release, version: split_version, leaseEndsAt: this.#leaseEndsAt };
  }

  effectiveBps(): number {
    this.#fallWhenExpired();
    return this.#split.fell ? 0 : this.#split.bps;
  }

  view(): SplitView {
    const effectiveBps = this.effectiveBps();
    const leftMs = this.#leaseEndsAt === null ? null : this.#leaseEndsAt - this.#options.clock.monotonic();
    return {
      ...this.read(),
      effectiveBps,
      leaseLeftMs: leftMs === null ? null : Math.max(0, leftMs),
      isSaved: this.#isSaved,
      leasesExpired: this.#leasesExpired,
    };
  }

  /** @throws {StoreError} when a higher share cannot be saved; the split is then as it was */
  set(target: Parameters<SplitKeeper["set"]>[0]): SplitState | null {
    const current = this.read();
    if (target.ifVersion !== undefined && target.ifVersion !== current.version) return null;
    const { bps, salt, release } = target;
    const isSame =
      !this.#split.fell &&
      bps === current.bps &&
      salt === current.salt &&
      release === current.release &&
      this.#isSaved;
    if (!isSame) this.#change({ version: 1, bps, salt, release, split_version: newVersion(), fell: false });
    const grace = this.#graceEnd();
    if (grace !== null) this.#leaseEndsAt = Math.max(this.#leaseEndsAt ?? grace, grace);
    this.#watchLease();
    return this.read();
  }

  renewLease(ttlMs: number): void {
    this.#fallWhenExpired();
    if (this.#options.graceMs === null) return;
    this.#leaseEndsAt = this.#options.clock.monotonic() + ttlMs;
    this.#watchLease();
  }

  /** Ends the timers; the split stays in its file. */
  close(): void {
    if (this.#saving !== null) clearTimeout(this.#saving);
    if (this.#falling !== null) clearTimeout(this.#falling);
  }

  #change(next: StoredSplit): void {
    const { file } = this.#options;
    const current = this.#split.fell ? 0 : this.#split.bps;
    const isLower = next.bps === 0 || (next.bps <= current && next.salt === this.#split.salt);
    if (!isLower) {
      writeSplitFile(file, next);
      this.#split = next;
      this.#isSaved = true;
      return;
    }
    this.#split = next;
    this.#save();
  }

  #save(): void {
    if (this.#saving !== null) clearTimeout(this.#saving);
    this.#saving = null;
    try {
      writeSplitFile(this.#options.file, this.#split);
      this.#isSaved = true;
    } catch (error) {
      if (this.#isSaved) this.#options.onIncident({ kind: "not-saved", error: error as Error });
      this.#isSaved = false;
      this.#saving = setTimeout(() => this.#save(), SAVE_AGAIN_MS).unref();
    }
  }

  #graceEnd(): number | null {
    const { graceMs, clock } = this.#options;
    return graceMs === null ? null : clock.monotonic() + graceMs;
  }

  #fallWhenExpired(): void {
    const ends = this.#leaseEndsAt;
    if (ends === null || this.#split.fell || this.#split.bps === 0) return;
    if (this.#options.clock.monotonic() < ends) return;
    const { bps } = this.#split;
    this.#split = { ...this.#split, fell: true, split_version: newVersion() };
    this.#leasesExpired += 1;
    this.#options.onIncident({ kind: "lease-expired", bps });
    // The request that finds the lease expired must not wait for the disk.
    this.#saving ??= setTimeout(() => this.#save(), 0).unref();
  }

  /** A lease that ends while nobody asks is told all the same. */
  #watchLease(): void {
    if (this.#falling !== null) clearTimeout(this.#falling);
    this.#falling = null;
    if (this.#leaseEndsAt === null || this.#split.fell || this.#split.bps === 0) return;
    const leftMs = this.#leaseEndsAt - this.#options.clock.monotonic();
    this.#falling = setTimeout(() => this.#watchEnd(), Math.max(0, leftMs) + 1).unref();
  }

  #watchEnd(): void {
    this.#fallWhenExpired();
    this.#watchLease();
  }
}

function newVersion(): string {
  return randomBytes(8).toString("hex");
}
