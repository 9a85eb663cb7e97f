import type { Arm } from "../../core/traffic-split.js";

/** How a router splits traffic now, read from the router itself. */
export interface Split {
  /** Share of the canary, basis points. */
  readonly bps: number;
  /** `null` where the router cannot tell, such as weights without buckets. */
  readonly salt: string | null;
  /** Changes with every change of the split, whoever made it; given back to `set`. */
  readonly version: string;
  /** What a restart of the router would make of it, where that is something else; `null`: nobody can read it. */
  readonly afterRestart?: Pick<Split, "bps" | "salt"> | null;
}

/** A model server. */
export interface ServerName {
  readonly url: string;
  readonly model: string | null;
}

/** What a router counted of an arm since it started. */
export interface ArmCounts {
  readonly arm: Arm;
  /** Whether the router would send traffic to it. */
  readonly isUp: boolean;
  readonly requests: number;
  /** Answers of 5xx, refused and cut connections. */
  readonly errors: number;
  /** Requests of this arm that the other one took, since this one was down: a dead arm hides behind them. */
  readonly redispatched: number;
}

/**
 * What moves traffic between the two arms of a service.
 *
 * Contract, held by `describeRouterContract`:
 * - `set` is absolute and idempotent: setting what is set changes nothing and succeeds.
 * - After `set` resolves, `get` gives that split, also after the router was restarted or reloaded.
 * - 0 sends nothing to the canary, 10,000 everything that names an id; in between a conversation stays where it is
 *   while the share rises (routers that are not sticky say so in `isSticky`).
 * - With `ifVersion`, a split that somebody changed since is left alone, and `set` throws `RouterError` of code
 *   `ROUTER_CONFLICT`; a router that cannot compare and swap reads before it writes.
 * - Every failure throws `RouterError`, naming router, what was tried and the next step. None is a success.
 */
export interface TrafficRouter {
  /** E.g. `haproxy`. */
  readonly kind: string;
  readonly isSticky: boolean;
  get(signal?: AbortSignal): Promise<Split>;
  /** @throws {RangeError} unless `bps` is an integer of 0 to 10,000 */
  set(
    target: { readonly bps: number; readonly salt: string; readonly ifVersion?: string },
    signal?: AbortSignal,
  ): Promise<Split>;
  /**
   * Lets requests under way end, sends no new ones until `set` gives the arm a share again. Idempotent. A router that
   * cannot but by the share refuses it (`ROUTER_REFUSED`), unless the share of the arm is 0 already.
   */
  drain(arm: Arm, signal?: AbortSignal): Promise<void>;
  /** @returns one row an arm; none where the router counts nothing */
  stats(signal?: AbortSignal): Promise<readonly ArmCounts[]>;
  /**
   * Where this router sends an id, for one that does not hash as `bucketOf` does. Absent: `armOf` of the core says it;
   * `null`: cannot be known beforehand, as of weights that are drawn for every request.
   */
  armFor?(split: { readonly bps: number; readonly salt: string }, id: string): Arm | null;
  /**
   * Proves to a router that its controller lives; one that is not told within its lease goes to 0 by itself. Absent from
   * routers that have no lease: `agentctl canary watchdog` is theirs.
   */
  renewLease?(ttlMs: number, signal?: AbortSignal): Promise<void>;
  /**
   * Makes the canary's address the stable one and the split 0, in this order. Idempotent: it is called again after a
   * crash. With `ifVersion`, a split that somebody changed since is left alone, as by `set`. Absent where that is the
   * platform's work.
   */
  promote?(target: { readonly ifVersion?: string }, signal?: AbortSignal): Promise<void>;
  /**
   * Undoes `promote`: the old server has stable's traffic again. Idempotent, and the share stays as it is. Of routers with
   * `promote`.
   *
   * @param stable - the server that is to take over, as the release names it
   * @throws {RouterError} `ROUTER_REFUSED` when the router knows another one as the stable one of before
   */
  demote?(stable: ServerName, signal?: AbortSignal): Promise<void>;
  /** Whether `promote` has taken effect, so that no share can bring the old version back. Of routers with `promote`. */
  isPromoted?(signal?: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}
