import { canonicalJson } from "../../core/hash.js";
import type { ToolArguments } from "../tools/tool.js";

/** Calls that are the same: one tool, equal arguments whatever their key order. */
export function sameCallKey(name: string, args: ToolArguments): string {
  return `${name}${canonicalJson(args)}`;
}

/**
 * Counts the failures and the successes of each call since something changed. A failure of another call in between
 * changes nothing, so two calls that fail in turn are both counted; nor does a successful read.
 */
export class CallCounts {
  private readonly failures: Map<string, number>;
  private readonly successes = new Map<string, number>();
  /** The last two different failing calls. */
  private recent: readonly string[] = [];

  /** @param failures - as {@link failureCounts} gave them, before a crash */
  constructor(failures: Iterable<readonly [string, number]> = []) {
    this.failures = new Map(failures);
  }

  /** @returns how often this call has failed now, 1 or more */
  addFailure(key: string): number {
    const count = this.failuresOf(key) + 1;
    this.failures.set(key, count);
    if (this.recent.at(-1) !== key) this.recent = [...this.recent.slice(-1), key];
    return count;
  }

  /** @param changesState - whether the call may have changed the world: what failed before may work now */
  addSuccess(key: string, changesState: boolean): number {
    this.failures.delete(key);
    if (changesState) {
      this.failures.clear();
      this.recent = [];
    }
    const count = this.successesOf(key) + 1;
    this.successes.set(key, count);
    return count;
  }

  failuresOf(key: string): number {
    return this.failures.get(key) ?? 0;
  }

  successesOf(key: string): number {
    return this.successes.get(key) ?? 0;
  }

  /** Whether this call and one other fail in turn, each at least twice. */
  alternates(key: string): boolean {
    const other = this.recent.find((one) => one !== key);
    return other !== undefined && this.failuresOf(other) > 1 && this.failuresOf(key) > 1;
  }

  failureCounts(): readonly (readonly [string, number])[] {
    return [...this.failures];
  }

  /** The user spoke: a new try may have a reason. */
  reset(): void {
    this.failures.clear();
    this.successes.clear();
    this.recent = [];
  }
}
